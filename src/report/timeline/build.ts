/** Watches a run again, for a window of it, and keeps what the units of its first device did. */
import type { Span } from "../../engine/observer.ts";
import { run } from "../../engine/run.ts";
import type { Program } from "../../program.ts";
import { splitUnit } from "../fold.ts";
import { firstIterations } from "../window.ts";
import { layersOf } from "./layers.ts";
import { overviewOf } from "./overview.ts";
import { packSpans } from "./pack.ts";
import type { Stretch, Timeline, Track } from "./timeline.ts";

export interface Watched {
  readonly program: Program;
  readonly ticksPerSecond: number;
  /** Kind of op by its name. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Absent: the first two tokens of decode, or as much of the last other loop. In ticks. */
  readonly window?: Stretch;
  /** Tasks kept; the window ends before the one too many. */
  readonly most: number;
}

export function buildTimeline({ program, ticksPerSecond, kinds, window, most }: Watched): Timeline {
  const stats = run(program);
  const { finish } = stats;
  const asked = window ?? firstIterations(program, stats, 2);
  const spans: Span[] = [];
  let overflow = false;
  const onSpan = (span: Span): void => {
    if (!isFirst(span.task.unit) || span.end === span.start) return;
    if (spans.length < most) spans.push(span);
    else overflow = true;
  };
  run(program, { observer: { ...asked, onSpan } });
  const last = spans.at(-1);
  const to = overflow && last !== undefined ? last.start : asked.to;
  const kept = overflow ? spans.filter(({ start }) => start <= to) : spans;
  const names = [...new Set(kept.map(({ task }) => task.op))];
  const indices = new Map(names.map((name, index) => [name, index]));
  return {
    ticksPerSecond,
    finish,
    window: { from: asked.from, to },
    cut: overflow ? `the first ${most} tasks of the window` : "",
    ops: names.map((name) => ({ name, kind: kinds.get(name) ?? "machine" })),
    tracks: program.units.flatMap(({ name }) => trackOf(name, kept, indices)),
    layers: layersOf(kept),
    overview: overviewOf(program, stats, isFirst),
  };
}

const isFirst = (unit: string): boolean => splitUnit(unit).device === 0;

/** None where the unit has nothing to do in the window. */
function trackOf(
  name: string,
  spans: readonly Span[],
  indices: ReadonlyMap<string, number>,
): readonly Track[] {
  const own = spans.filter(({ task }) => task.unit === name).sort((a, b) => a.start - b.start);
  if (own.length === 0) return [];
  const packed = packSpans({
    starts: Float64Array.from(own, ({ start }) => start),
    ends: Float64Array.from(own, ({ end }) => end),
    ops: Uint16Array.from(own, ({ task }) => indices.get(task.op) ?? 0),
  });
  return [{ unit: splitUnit(name).unit, tasks: own.length, packed }];
}
