/**
 * A timeline in the JSON that Perfetto (ui.perfetto.dev) and Chrome's tracing read: one process a device, one track a unit, one
 * slice for the time that a task occupies its unit. When its result is there, and since when it was ready, are in its arguments.
 * Beside them arrows from results to the tasks that they start, and counters.
 */
import type { Span } from "../engine/observer.ts";
import { titles } from "./perfetto.ts";
import type { Traced } from "./track.ts";

/** Times in microseconds, as the format has them. */
export type TraceEvent =
  | {
      readonly ph: "X";
      readonly name: string;
      readonly cat: string;
      readonly pid: number;
      readonly tid: number;
      readonly ts: number;
      readonly dur: number;
      readonly args: Readonly<Record<string, string | number>>;
    }
  | {
      readonly ph: "M";
      readonly name: "process_name" | "thread_name" | "thread_sort_index";
      readonly pid: number;
      readonly tid: number;
      readonly args: { readonly name: string } | { readonly sort_index: number };
    }
  | {
      readonly ph: "C";
      readonly name: string;
      readonly pid: number;
      readonly tid: number;
      readonly ts: number;
      readonly args: Readonly<Record<string, number>>;
    }
  | {
      readonly ph: "s" | "f";
      /** An arrow ends at the slice that begins at its time, not at the next one. */
      readonly bp?: "e";
      readonly id: number;
      readonly name: "result";
      readonly cat: "flow";
      readonly pid: number;
      readonly tid: number;
      readonly ts: number;
      readonly args: Readonly<Record<string, never>>;
    };

export interface Trace {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: "ns";
}

/**
 * @param units all units of the program by name, "device0.hbm.read", in the order of their tracks
 * @param traced the same spans, with their arrows and counters
 */
export function traceOf(
  spans: readonly Span[],
  units: readonly string[],
  tickRate: number,
  { slices: traced, counters }: Pick<Traced, "slices" | "counters"> = { slices: [], counters: [] },
): Trace {
  const tracks = new Map(units.map((name, index) => [name, trackOf(name, index)]));
  const micro = (ticks: number): number => Math.round(ticks * (1e9 / tickRate)) / 1e3;
  const slices = spans.map(({ task, ready, start, end, doneAt }): TraceEvent => {
    const { pid = 0, tid = 0 } = tracks.get(task.unit) ?? {};
    const dot = task.op.indexOf(".");
    return {
      ph: "X",
      name: task.op.slice(dot + 1),
      cat: dot < 0 ? "machine" : task.op.slice(0, dot),
      pid,
      tid,
      ts: micro(start),
      // Both ends are rounded to nanoseconds first: then slices that do not overlap in ticks do not overlap here.
      dur: Math.round((micro(end) - micro(start)) * 1e3) / 1e3,
      args: { task: task.id, readyMicroseconds: micro(ready), doneMicroseconds: micro(doneAt) },
    };
  });
  const at = (nanoseconds: number): number => nanoseconds / 1e3;
  const end = (slice: Traced["slices"][number] | undefined): Pick<Track, "pid" | "tid"> => {
    const { pid = 0, tid = 0 } = tracks.get(units[slice?.track ?? -1] ?? "") ?? {};
    return { pid, tid };
  };
  const arrow = { name: "result", cat: "flow", args: {} } as const;
  const arrows = traced.flatMap((slice, index): TraceEvent[] => {
    const source = slice.from === undefined ? undefined : traced[slice.from];
    if (source === undefined) return [];
    const id = index + 1;
    return [
      { ph: "s", id, ...arrow, ...end(source), ts: at(source.start) },
      { ph: "f", bp: "e", id, ...arrow, ...end(slice), ts: at(slice.start) },
    ];
  });
  const lines = counters.flatMap(({ device, name, unit, points }) =>
    points.map(
      (point): TraceEvent => ({
        ph: "C",
        name: `${name} ${titles[unit]}`,
        pid: processOf(device),
        tid: 0,
        ts: at(point.at),
        args: { [unit]: point.value },
      }),
    ),
  );
  const traceEvents = [...[...tracks.values()].flatMap(namesOf), ...slices, ...arrows, ...lines];
  return { traceEvents, displayTimeUnit: "ns" };
}

interface Track {
  readonly process: string;
  readonly thread: string;
  readonly pid: number;
  readonly tid: number;
}

/** Unit "hbm.read" of device 0 from "device0.hbm.read". Perfetto takes process 0 for the idle one; 1 is what no device owns. */
function trackOf(name: string, index: number): Track {
  const [, device = "", unit = name] = /^device(\d+)\.(.*)$/.exec(name) ?? [];
  return {
    process: device === "" ? "machine" : `device ${device}`,
    thread: unit,
    pid: processOf(device === "" ? undefined : Number(device)),
    tid: index + 1,
  };
}

const processOf = (device: number | undefined): number => (device === undefined ? 1 : device + 2);

const namesOf = ({ process, thread, pid, tid }: Track): readonly TraceEvent[] => [
  { ph: "M", name: "process_name", pid, tid, args: { name: process } },
  { ph: "M", name: "thread_name", pid, tid, args: { name: thread } },
  { ph: "M", name: "thread_sort_index", pid, tid, args: { sort_index: tid } },
];
