/** The ops that take longest, and what bounds each: which unit, by its rate or its latency. */
import { boundText } from "../bound.ts";
import { percent } from "../human.ts";
import type { OpRow } from "../report.ts";
import { axisUnit } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { barLines, type Series, stackedBars } from "./frame.ts";
import { others, quietStyle, styleAt } from "./palette.ts";

const mostOps = 20;
const mostCauses = 7;

export const ops: RunChart = ({ report }) => {
  const byOp = merged(report.ops);
  const shown = [...byOp].sort(([, a], [, b]) => sum(b) - sum(a)).slice(0, mostOps);
  if (shown.length === 0) return [];
  const causes = new Map<string, number>();
  for (const [, times] of byOp)
    for (const [cause, seconds] of times) causes.set(cause, (causes.get(cause) ?? 0) + seconds);
  const ranked = [...causes].sort(([, a], [, b]) => b - a).map(([cause]) => cause);
  const own = ranked.length > mostCauses + 1 ? ranked.slice(0, mostCauses) : ranked;
  const rest = ranked.slice(own.length);
  const unit = axisUnit(
    shown.map(([, times]) => sum(times)),
    "s",
  );
  const series: readonly Series[] = [
    ...own.map((cause, index) => ({
      label: cause,
      values: shown.map(([, times]) => unit.of(times.get(cause) ?? 0)),
      style: styleAt(index),
    })),
    ...(rest.length === 0
      ? []
      : [
          {
            label: `${others} (${rest.length})`,
            values: shown.map(([, times]) =>
              unit.of(rest.reduce((all, cause) => all + (times.get(cause) ?? 0), 0)),
            ),
            style: quietStyle,
          },
        ]),
  ];
  const left = byOp.size - shown.length;
  return [
    {
      name: "ops",
      title: `What bounds the ops${left > 0 ? `: the ${mostOps} longest of ${byOp.size}` : ""}`,
      description: `The time by which each op moved the end of the run, all phases together, by what it went to: the rate of a unit (throughput) or its latency (pipeline, issue, flight). Most goes to ${ranked[0] ?? "nothing"}.`,
      lines: barLines(shown.length, series.length),
      config: stackedBars(
        shown.map(([op]) => op),
        series,
        `latency (${unit.unit})`,
        shown.map(([, times]) => percent(sum(times) / report.totals.latencySeconds)),
      ),
      data: {
        header: ["op", "boundBy", "latencySeconds"],
        rows: [...byOp].flatMap(([op, times]) => [...times].map(([cause, seconds]) => [op, cause, seconds])),
      },
    },
  ];
};

/** Seconds by cause of each op that took any, its phases together. */
function merged(rows: readonly OpRow[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const byOp = new Map<string, Map<string, number>>();
  for (const { op, latencySeconds, bounds } of rows) {
    if (latencySeconds === 0) continue;
    const times = byOp.get(op) ?? new Map<string, number>();
    byOp.set(op, times);
    for (const bound of bounds)
      if (bound.share > 0)
        times.set(boundText(bound), (times.get(boundText(bound)) ?? 0) + bound.share * latencySeconds);
  }
  return byOp;
}

const sum = (times: ReadonlyMap<string, number>): number =>
  [...times.values()].reduce((all, seconds) => all + seconds, 0);
