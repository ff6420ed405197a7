/**
 * A timeline in the JSON that Perfetto (ui.perfetto.dev) and Chrome's tracing read: one process a device, one track a unit, one
 * slice for the time that a task occupies its unit. When its result is there, and since when it was ready, are in its arguments.
 */
import type { Span } from "../engine/observer.ts";

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
    };

export interface Trace {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: "ns";
}

/** @param units all units of the program by name, "device0.hbm.read", in the order of their tracks */
export function traceOf(spans: readonly Span[], units: readonly string[], tickRate: number): Trace {
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
  return { traceEvents: [...[...tracks.values()].flatMap(namesOf), ...slices], displayTimeUnit: "ns" };
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
    pid: device === "" ? 1 : Number(device) + 2,
    tid: index + 1,
  };
}

const namesOf = ({ process, thread, pid, tid }: Track): readonly TraceEvent[] => [
  { ph: "M", name: "process_name", pid, tid, args: { name: process } },
  { ph: "M", name: "thread_name", pid, tid, args: { name: thread } },
  { ph: "M", name: "thread_sort_index", pid, tid, args: { sort_index: tid } },
];
