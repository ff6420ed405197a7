/** A window of a run as tracks, slices, arrows and counters: what the trace formats have in common. Times in whole nanoseconds. */
import { stepsAt } from "../amount.ts";
import type { PriceList } from "../energy/price.ts";
import type { Span } from "../engine/observer.ts";
import type { Amount, Task } from "../program.ts";
import type { MemoryRow } from "./report.ts";
import type { Window } from "./window.ts";

export interface Traced {
  readonly tracks: readonly Track[];
  /** In program order; on one track they do not overlap. */
  readonly slices: readonly Slice[];
  readonly counters: readonly Counter[];
}

/** A unit. */
export interface Track {
  /** Undefined: what no device owns. */
  readonly device: number | undefined;
  readonly name: string;
}

/** A task while it occupies its unit. */
export interface Slice {
  readonly track: number;
  /** "query" of "decoder.query". */
  readonly name: string;
  /** "decoder", or "machine" for what the network does not ask for. */
  readonly category: string;
  readonly task: string;
  readonly start: number;
  readonly end: number;
  /** From when it was ready to its start, and from its end to its result. */
  readonly queued: number;
  readonly latency: number;
  /** The slice whose result it started with; undefined when it waited for its unit or its dispatch. */
  readonly from: number | undefined;
}

export interface Counter {
  readonly device: number | undefined;
  /** "hbm" */
  readonly name: string;
  readonly unit: "B/s" | "B" | "W";
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

export interface Shown {
  readonly window: Window;
  readonly tickRate: number;
  readonly units: readonly string[];
  readonly prices: PriceList;
  readonly memories: readonly MemoryRow[];
}

export function tracedOf(spans: readonly Span[], shown: Shown): Traced {
  const { units, tickRate } = shown;
  const trackOf = new Map(units.map((name, index) => [name, index]));
  const nanos = (ticks: number): number => Math.round(ticks * (1e9 / tickRate));
  const starters = startersOf(spans);
  const slices = spans.map(({ task, ready, start, end, doneAt }, index): Slice => {
    const dot = task.op.indexOf(".");
    return {
      track: trackOf.get(task.unit) ?? 0,
      name: task.op.slice(dot + 1),
      category: dot < 0 ? "machine" : task.op.slice(0, dot),
      task: task.id,
      start: nanos(start),
      end: nanos(end),
      queued: nanos(start) - nanos(ready),
      latency: nanos(doneAt) - nanos(end),
      from: starters[index],
    };
  });
  return { tracks: units.map(deviceAndUnit), slices, counters: countersOf(spans, shown) };
}

/** Unit "hbm.read" of device 0 from "device0.hbm.read". */
export function deviceAndUnit(name: string): Track {
  const [, device, unit = name] = /^device(\d+)\.(.*)$/.exec(name) ?? [];
  return { device: device === undefined ? undefined : Number(device), name: unit };
}

/** By span, the one whose result it was waiting for last; of those the first in the order of `after`. */
function startersOf(spans: readonly Span[]): readonly (number | undefined)[] {
  const issued = new Map<string, number[]>();
  const freeAt = new Map<string, number>();
  return spans.map(({ task, ready, start, end }, index) => {
    const waited = start === ready && start > (freeAt.get(task.unit) ?? 0);
    const starter = waited
      ? task.after.map((each) => doneAtStart(idOf(each), start)).find(isThere)
      : undefined;
    freeAt.set(task.unit, end);
    const own = issued.get(task.id);
    if (own === undefined) issued.set(task.id, [index]);
    else own.push(index);
    return starter;
  });

  /** The latest instance of a task that was done at the time. Its done times ascend, so an earlier one ends the search. */
  function doneAtStart(id: string, time: number): number | undefined {
    const all = issued.get(id) ?? [];
    for (let at = all.length - 1; at >= 0; at--) {
      const index = all[at] ?? 0;
      const doneAt = spans[index]?.doneAt ?? 0;
      if (doneAt === time) return index;
      if (doneAt < time) return undefined;
    }
    return undefined;
  }
}

const isThere = (index: number | undefined): index is number => index !== undefined;

const idOf = (dependency: Task["after"][number]): string =>
  typeof dependency === "string" ? dependency : dependency.task;

/** Points of the lines of rates over the window. */
const bins = 1024;

function countersOf(
  spans: readonly Span[],
  { window, tickRate, prices, memories }: Shown,
): readonly Counter[] {
  const { from, to } = window;
  const width = Math.max(1, (to - from) / bins);
  const rates = new Map<string, { device: number | undefined; name: string; perBin: Float64Array }>();
  const watts = new Float64Array(bins);
  for (const span of spans) {
    const { device } = deviceAndUnit(span.task.unit);
    let joules = 0;
    for (const [action, amount] of Object.entries(span.task.counts)) {
      const count = countOf(amount, span);
      joules += count * (prices.actions.get(action) ?? 0);
      const [unit = "", what = ""] = action.split(".");
      if (!/bytes$/i.test(what)) continue;
      const key = `${device} ${unit}`;
      const line = rates.get(key) ?? { device, name: unit, perBin: new Float64Array(bins) };
      rates.set(key, line);
      spread(line.perBin, span, count, from, width);
    }
    spread(watts, span, joules, from, width);
  }
  const nanos = (ticks: number): number => Math.round(ticks * (1e9 / tickRate));
  const background = [...prices.backgroundWatts.values()].reduce(
    (sum, each) => sum + each,
    prices.staticWatts,
  );
  const line = (perBin: Float64Array, base: number): Counter["points"] =>
    changesOf(
      Array.from(perBin, (sum, bin) => ({
        at: nanos(from + bin * width),
        value: base + (sum * tickRate) / width,
      })),
    );
  const seconds = { from: from / tickRate, to: to / tickRate };
  return [
    ...[...rates.values()].map(
      ({ device, name, perBin }): Counter => ({ device, name, unit: "B/s", points: line(perBin, 0) }),
    ),
    ...memories
      .filter(({ levels }) => levels.length > 0)
      .map(
        ({ device, memory, levels }): Counter => ({
          device,
          name: memory,
          unit: "B",
          points: [
            { seconds: seconds.from, bytes: levelAt(levels, seconds.from) },
            ...levels.filter((level) => level.seconds > seconds.from && level.seconds < seconds.to),
            { seconds: seconds.to, bytes: levelAt(levels, seconds.to) },
          ].map((level) => ({ at: Math.round(level.seconds * 1e9), value: level.bytes })),
        }),
      ),
    { device: undefined, name: "power", unit: "W" as const, points: line(watts, background) },
  ].filter(({ points }) => points.length > 0);
}

/** Evenly over the time that it occupies its unit, or until its result where it occupies none. */
function spread(
  perBin: Float64Array,
  { start, end, doneAt }: Span,
  sum: number,
  from: number,
  width: number,
): void {
  if (sum === 0) return;
  const stop = end > start ? end : Math.max(doneAt, start + 1);
  const last = Math.min(bins - 1, Math.ceil((stop - from) / width) - 1);
  for (let bin = Math.max(0, Math.floor((start - from) / width)); bin <= last; bin++) {
    const overlap = Math.min(stop, from + (bin + 1) * width) - Math.max(start, from + bin * width);
    perBin[bin] = (perBin[bin] ?? 0) + (sum * Math.max(0, overlap)) / (stop - start);
  }
}

/** On the line through the points, which begins empty. */
function levelAt(levels: MemoryRow["levels"], seconds: number): number {
  const next = levels.findIndex((level) => level.seconds >= seconds);
  const after = levels[next] ?? levels.at(-1);
  const before = levels[next - 1] ?? { seconds: 0, bytes: 0 };
  if (after === undefined) return 0;
  const span = after.seconds - before.seconds;
  if (next < 0 || span <= 0) return after.bytes;
  return before.bytes + ((after.bytes - before.bytes) * (seconds - before.seconds)) / span;
}

/** Without points that say what the one before said. */
const changesOf = (points: Counter["points"]): Counter["points"] =>
  points.filter(({ value }, index) => index === 0 || value !== points[index - 1]?.value);

/**
 * What one execution counted. A span says how long it was, not in which iteration: of an amount that grows as the occupancy does, to within
 * the rounding of that; of any other that grows, the first.
 */
function countOf(amount: Amount, { task, occupancy }: Span): number {
  if (typeof amount === "number") return amount;
  const { occupancy: own } = task;
  const steps =
    typeof own === "number" || own.step === 0 || own.loop !== amount.loop
      ? stepsAt(amount, 0)
      : (occupancy * own.per - own.base) / own.step;
  return (amount.base + steps * amount.step) / amount.per;
}
