/** The critical path of an explained run: which op's time on which unit it is made of. */
import { percent } from "../human.ts";
import { axisUnit } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { barLines, type Series, stackedBars } from "./frame.ts";
import { others, quietStyle, styleAt } from "./palette.ts";

const mostOps = 16;
const mostCauses = 7;

export const criticalPath: RunChart = ({ explanation }) => {
  if (explanation === undefined || explanation.path.length === 0) return [];
  const { path, latencyTicks, ticksPerSecond } = explanation;
  const byOp = new Map<string, Map<string, number>>();
  const causes = new Map<string, number>();
  for (const { op, unit, cause, ticks } of path) {
    const own = byOp.get(op) ?? new Map<string, number>();
    byOp.set(op, own);
    const key = `${unit} ${cause}`;
    own.set(key, (own.get(key) ?? 0) + ticks);
    causes.set(key, (causes.get(key) ?? 0) + ticks);
  }
  const shown = [...byOp].sort(([, a], [, b]) => sum(b) - sum(a)).slice(0, mostOps);
  const ranked = [...causes].sort(([, a], [, b]) => b - a).map(([cause]) => cause);
  const own = ranked.slice(0, ranked.length > mostCauses + 1 ? mostCauses : ranked.length);
  const rest = ranked.slice(own.length);
  const unit = axisUnit(
    shown.map(([, ticks]) => sum(ticks) / ticksPerSecond),
    "s",
  );
  const of = (ticks: number): number => unit.of(ticks / ticksPerSecond);
  const series: readonly Series[] = [
    ...own.map((cause, index) => ({
      label: cause,
      values: shown.map(([, ticks]) => of(ticks.get(cause) ?? 0)),
      style: styleAt(index),
    })),
    ...(rest.length === 0
      ? []
      : [
          {
            label: `${others} (${rest.length})`,
            values: shown.map(([, ticks]) =>
              of(rest.reduce((all, cause) => all + (ticks.get(cause) ?? 0), 0)),
            ),
            style: quietStyle,
          },
        ]),
  ];
  const left = byOp.size - shown.length;
  return [
    {
      name: "critical-path",
      title: `Critical path${left > 0 ? `: the ${mostOps} ops with most of it, of ${byOp.size}` : ""}`,
      description: `The chain of tasks that the latency is made of, by op, unit and cause; all together are the latency. Most is ${ranked[0] ?? "nothing"}.`,
      lines: barLines(shown.length, series.length),
      config: stackedBars(
        shown.map(([op]) => op),
        series,
        `on the critical path (${unit.unit})`,
        shown.map(([, ticks]) => percent(sum(ticks) / latencyTicks)),
      ),
      data: {
        header: ["phase", "op", "unit", "cause", "seconds"],
        rows: path.map(({ phase, op, unit, cause, ticks }) => [
          phase,
          op,
          unit,
          cause,
          ticks / ticksPerSecond,
        ]),
      },
    },
  ];
};

const sum = (ticks: ReadonlyMap<string, number>): number =>
  [...ticks.values()].reduce((all, each) => all + each, 0);
