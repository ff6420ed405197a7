/** How evenly traffic falls on the channels of memories that tell them apart. */
import { percent, size } from "../human.ts";
import { axisUnit } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { titled } from "./frame.ts";
import { ink, styleAt } from "./palette.ts";

export const channels: RunChart = ({ report: { memories } }) =>
  memories.flatMap(({ device, memory, channels }) => {
    if (device !== 0 || channels === undefined || channels.hottest.bytes === 0) return [];
    const { bytes, hottest } = channels;
    const mean = bytes.reduce((sum, each) => sum + each, 0) / bytes.length;
    const unit = axisUnit(bytes, "B");
    const style = styleAt(0);
    return [
      {
        name: `channels-${memory}`,
        title: `Balance over the channels of ${memory}`,
        description: `Bytes that each of ${bytes.length} channels moved. The hottest is channel ${hottest.channel} with ${size(hottest.bytes)}, ${(hottest.bytes / mean).toFixed(2)} times the mean and ${percent(hottest.utilization)} of what it could have moved.`,
        lines: 14,
        config: {
          type: "bar",
          data: {
            labels: bytes.map((_, channel) => String(channel)),
            datasets: [
              {
                label: "moved",
                data: bytes.map(unit.of),
                backgroundColor: style.colour,
                borderColor: ink,
                borderWidth: 0.5,
              },
            ],
          },
          options: {
            scales: {
              x: { title: titled("channel"), grid: { display: false } },
              y: { title: titled(`moved (${unit.unit})`), beginAtZero: true },
            },
            plugins: { legend: { display: false } },
          },
        },
        data: {
          header: ["memory", "channel", "bytes"],
          rows: bytes.map((each, channel) => [memory, channel, each]),
        },
      },
    ];
  });
