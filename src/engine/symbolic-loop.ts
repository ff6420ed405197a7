/**
 * Rule 1 on polynomials: an inner loop whose symbolic state repeats, later by a polynomial D, is skipped to its end. All
 * differences that its iterations compare are then the same polynomials as before, so their outcomes hold just as long.
 */
import { indexAt, item, numberAt } from "./cells.ts";
import type { Loop } from "./compile.ts";
import { counterRange } from "./equal-state.ts";
import {
  constant,
  greater,
  type Horizon,
  later,
  minus,
  type Polynomial,
  plus,
  same,
  scaled,
  zero,
} from "./polynomial.ts";
import type { Interval, Symbols } from "./symbols.ts";
import { jump, type Marks, mark } from "./trail.ts";

/** What a picture is for the numbers, see picture.ts. */
export interface SymbolicPicture {
  readonly fixed: readonly Polynomial[];
  readonly servers: readonly (readonly Interval[])[];
}

interface Reference {
  readonly done: number;
  readonly picture: SymbolicPicture;
  readonly frontier: Polynomial;
  readonly counters: readonly Polynomial[];
  /** How far the decisions made for the picture hold. */
  readonly horizon: Horizon;
  /** Of a run with a trail. */
  readonly marks: Marks | undefined;
}

/** Called with the number of iterations done, returns the number done after skipping. */
export function skipEqualStates(symbols: Symbols, loop: Loop): (done: number) => number {
  let reference: Reference | undefined;
  let window = 1;
  // After a skip less than a period is left.
  let finished = loop.growing.length > 0 || loop.times < 3;
  return (done) => {
    if (finished) return done;
    const skipped = reference === undefined ? 0 : skipSince(reference, symbols, loop, done);
    if (skipped > 0) {
      finished = true;
      return done + skipped;
    }
    if (reference === undefined || done === reference.done + window) {
      window = reference === undefined ? 1 : window * 2;
      reference = remember(symbols, loop, done);
    }
    return done;
  };
}

/** The canonical picture; its decisions shorten the given horizon only. */
export function symbolicPicture(
  { cells, heads, servers, compiled }: Symbols,
  { footprint }: Loop,
  horizon: Horizon,
): SymbolicPicture {
  const { ring, depth } = compiled.layout;
  const fixed: Polynomial[] = [];
  for (const cell of footprint.sequencers) fixed.push(item(cells, cell));
  for (const cell of footprint.written) fixed.push(item(cells, cell));
  footprint.units.forEach((unit, index) => {
    const floor = item(cells, numberAt(footprint.unitSequencer, index));
    const length = indexAt(depth, unit);
    for (let entry = 0; entry < length; entry++) {
      const start = item(cells, indexAt(ring, unit) + ((indexAt(heads, unit) + entry) % length));
      fixed.push(later(floor, start, horizon));
    }
  });
  const trimmed = Array.from(footprint.servers, (server, index) => {
    const floor = item(cells, numberAt(footprint.serverSequencer, index));
    const busy = item(servers, server);
    let first = busy.length;
    while (first > 0 && greater(item(busy, first - 1).to, floor, horizon)) first--;
    return busy.slice(first).map(({ from, to }) => ({ from: later(floor, from, horizon), to }));
  });
  return { fixed, servers: trimmed };
}

function remember(symbols: Symbols, loop: Loop, done: number): Reference {
  const { cells, counters, compiled } = symbols;
  const horizon = { last: symbols.horizon.last };
  return {
    done,
    horizon,
    picture: symbolicPicture(symbols, loop, horizon),
    frontier: item(cells, compiled.layout.frontier),
    counters: counters.slice(...counterRange(compiled, loop)),
    marks: symbols.branch && mark(compiled, symbols.branch.trail, symbols.heads, loop.footprint),
  };
}

/** How many iterations were skipped. */
function skipSince(reference: Reference, symbols: Symbols, loop: Loop, done: number): number {
  const { cells, compiled, horizon } = symbols;
  const { layout } = compiled;
  const holds = { last: Math.min(horizon.last, reference.horizon.last) };
  const now = symbolicPicture(symbols, loop, holds);
  const delta = lateness(now, reference.picture);
  if (delta === undefined) return 0;
  const period = done - reference.done;
  const periods = Math.floor((loop.times - done) / period);
  const shift = scaled(periods, delta);
  const frontier = item(cells, layout.frontier);
  const moved = minus(frontier, reference.frontier);
  const stood = same(moved, zero);
  if (!stood && !same(moved, delta)) return 0;
  if (stood && greater(plus(latestDone(symbols, loop, holds), shift), frontier, holds)) return 0;
  horizon.last = holds.last;
  move(symbols, loop, shift);
  if (!stood) cells[layout.frontier] = plus(frontier, shift);
  if (symbols.branch !== undefined && reference.marks !== undefined)
    jump(compiled, symbols.branch.trail, symbols.heads, reference.marks, periods);
  const [from] = counterRange(compiled, loop);
  reference.counters.forEach((before, index) => {
    const count = item(symbols.counters, from + index);
    symbols.counters[from + index] = plus(count, scaled(periods, minus(count, before)));
  });
  return periods * period;
}

function lateness(now: SymbolicPicture, before: SymbolicPicture): Polynomial | undefined {
  const delta = minus(item(now.fixed, 0), item(before.fixed, 0));
  const isLater = (a: Polynomial, b: Polynomial | undefined) => b !== undefined && same(minus(a, b), delta);
  const equal =
    now.fixed.every((value, index) => isLater(value, before.fixed[index])) &&
    now.servers.every((busy, server) => {
      const other = item(before.servers, server);
      return (
        busy.length === other.length &&
        busy.every(
          ({ from, to }, index) => isLater(from, other[index]?.from) && isLater(to, other[index]?.to),
        )
      );
    });
  return equal ? delta : undefined;
}

function latestDone({ cells }: Symbols, { footprint, unitLatency }: Loop, horizon: Horizon): Polynomial {
  return Array.from(footprint.unitFreeAt, (cell, index) =>
    plus(item(cells, cell), constant(unitLatency[index] ?? 0)),
  ).reduce((a, b) => later(a, b, horizon));
}

function move({ cells, servers, compiled }: Symbols, { footprint }: Loop, by: Polynomial): void {
  const { ring } = compiled.layout;
  const moveCell = (cell: number) => {
    cells[cell] = plus(item(cells, cell), by);
  };
  footprint.sequencers.forEach(moveCell);
  footprint.written.forEach(moveCell);
  for (const unit of footprint.units)
    for (let cell = indexAt(ring, unit); cell < indexAt(ring, unit + 1); cell++) moveCell(cell);
  for (const server of footprint.servers)
    servers[server] = item(servers, server).map(({ from, to }) => ({
      from: plus(from, by),
      to: plus(to, by),
    }));
}
