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
import { growing, growthIn } from "./amount.ts";
import { at, item } from "./cells.ts";
import type { Compiled, Loop } from "./compile.ts";
import { type Bounds, counterRange } from "./equal-state.ts";
import { type Footprint, fixedCells } from "./footprint.ts";
import { blank, type Picture, restore, take } from "./picture.ts";
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
import { runSymbolicParts } from "./symbolic.ts";
import { symbolicPicture } from "./symbolic-loop.ts";
import type { Interval, Symbols } from "./symbols.ts";
import { branch, jumpBranch } from "./trail.ts";

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

/** Called when the next picture is due. @returns how many iterations it skipped */
export function skipEqualDecisions(
  compiled: Compiled,
  state: State,
  loop: Loop,
  search: Search,
  done: number,
  bounds: Bounds,
): number {
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

const least = <T>(most: number, list: readonly T[], bound: (one: T) => number): number =>
  list.reduce((so, one) => Math.min(so, bound(one)), most);

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
  const goesOn = extrapolate(search.pictures, loop.footprint);
  if (goesOn === undefined) return 0;
  const wanted = least(Math.floor(left / period), goesOn, safeUntil);
  const perPeriod = (state.executed - search.executed) / (search.taken - 1);
  const symbols = load(compiled, state, loop, goesOn, wanted - 1, 16 * perPeriod + 64);
  const proven = runPeriod(symbols, loop, done, period) && endsWhereItGoesOn(symbols, loop, goesOn);
  state.symbolic += symbols.steps;
  if (!proven) return 0;
  const [from, to] = counterRange(compiled, loop);
  const counters = symbols.counters.slice(from, to);
  const exact = least(symbols.horizon.last + 1, counters, safeSumUntil);
  const periods = beforeWindow(exact, loop, goesOn, quietUntil);
  if (periods <= 0) return 0;
  if (state.trail !== undefined && symbols.branch !== undefined)
    jumpBranch(compiled, state.trail, state.heads, { ...symbols.branch, heads: symbols.heads }, periods);
  restore(compiled, state, loop.footprint, (index) => valueAt(item(goesOn, index), periods));
  counters.forEach((polynomial, index) => {
    state.counters[from + index] = at(state.counters, from + index) + sumUntil(polynomial, periods);
  });
  return periods;
}

/** The polynomials through the last three pictures, with m = 0 at the last; undefined when the fourth does not fit. */
function extrapolate(pictures: readonly Picture[], footprint: Footprint): Polynomial[] | undefined {
  const [a, b, c, d] = pictures;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  if (!sameForm(a, d, footprint) || !sameForm(b, d, footprint) || !sameForm(c, d, footprint))
    return undefined;
  for (let index = 0; index < d.length; index++) {
    const third = at(d.values, index) - at(a.values, index) - 3 * (at(c.values, index) - at(b.values, index));
    if (third !== 0) return undefined;
  }
  return Array.from(d.values.subarray(0, d.length), (v, index) => {
    const difference = v - at(c.values, index);
    const q = difference - (at(c.values, index) - at(b.values, index));
    return { v, d: difference + q, q };
  });
}

/** Whether their servers have the same numbers of busy intervals, so that equal entries mean equal things. */
function sameForm(a: Picture, b: Picture, { fixedEntries, servers }: Footprint): boolean {
  if (a.length !== b.length) return false;
  let count = fixedEntries;
  for (let left = servers.length; left > 0; left--) {
    if (at(a.values, count) !== at(b.values, count)) return false;
    count += 1 + 2 * at(a.values, count);
  }
  return true;
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
  const fixed = fixedCells(compiled.layout, state.heads, footprint);
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
    branch: state.trail && branch(compiled, state.trail, state.heads, footprint),
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
      symbols.occupancy[place] = { v: growing(occupancy, iteration), d: growthIn(occupancy, period), q: 0 };
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
  { footprint, unitLatency }: Loop,
  goesOn: readonly Polynomial[],
  quietUntil: number,
): number {
  const isQuiet = (periods: number) =>
    unitLatency.every((latency, index) => {
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
