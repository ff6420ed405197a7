/** Timelines of the runs of a plan for a page, together not larger than a page bears. */
import type { Plan, PlannedRun } from "../config/plan.ts";
import type { RunResult } from "../report/report.ts";
import { buildTimeline } from "../report/timeline/build.ts";
import type { Timeline } from "../report/timeline/timeline.ts";
import { opsOf } from "../workload/graph.ts";
import type { Window } from "./trace-run.ts";

/** Tasks of all runs together, at about four bytes each; of a window that was asked for. */
const mostTasks = { together: 100_000, asked: 400_000 };

/** Of more runs than these, only the detailed one is watched. */
const mostRuns = 12;

/** @param detailed the run that `window`, in seconds, is about */
export function timelinesOf(
  { runs }: Plan,
  results: readonly RunResult[],
  detailed: string | undefined,
  window: Window | undefined,
): Readonly<Record<string, Timeline>> {
  const fitting = runs.filter((_, index) => results[index]?.result.status === "done");
  const done = fitting.length > mostRuns ? fitting.filter(({ name }) => name === detailed) : fitting;
  const share = Math.floor(mostTasks.together / Math.max(1, done.length));
  return Object.fromEntries(
    done.map((planned) => {
      const asked = planned.name === detailed ? window : undefined;
      return [planned.name, timelineOf(planned, asked === undefined ? share : mostTasks.asked, asked)];
    }),
  );
}

function timelineOf({ machine, workload }: PlannedRun, most: number, window: Window | undefined): Timeline {
  const { hardware, dataflow } = machine;
  const { tickRate } = hardware;
  return buildTimeline({
    program: dataflow.lower(hardware, workload),
    ticksPerSecond: tickRate,
    kinds: new Map(opsOf(workload).map(({ name, op }) => [name, op.kind])),
    ...(window === undefined
      ? {}
      : { window: { from: Math.round(window.from * tickRate), to: Math.round(window.to * tickRate) } }),
    most,
  });
}
