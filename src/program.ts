/**
 * The contract between dataflows and the engine: which unit does what, in which order, after what.
 * A Program is plain data. Program order is issue order; the engine's semantics are in docs/model.md.
 */
import type { Amount } from "./amount.ts";
import type { Ticks } from "./quantity.ts";

export type { Amount, Growing } from "./amount.ts";

export interface Program {
  readonly units: readonly Unit[];
  readonly servers: readonly Server[];
  readonly body: readonly Item[];
}

/** A functional unit: a queue that serves its tasks in program order, one at a time. */
export interface Unit {
  readonly name: string;
  /** Who dispatches to it; one per device. */
  readonly sequencer: string;
  /** How many of its tasks may wait, dispatched and not started, before the sequencer stalls. */
  readonly depth: number;
  /** The shared server that its tasks occupy (load and store queues of one memory). Absent: the unit is its own. */
  readonly server?: string;
}

/** What several units share; serves the request that is earliest in program order, tick by tick. Belongs to one sequencer. */
export interface Server {
  readonly name: string;
}

export type Item = Task | Repeat;

export interface Repeat {
  readonly kind: "repeat";
  /** Lets a task inside grow with this loop's iterations. Unique among the enclosing loops. */
  readonly name?: string;
  readonly times: number;
  readonly body: readonly Item[];
}

export interface Task {
  readonly kind: "task";
  /** Names the task in dependencies. The same id may stand at several places (prologue, kernel, epilogue). */
  readonly id: string;
  readonly unit: string;
  /** The op of the workload that it works for, e.g. "decoder.query". */
  readonly op: string;
  /** How long the unit (or its server) is taken. */
  readonly occupancy: Amount;
  /** Of the units in the program the one whose rate the occupancy is, where it is another's: a buffer's port that an array waits for. */
  readonly pacedBy?: string;
  /** From the end of the occupancy to the result. */
  readonly latency: Ticks;
  readonly after: readonly Dependency[];
  /** What one execution counts; the keys are actions such as "hbm.read.bytes", priced by energy/. */
  readonly counts: Readonly<Record<string, Amount>>;
  /** Memory taken when it starts (positive) or given back when it is done (negative), in bytes by memory. */
  readonly holds?: Readonly<Record<string, Amount>>;
}

/**
 * A task waits for the latest instance of the named task issued before it in program order (a plain string), for the one
 * `back` iterations ago (0 = this iteration), or for the `age`-th latest instance issued before (0 = the latest). Before
 * the first instance there is no wait.
 */
export type Dependency =
  | string
  | { readonly task: string; readonly back: number }
  | { readonly task: string; readonly age: number };

export const repeat = (times: number, body: readonly Item[], name?: string): Repeat =>
  name === undefined ? { kind: "repeat", times, body } : { kind: "repeat", times, body, name };

/**
 * A software pipeline over `times` tiles, in issue order: the next tile's first stage (its load) stands before the rest of
 * this tile, as hardware prefetches it. Each stage waits for the stage before it on the same tile; the first stage waits
 * until its buffer is free, that is until the second stage has done the tile `buffers` earlier. Pipelines that share task
 * ids share their buffers, also from one run of the pipeline to the next.
 * @param stages the tasks of one tile by stage, written as for a single tile: no dependency between stages
 * @param buffers 1: no prefetch; 2: double buffering
 */
export function pipeline(times: number, stages: readonly (readonly Task[])[], buffers = 2): readonly Item[] {
  const [load = [], compute = [], ...stores] = stages;
  if (times === 0) return [];
  // Ages count instances issued before: the prologue's load sees the last tile's compute, the kernel's the tile before it.
  const prologue = load.map((task) => waiting(task, compute, buffers - 1));
  const ahead = load.map((task) => waiting(task, compute, buffers - 2));
  const rest = (age: number): readonly Task[] => [
    ...compute.map((task) => waiting(task, load, age)),
    ...stores.flatMap((stage, index) =>
      stage.map((task) => waiting(task, index === 0 ? compute : (stores[index - 1] ?? []), 0)),
    ),
  ];
  if (buffers < 2) return [repeat(times, [...prologue, ...rest(0)])];
  const kernel = times > 1 ? [repeat(times - 1, [...ahead, ...rest(1)])] : [];
  return [...prologue, ...kernel, ...rest(0)];
}

const waiting = (task: Task, producers: readonly Task[], age: number): Task => ({
  ...task,
  after: [...task.after, ...producers.map(({ id }) => ({ task: id, age }))],
});
