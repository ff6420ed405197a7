/** How full each memory is over the run. */
import { percent } from "../human.ts";
import { axisUnit, percents } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { lineOf, titled } from "./frame.ts";
import { styleAt } from "./palette.ts";

export const capacity: RunChart = ({ report: { memories, totals, provenance } }) => {
  const shown = memories.filter(({ device, levels }) => device === 0 && levels.length > 0);
  if (shown.length === 0) return [];
  const time = axisUnit([totals.latencySeconds], "s");
  const fullest = shown.toSorted((a, b) => fill(b) - fill(a))[0];
  return [
    {
      name: "capacity",
      title: `Memory held over time${provenance.hardware.devices > 1 ? ", first device" : ""}`,
      description: `The share of each memory's capacity that is held, as lines from point to point.${fullest === undefined ? "" : ` The fullest is ${fullest.memory}, ${percent(fill(fullest))} at its peak.`}`,
      lines: 16,
      config: {
        type: "line",
        data: {
          datasets: shown.map(({ memory, levels, capacityBytes }, index) =>
            lineOf(
              memory,
              levels.map(({ seconds, bytes }) => ({
                x: time.of(seconds),
                y: percents.of(bytes / capacityBytes),
              })),
              styleAt(index),
              { pointRadius: levels.length > 40 ? 0 : 3, clip: false },
            ),
          ),
        },
        options: {
          scales: {
            x: { type: "linear", title: titled(`time (${time.unit})`), max: time.of(totals.latencySeconds) },
            y: { title: titled("held, of capacity (%)"), beginAtZero: true },
          },
        },
      },
      data: {
        header: ["device", "memory", "seconds", "bytes", "capacityBytes"],
        rows: memories.flatMap(({ device, memory, levels, capacityBytes }) =>
          levels.map(({ seconds, bytes }) => [device, memory, seconds, bytes, capacityBytes]),
        ),
      },
    },
  ];
};

const fill = ({
  peakBytes,
  capacityBytes,
}: {
  readonly peakBytes: number;
  readonly capacityBytes: number;
}): number => peakBytes / capacityBytes;
