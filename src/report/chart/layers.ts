/** Where the time of a run goes: the blocks of each phase, by kind of op. */
import { duration, percent } from "../human.ts";
import { axisUnit } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { barLines, stackedBars } from "./frame.ts";
import { kindSeries, secondsByKind } from "./kind.ts";

/** More bars than these are shown as the longest of them. */
const most = 40;

export const layers: RunChart = ({ report: { layers, ops } }) => {
  const timed = layers.filter(({ latencySeconds }) => latencySeconds > 0);
  const longest = new Set(timed.toSorted((a, b) => b.latencySeconds - a.latencySeconds).slice(0, most));
  const shown = timed.filter((layer) => longest.has(layer));
  if (shown.length === 0) return [];
  const phases = new Set(shown.map(({ phase }) => phase));
  const byLayer = shown.map(({ phase, block }) =>
    secondsByKind(ops.filter((op) => op.phase === phase && op.block === block)),
  );
  const unit = axisUnit(
    shown.map(({ latencySeconds }) => latencySeconds),
    "s",
  );
  const series = kindSeries(byLayer, unit.of);
  const left = timed.length - shown.length;
  return [
    {
      name: "layers",
      title: `Latency by layer and kind of op${left > 0 ? `, the ${most} longest of ${timed.length} layers` : ""}`,
      description:
        "The time by which each layer moved the end of the run; all together are its latency. Layers that stand in the network several times are one bar.",
      lines: barLines(shown.length, series.length),
      config: stackedBars(
        shown.map(({ phase, block, times }) => {
          const name = times === 1 ? block : `${block} × ${times}`;
          return phases.size > 1 ? `${phase} ${name}` : name;
        }),
        series,
        `latency (${unit.unit})`,
        shown.map(({ latencySeconds, share }) => `${duration(latencySeconds)}, ${percent(share)}`),
      ),
      data: {
        header: ["phase", "layer", "times", "kind", "latencySeconds"],
        rows: shown.flatMap(({ phase, block, times }, index) =>
          [...(byLayer[index] ?? [])].map(([kind, seconds]) => [phase, block, times, kind, seconds]),
        ),
      },
    },
  ];
};
