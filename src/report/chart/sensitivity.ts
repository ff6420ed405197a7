/** What a change of each parameter would buy: a tornado, the largest gain on top. */
import { resourceNames } from "../../area/resources.ts";
import { percent } from "../human.ts";
import { percents } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { barLines, stackedBars } from "./frame.ts";
import { styleAt } from "./palette.ts";

const most = 16;

export const sensitivity: RunChart = ({ explanation }) => {
  if (explanation === undefined) return [];
  const gaining = explanation.sensitivity.filter(
    ({ plusTenPercent, timesTwo }) => Math.max(plusTenPercent?.gain ?? 0, timesTwo?.gain ?? 0) > 0,
  );
  const shown = gaining.slice(0, most);
  const [first] = shown;
  if (first === undefined) return [];
  const fabric = first.timesTwo?.resources === undefined ? [] : resourceNames;
  const silicon = first.timesTwo?.mm2 === undefined ? [] : ["mm2"];
  const left = gaining.length - shown.length;
  const config = stackedBars(
    shown.map(({ path, value }) => `${path.replace(/^(hardware\.)?units\./, "")} ${value}`),
    [
      {
        label: "by 10 %",
        values: shown.map(({ plusTenPercent }) => percents.of(plusTenPercent?.gain ?? 0)),
        style: styleAt(0),
      },
      {
        label: "twice as good",
        values: shown.map(({ timesTwo }) => percents.of(timesTwo?.gain ?? 0)),
        style: styleAt(1),
      },
    ],
    "latency falls by (%)",
    [],
    {},
    false,
  );
  return [
    {
      name: "sensitivity",
      title: `What to change first${left > 0 ? `: the ${most} of ${gaining.length} parameters that gain most` : ""}`,
      description: `By how much the latency falls where one parameter gets better by 10 % and by 2, each simulated. Most gains ${first.path}: ${percent(Math.max(first.timesTwo?.gain ?? 0, first.plusTenPercent?.gain ?? 0))}.`,
      lines: barLines(shown.length * 1.3, 2),
      config,
      data: {
        header: [
          "parameter",
          "value",
          "step",
          "newValue",
          "latencySeconds",
          "gain",
          "energyRatio",
          ...fabric,
          ...silicon,
        ],
        rows: explanation.sensitivity.flatMap(({ path, value, plusTenPercent, timesTwo }) =>
          (
            [
              ["by 10 %", plusTenPercent],
              ["twice", timesTwo],
            ] as const
          ).flatMap(([step, to]) =>
            to === undefined
              ? []
              : [
                  [
                    ...[path, value, step, to.value, to.latencySeconds, to.gain, to.energyRatio],
                    ...fabric.map((name) => to.resources?.[name] ?? 0),
                    ...silicon.map(() => to.mm2 ?? 0),
                  ],
                ],
          ),
        ),
      },
    },
  ];
};
