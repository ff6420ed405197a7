/**
 * The engine once more, on polynomials: executes a period of a loop for all m = 0 .. horizon at once. The same steps as
 * step.ts and busy.ts; every comparison shortens the horizon to where its outcome is the same, so that up to there every
 * period takes the same decisions and the polynomials are its exact times.
 */
import { growing } from "./amount.ts";
import { at, indexAt, item } from "./cells.ts";
import type { Loop, Part } from "./compile.ts";
import { counter } from "./layout.ts";
import { constant, greater, type Horizon, later, minus, type Polynomial, plus, zero } from "./polynomial.ts";
import { skipEqualStates } from "./symbolic-loop.ts";
import type { Interval, Symbols } from "./symbols.ts";
import { follow } from "./trail.ts";

/** @returns false when it gave up */
export function runSymbolicParts(symbols: Symbols, parts: readonly Part[]): boolean {
  return parts.every((part) => {
    if (part.kind === "run") return symbolicRun(symbols, part.from, part.to);
    return part.footprint.units.length === 0 || symbolicLoop(symbols, part);
  });
}

/** An inner loop, from its first iteration to its last. */
function symbolicLoop(symbols: Symbols, loop: Loop): boolean {
  const skipper = skipEqualStates(symbols, loop);
  for (let done = 0; done < loop.times; ) {
    for (const place of loop.growing) {
      const { occupancy } = item(symbols.compiled.places, place).task;
      if (typeof occupancy !== "number") symbols.occupancy[place] = constant(growing(occupancy, done));
    }
    if (!runSymbolicParts(symbols, loop.parts)) return false;
    done = skipper(done + 1);
  }
  return true;
}

function symbolicRun(symbols: Symbols, from: number, to: number): boolean {
  for (let place = from; place < to; place++) symbolicStep(symbols, place);
  symbols.steps += to - from;
  return symbols.steps <= symbols.mostSteps && symbols.horizon.last >= symbols.leastLast;
}

function symbolicStep(symbols: Symbols, place: number): void {
  const { cells, heads, horizon, compiled } = symbols;
  const { code, ring, depth, freeAt, register, registerLength, frontier } = compiled.layout;
  const unit = indexAt(code.unit, place);
  const sequencer = indexAt(code.sequencer, place);
  const head = indexAt(heads, unit);
  const oldest = indexAt(ring, unit) + head;
  const count = indexAt(code.counter, place);

  const before = item(cells, sequencer);
  const dispatch = later(before, item(cells, oldest), horizon);
  const dispatchedBy = dispatch === before ? sequencer : oldest;
  cells[sequencer] = dispatch;
  let ready = dispatch;
  let readyBy = dispatchedBy;
  let cause = count + counter.dispatch;
  const firstEdge = indexAt(code.edgeFrom, place);
  for (let edge = firstEdge; edge < indexAt(code.edgeFrom, place + 1); edge++) {
    const cell = indexAt(code.edges, edge);
    const doneAt = item(cells, cell);
    if (greater(doneAt, ready, horizon)) {
      ready = doneAt;
      readyBy = cell;
      cause = count + counter.edges + edge - firstEdge;
    }
  }

  const unitCell = indexAt(freeAt, unit);
  let start = item(cells, unitCell);
  let startedBy = unitCell;
  if (greater(ready, start, horizon)) {
    add(symbols, cause, minus(ready, start));
    start = ready;
    startedBy = readyBy;
  }
  cells[oldest] = start;
  heads[unit] = head + 1 === indexAt(depth, unit) ? 0 : head + 1;

  const occupancy = item(symbols.occupancy, place);
  const server = indexAt(code.server, place);
  let end = plus(start, occupancy);
  if (server >= 0) {
    const served = serveSymbolic(item(symbols.servers, server), start, occupancy, horizon);
    add(symbols, count + counter.contention, minus(served, end));
    end = served;
  }
  cells[unitCell] = end;

  const doneAt = plus(end, constant(at(symbols.compiled.latency, place)));
  const own = indexAt(code.register, place);
  const latest = indexAt(register, own);
  cells.copyWithin(latest + 1, latest, latest + indexAt(registerLength, own) - 1);
  cells[latest] = doneAt;

  const line = item(cells, frontier);
  const moves = greater(doneAt, line, horizon);
  if (moves) {
    const byOccupancy = greater(end, line, horizon) ? minus(end, line) : zero;
    add(symbols, count + counter.occupancy, byOccupancy);
    add(symbols, count + counter.latency, minus(minus(doneAt, line), byOccupancy));
    cells[frontier] = doneAt;
  }
  if (symbols.branch !== undefined) {
    const contention = minus(minus(end, start), occupancy);
    const followed = { place, queued: oldest, dispatchedBy, startedBy, occupancy, contention, moves };
    follow(compiled, symbols.branch.trail, followed);
  }
}

function add({ counters }: Symbols, index: number, amount: Polynomial): void {
  counters[index] = plus(item(counters, index), amount);
}

/** As `serve` in busy.ts, without forgetting what lies before the floor. */
function serveSymbolic(
  busy: Interval[],
  start: Polynomial,
  occupancy: Polynomial,
  horizon: Horizon,
): Polynomial {
  if (!greater(occupancy, zero, horizon)) return start;
  // Intervals ascend, so the last that ends before the start says the same of all before it.
  let first = busy.length;
  while (first > 0 && !greater(start, item(busy, first - 1).to, horizon)) first--;
  let last = first;
  let end = start;
  let left = occupancy;
  let merged = start;
  if (last < busy.length && !greater(item(busy, last).from, start, horizon)) {
    merged = item(busy, last).from;
    end = item(busy, last).to;
    last++;
  }
  while (last < busy.length && greater(plus(end, left), item(busy, last).from, horizon)) {
    left = minus(left, minus(item(busy, last).from, end));
    end = item(busy, last).to;
    last++;
  }
  end = plus(end, left);
  let mergedTo = end;
  // Not after, by the loop above; so if not before, it touches.
  if (last < busy.length && !greater(item(busy, last).from, end, horizon)) {
    mergedTo = item(busy, last).to;
    last++;
  }
  busy.splice(first, last - first, { from: merged, to: mergedTo });
  return end;
}
