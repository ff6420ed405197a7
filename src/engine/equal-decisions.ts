/**
 * Fast-forward, rule 2: equal decisions.
 *
 * Covers what rule 1 cannot: durations that grow with the iteration, parts that run at different rates, and long
 * transients. Four pictures, one period of iterations apart, suggest how every time of the state goes on as a polynomial
 * X(m) of the period's index m, with X(0) the present state. Then one period is executed on these polynomials (symbolic.ts),
 * which gives the state after it, E(m), and the last m up to which all its decisions are the same.
 *
 * If E(m) = X(m + 1) as polynomials, then by induction on m the true state after m + 1 periods is X(m + 1), for all m up to
 * the horizon: the present state is X(0), and a period that starts in X(m) takes the decisions of the symbolic one, so ends
 * in E(m) = X(m + 1). So horizon + 1 periods are skipped at once, and the counters grow by sums of polynomials. How X was
 * found takes no part in the proof.
 *
 * An amount ceil((base + i step) / per) is affine along every (per / gcd)-th iteration, so the period is a multiple of that.
 */
import { growing } from "./amount.ts";
import { at, item } from "./cells.ts";
import type { Compiled, Loop } from "./compile.ts";
import { type Bounds, counterRange } from "./equal-state.ts";
import { blank, fixedCells, type Picture, restore, take } from "./picture.ts";
import {
  constant,
  next,
  type Polynomial,
  safeSumUntil,
  safeUntil,
  same,
  sumUntil,
  valueAt,
  zero,
} from "./polynomial.ts";
import type { State } from "./state.ts";
import { type Interval, runSymbolicParts, type Symbols } from "./symbolic.ts";
import { symbolicPicture } from "./symbolic-loop.ts";

/** Looks for a period on which rule 2 applies, less and less often while it does not find one. */
export interface Search {
  readonly pictures: Picture[];
  /** Iterations between two pictures. */
  period: number;
  /** The number of iterations after which the next picture is due, and how many there are of this period. */
  due: number;
  taken: number;
  failures: number;
  /** Tasks executed when the first of these pictures was taken. */
  executed: number;
}

/** Periods in multiples of the loop's growth period, tried in turn. */
const multiples = [1, 2, 1, 3, 1, 4, 6, 1, 5, 12, 1, 8, 7, 9];
/** Pictures to try before a period is given up: a transient may hide it from the first ones. */
const patience = 7;
/** Fewer periods than this are not worth the proof. */
const fewest = 4;

export const newSearch = (): Search => ({
  pictures: [],
  period: 1,
  due: 0,
  taken: 0,
  failures: 0,
  executed: 0,
});

/** Loops that grow have no other rule; the others leave rule 1 some time to find its period. */
export function startSearch(search: Search, loop: Loop): void {
  search.period = loop.growthPeriod;
  search.due = loop.growing.length > 0 ? 1 : 12;
  search.taken = 0;
  search.failures = 0;
}

/** Called after each iteration. @returns how many iterations it skipped */
export function skipEqualDecisions(
  compiled: Compiled,
  state: State,
  loop: Loop,
  search: Search,
  done: number,
  bounds: Bounds,
): number {
  if (done < search.due) return 0;
  const { period } = search;
  if (bounds.left < (fewest + 1) * period) {
    search.due = Number.POSITIVE_INFINITY;
    return 0;
  }
  photograph(compiled, state, loop, search);
  const found = search.taken < 4 ? 0 : jump(compiled, state, loop, search, done, bounds);
  if (found < fewest && search.taken < patience && found === 0) search.due = done + period;
  else if (found >= fewest) restart(search, done + found * period, 0, loop);
  else restart(search, done + found * period, search.failures + 1, loop);
  return found * period;
}

function restart(search: Search, done: number, failures: number, loop: Loop): void {
  search.failures = failures;
  search.taken = 0;
  search.period = loop.growthPeriod * item(multiples, failures % multiples.length);
  search.due = done + (failures === 0 ? 1 : loop.growthPeriod * 4 * 2 ** failures);
}

function photograph(compiled: Compiled, state: State, loop: Loop, search: Search): void {
  if (search.taken === 0) search.executed = state.executed;
  const oldest = search.pictures.length < 4 ? blank() : (search.pictures.shift() ?? blank());
  take(compiled, state, loop.footprint, oldest);
  search.pictures.push(oldest);
  search.taken++;
}

/** @returns the number of periods skipped */
function jump(
  compiled: Compiled,
  state: State,
  loop: Loop,
  search: Search,
  done: number,
  { left, quietUntil }: Bounds,
): number {
  const { period } = search;
  const goesOn = extrapolate(
    search.pictures,
    loop,
    state,
    fixedCells(compiled, state, loop.footprint).length,
  );
  if (goesOn === undefined) return 0;
  const wanted = Math.min(Math.floor(left / period), ...goesOn.map(safeUntil));
  const perPeriod = (state.executed - search.executed) / (search.taken - 1);
  const symbols = load(compiled, state, loop, goesOn, wanted - 1, 16 * perPeriod + 64);
  const proven = runPeriod(symbols, loop, done, period) && endsWhereItGoesOn(symbols, loop, goesOn);
  state.symbolic += symbols.steps;
  if (!proven) return 0;
  const [from, to] = counterRange(compiled, loop);
  const counters = symbols.counters.slice(from, to);
  const periods = beforeWindow(
    Math.min(symbols.horizon.last + 1, ...counters.map(safeSumUntil)),
    loop,
    goesOn,
    quietUntil,
  );
  if (periods <= 0) return 0;
  restore(compiled, state, loop.footprint, (index) => valueAt(item(goesOn, index), periods));
  counters.forEach((polynomial, index) => {
    state.counters[from + index] = at(state.counters, from + index) + sumUntil(polynomial, periods);
  });
  return periods;
}

/** The polynomials through the last three pictures, with m = 0 at the last; undefined when the fourth does not fit. */
function extrapolate(
  pictures: readonly Picture[],
  { footprint }: Loop,
  state: State,
  fixed: number,
): Polynomial[] | undefined {
  const [a, b, c, d] = pictures;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  if (a.length !== d.length || b.length !== d.length || c.length !== d.length) return undefined;
  const found: Polynomial[] = [];
  for (let index = 0; index < d.length; index++) {
    const now = at(d.values, index);
    const first = now - at(c.values, index);
    const second = first - (at(c.values, index) - at(b.values, index));
    if (at(c.values, index) - 2 * at(b.values, index) + at(a.values, index) !== second) return undefined;
    found.push({ v: now, d: first + second, q: second });
  }
  // The number of a server's busy intervals is no time: it must not change.
  let count = fixed;
  for (const server of footprint.servers) {
    const { v, d: change, q } = item(found, count);
    if (change !== 0 || q !== 0) return undefined;
    count += 1 + 2 * v;
    if (v !== item(state.servers, server).count) return undefined;
  }
  return found;
}

/** The symbolic state X: what the loop reads and writes, and nothing else. */
function load(
  compiled: Compiled,
  state: State,
  loop: Loop,
  goesOn: readonly Polynomial[],
  last: number,
  mostSteps: number,
): Symbols {
  const { footprint } = loop;
  const cells = new Array<Polynomial>(state.cells.length);
  for (const cell of footprint.read) cells[cell] = constant(at(state.cells, cell));
  const fixed = fixedCells(compiled, state, footprint);
  fixed.forEach((cell, index) => {
    cells[cell] = item(goesOn, index);
  });
  const servers: Interval[][] = state.servers.map(() => []);
  let entry = fixed.length;
  for (const server of footprint.servers) {
    const { count } = item(state.servers, server);
    servers[server] = Array.from({ length: count }, (_, interval) => ({
      from: item(goesOn, entry + 1 + 2 * interval),
      to: item(goesOn, entry + 2 + 2 * interval),
    }));
    entry += 1 + 2 * count;
  }
  const occupancy = new Array<Polynomial>(loop.to);
  for (let place = loop.from; place < loop.to; place++)
    occupancy[place] = constant(at(state.occupancy, place));
  const [from, to] = counterRange(compiled, loop);
  const counters = new Array<Polynomial>(to).fill(zero, from, to);
  const heads = state.heads.slice();
  const horizon = { last };
  return {
    compiled,
    cells,
    heads,
    servers,
    occupancy,
    counters,
    horizon,
    steps: 0,
    mostSteps,
    leastLast: fewest - 1,
  };
}

/** @returns false when it gave up */
function runPeriod(symbols: Symbols, loop: Loop, done: number, period: number): boolean {
  for (let iteration = done; iteration < done + period; iteration++) {
    for (const place of loop.growing) {
      const { occupancy } = item(symbols.compiled.places, place).task;
      if (typeof occupancy === "number") continue;
      const { step, per } = occupancy;
      symbols.occupancy[place] = { v: growing(occupancy, iteration), d: (period * step) / per, q: 0 };
    }
    if (!runSymbolicParts(symbols, loop.parts)) return false;
  }
  return true;
}

/** Whether E(m) = X(m + 1). */
function endsWhereItGoesOn(symbols: Symbols, loop: Loop, goesOn: readonly Polynomial[]): boolean {
  const { fixed, servers } = symbolicPicture(symbols, loop, symbols.horizon);
  const end = [
    item(symbols.cells, symbols.compiled.layout.frontier),
    ...fixed,
    ...servers.flatMap((busy) => [constant(busy.length), ...busy.flatMap(({ from, to }) => [from, to])]),
  ];
  return (
    symbols.horizon.last >= fewest - 1 &&
    end.length === goesOn.length &&
    end.every((polynomial, index) => same(polynomial, next(item(goesOn, index))))
  );
}

/** The most periods, up to `most`, in which no task is done at or after `quietUntil`. */
function beforeWindow(
  most: number,
  { footprint }: Loop,
  goesOn: readonly Polynomial[],
  quietUntil: number,
): number {
  const isQuiet = (periods: number) =>
    footprint.unitLatency.every((latency, index) => {
      const freeAt = item(goesOn, 1 + footprint.sequencers.length + index);
      return valueAt(freeAt, periods) + latency < quietUntil;
    });
  if (quietUntil === Number.POSITIVE_INFINITY || isQuiet(most)) return most;
  let quiet = 0;
  let loud = most;
  while (loud - quiet > 1) {
    const middle = Math.floor((quiet + loud) / 2);
    if (isQuiet(middle)) quiet = middle;
    else loud = middle;
  }
  return quiet;
}
