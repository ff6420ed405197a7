/** Spans of single tasks for a window of the run, for timelines. Stats never need them. */
import type { Task } from "../program.ts";
import { type Ticks, ticks } from "../quantity.ts";
import { item } from "./cells.ts";
import type { Compiled } from "./compile.ts";
import type { Watch } from "./step.ts";

export interface Observer {
  /** The window, in ticks: every task that is ready by `to` and done at or after `from` is shown. */
  readonly from: number;
  readonly to: number;
  /** Called in program order. */
  readonly onSpan: (span: Span) => void;
}

export interface Span {
  /** Index in `Stats.places`. */
  readonly place: number;
  readonly task: Task;
  readonly ready: Ticks;
  readonly start: Ticks;
  /** Without the ticks in which its server worked for older tasks. */
  readonly occupancy: Ticks;
  /** The unit is free again. */
  readonly end: Ticks;
  readonly doneAt: Ticks;
}

export const watching =
  ({ places }: Compiled, { from, to, onSpan }: Observer): Watch =>
  ({ place, ready, start, end, doneAt, contention }) => {
    if (ready <= to && doneAt >= from)
      onSpan({
        place,
        task: item(places, place).task,
        ready: ticks(ready),
        start: ticks(start),
        occupancy: ticks(end - start - contention),
        end: ticks(end),
        doneAt: ticks(doneAt),
      });
  };
