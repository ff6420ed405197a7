/** Each unit's time: busy, starved (free with work still to come) or idle (nothing left to do). */
import { percent } from "../human.ts";
import { percents } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { barLines, stackedBars } from "./frame.ts";
import { quietStyle, styleAt } from "./palette.ts";

export const units: RunChart = ({ report: { units, totals, provenance } }) => {
  const total = totals.latencySeconds;
  const shown = units.filter(
    ({ device, busySeconds, starvedSeconds }) => device === 0 && busySeconds + starvedSeconds > 0,
  );
  if (shown.length === 0 || total === 0) return [];
  const share = (seconds: number): number => percents.of(seconds / total);
  return [
    {
      name: "units",
      title: `Busy, starved and idle time of units${provenance.hardware.devices > 1 ? ", first device" : ""}`,
      description:
        "The three are the whole run for each unit. A unit is starved while it is free and work of its own is still to come. Units without work are left out.",
      lines: barLines(shown.length, 3),
      config: stackedBars(
        shown.map(({ unit }) => unit),
        [
          { label: "busy", values: shown.map(({ busySeconds }) => share(busySeconds)), style: styleAt(0) },
          {
            label: "starved",
            values: shown.map(({ starvedSeconds }) => share(starvedSeconds)),
            style: styleAt(1),
          },
          { label: "idle", values: shown.map(({ idleSeconds }) => share(idleSeconds)), style: quietStyle },
        ],
        "share of the run (%)",
        shown.map(({ busyShare }) => percent(busyShare)),
        { max: 100 },
      ),
      data: {
        header: ["device", "unit", "busySeconds", "starvedSeconds", "idleSeconds"],
        rows: units.map(({ device, unit, busySeconds, starvedSeconds, idleSeconds }) => [
          device,
          unit,
          busySeconds,
          starvedSeconds,
          idleSeconds,
        ]),
      },
    },
  ];
};
