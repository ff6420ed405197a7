/**
 * What a run's latency is made of: the chain of tasks, each started by the one before it, that ends with the last result.
 * Exact, and exact under fast-forward (docs/engine.md).
 */
import type { Program, Task } from "../program.ts";
import { type Ticks, ticks } from "../quantity.ts";
import { at, indexAt, item } from "./cells.ts";
import { type Compiled, compile } from "./compile.ts";
import { execute } from "./run.ts";
import type { Amount, Path, Step } from "./trail.ts";
import { cause, causes, passJump, sumOfPath } from "./trail-sum.ts";

export interface CriticalPath {
  readonly finish: Ticks;
  /** One for each place in the program's text, as in Stats. All of them together give `finish` exactly. */
  readonly places: readonly PathTicks[];
  /** The part of it in the window that was asked for, in the order of time. */
  readonly chain: readonly Link[];
}

/** Ticks that the tasks of a place are on the path. */
export interface PathTicks {
  readonly task: Task;
  /** Its occupancy, where the unit's next task waited for the unit. */
  readonly rate: number;
  /** Its occupancy, where another task waited for its result. */
  readonly result: number;
  /** Until that result was there. */
  readonly latency: number;
  /** Its server worked for older tasks. */
  readonly contention: number;
}

/** A task on the path, from its start to the moment at which the next one starts. */
export interface Link extends PathTicks {
  /** Index in `places`. */
  readonly place: number;
  readonly start: Ticks;
  /** What it waited for last: the unit, its dispatch, or the result of the task before it. */
  readonly after: "unit" | "dispatch" | "result";
}

/** In ticks. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface PathOptions {
  readonly fastForward?: boolean;
  /** Absent: no chain. */
  readonly window?: Window;
}

/** @throws Error when the program is not well formed, or when the run passes 2^53 ticks. */
export function criticalPath(
  program: Program,
  { fastForward = true, window }: PathOptions = {},
): CriticalPath {
  const compiled = compile(program);
  const { state } = execute(compiled, {
    fastForward,
    trailed: true,
    ...(window === undefined ? {} : { observer: { ...window, onSpan: () => undefined } }),
  });
  const { frontier } = compiled.layout;
  const finish = at(state.cells, frontier);
  const path = state.trail?.paths[frontier];
  if (path === undefined) throw new Error("the run kept no trail");
  const sums = sumOfPath(path, compiled.latency);
  const places = compiled.places.map(({ task }, place): PathTicks => {
    const of = (which: number): number => sums.get(place * causes + which) ?? 0;
    return {
      task,
      rate: of(cause.rate),
      result: of(cause.result),
      latency: of(cause.latency),
      contention: of(cause.contention),
    };
  });
  const total = places.reduce(
    (sum, { rate, result, latency, contention }) => sum + rate + result + latency + contention,
    0,
  );
  if (total !== finish)
    throw new Error(`the critical path has ${total} of ${finish} ticks: a bug of the engine`);
  return {
    finish: ticks(finish),
    places,
    chain: window === undefined ? [] : chainOf(compiled, path, finish, window),
  };
}

/** Backwards from the path's end; what fast-forward skipped lies outside of the window. */
function chainOf(compiled: Compiled, path: Path, finish: number, { from, to }: Window): readonly Link[] {
  const { latency } = compiled;
  const chain: Link[] = [];
  for (let step = path, time = finish; step.kind !== "origin" && time > from; ) {
    if (step.kind === "jump") {
      const { ticks, before } = passJump(step, latency);
      time -= ticks;
      step = before;
    } else {
      if (step.kind === "step") {
        const link = linkOf(compiled, step, time);
        if (link.start <= to) chain.push(link);
        time = link.start;
      }
      step = step.before;
    }
  }
  return chain.reverse();
}

function linkOf({ places, layout, latency: latencies }: Compiled, step: Step, end: number): Link {
  const { place, startedBy, result } = step;
  const occupancy = numberOf(step.occupancy);
  const contention = numberOf(step.contention);
  const latency = result ? at(latencies, place) : 0;
  const unit = indexAt(layout.freeAt, indexAt(layout.code.unit, place));
  const isDispatch = startedBy < layout.frontier || startedBy >= indexAt(layout.ring, 0);
  return {
    task: item(places, place).task,
    place,
    start: ticks(end - occupancy - contention - latency),
    after: startedBy === unit ? "unit" : isDispatch ? "dispatch" : "result",
    rate: result ? 0 : occupancy,
    result: result ? occupancy : 0,
    latency,
    contention,
  };
}

const numberOf = (amount: Amount): number => (typeof amount === "number" ? amount : amount.v);
