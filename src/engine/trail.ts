/**
 * How every time of the state came about: beside each cell its path, the chain of tasks back to the begin of the run whose
 * occupancies, latencies and contention add up to the cell's time. A start is the latest of a few times and so takes the
 * path of the winner; everything else adds a task to it. Kept only where a run is asked for its critical path.
 *
 * Fast-forward skips periods that all take the decisions of one that was executed, so their paths are that period's
 * with other ends. Marks on all cells at its begin tell which cell each path goes on from; a jump is the same segments over
 * and over, from cell to cell, and is summed in closed form (trail-sum.ts).
 */
import { indexAt, item } from "./cells.ts";
import type { Compiled } from "./compile.ts";
import { type Footprint, fixedCells } from "./footprint.ts";
import type { Polynomial } from "./polynomial.ts";

export type Path = Origin | Step | Mark | Jump;

/** Tick 0. */
interface Origin {
  readonly kind: "origin";
}

/** A task behind what it waited for last. */
export interface Step {
  readonly kind: "step";
  readonly before: Path;
  readonly place: number;
  /** The cell that its start came from. */
  readonly startedBy: number;
  /** Whether the path goes on from its result (latency included) or from the moment when its unit was free again. */
  readonly result: boolean;
  readonly occupancy: Amount;
  readonly contention: Amount;
}

/** Ticks; in a period that is executed on polynomials, by the period's index. */
export type Amount = number | Polynomial;

/** Where a period began. */
export interface Mark {
  readonly kind: "mark";
  readonly before: Path;
  readonly of: Marks;
  readonly entry: number;
}

/** Tells the marks of one moment from all others; their entries are those of the loop's picture. */
export interface Marks {
  readonly footprint: Footprint;
}

/** `skipped.periods` periods, seen from one of the entries after them. */
export interface Jump {
  readonly kind: "jump";
  readonly skipped: Skipped;
  readonly entry: number;
}

export interface Skipped {
  readonly marks: Marks;
  readonly periods: number;
  /** Whether the period's amounts are polynomials in its index, or the same in each. */
  readonly grows: boolean;
  /** By entry: the path from the begin of the executed period to its end, and the path to where the jump begins. */
  readonly ends: readonly Path[];
  readonly begins: readonly Path[];
}

/** Paths by cell. */
export interface Trail {
  readonly paths: Path[];
}

/** The trail of a period that is executed on polynomials, and where it began. */
export interface Branch {
  readonly trail: Trail;
  readonly marks: Marks;
}

/** A task that was executed, and the cells that its times came from. */
export interface Followed {
  readonly place: number;
  /** The queue entry that its start takes the place of. */
  readonly queued: number;
  readonly dispatchedBy: number;
  readonly startedBy: number;
  readonly occupancy: Amount;
  readonly contention: Amount;
  /** Whether it moved the frontier. */
  readonly moves: boolean;
}

const origin: Origin = { kind: "origin" };

export const newTrail = ({ layout }: Compiled): Trail => ({
  paths: Array.from({ length: layout.size }, () => origin),
});

export function follow({ layout }: Compiled, { paths }: Trail, task: Followed): void {
  const { code, freeAt, register, registerLength } = layout;
  const { place, queued, dispatchedBy, startedBy, occupancy, contention } = task;
  paths[indexAt(code.sequencer, place)] = item(paths, dispatchedBy);
  const before = item(paths, startedBy);
  const step = { kind: "step", before, place, startedBy, occupancy, contention } as const;
  const done: Step = { ...step, result: true };
  paths[queued] = before;
  paths[indexAt(freeAt, indexAt(code.unit, place))] = { ...step, result: false };
  const own = indexAt(code.register, place);
  const latest = indexAt(register, own);
  paths.copyWithin(latest + 1, latest, latest + indexAt(registerLength, own) - 1);
  paths[latest] = done;
  if (task.moves) paths[layout.frontier] = done;
}

/** Marks where the paths of all that the loop writes stand now. */
export function mark(compiled: Compiled, trail: Trail, heads: Int32Array, footprint: Footprint): Marks {
  const marks: Marks = { footprint };
  fixedCells(compiled.layout, heads, footprint).forEach((cell, entry) => {
    trail.paths[cell] = { kind: "mark", before: item(trail.paths, cell), of: marks, entry };
  });
  return marks;
}

/** Skips periods like the one since the marks, which stands in the trail. */
export function jump(
  compiled: Compiled,
  trail: Trail,
  heads: Int32Array,
  marks: Marks,
  periods: number,
): void {
  const cells = fixedCells(compiled.layout, heads, marks.footprint);
  const begins = cells.map((cell) => item(trail.paths, cell));
  const skipped = { marks, periods, grows: false, ends: begins, begins };
  cells.forEach((cell, entry) => {
    trail.paths[cell] = { kind: "jump", skipped, entry };
  });
}

/** For one period on polynomials from here. */
export function branch(compiled: Compiled, trail: Trail, heads: Int32Array, footprint: Footprint): Branch {
  const symbolic = { paths: trail.paths.slice() };
  return { trail: symbolic, marks: mark(compiled, symbolic, heads, footprint) };
}

/** Skips periods like the one on polynomials, which ended with other heads of the queues. */
export function jumpBranch(
  compiled: Compiled,
  trail: Trail,
  heads: Int32Array,
  end: Branch & { readonly heads: Int32Array },
  periods: number,
): void {
  const { marks } = end;
  const cells = fixedCells(compiled.layout, heads, marks.footprint);
  const begins = cells.map((cell) => item(trail.paths, cell));
  const ends = fixedCells(compiled.layout, end.heads, marks.footprint).map((cell) =>
    item(end.trail.paths, cell),
  );
  const skipped = { marks, periods, grows: true, ends, begins };
  cells.forEach((cell, entry) => {
    trail.paths[cell] = { kind: "jump", skipped, entry };
  });
}
