/** What a plot puts on an axis: a result or a parameter, which way is better, and a unit in which it is short. */
import type { Objective } from "../../config/space.ts";
import { type AxisUnit, axisUnit, isWide } from "../../report/chart/axis.ts";
import type { JsonRecord } from "../../report/chart/chart.ts";
import { titled } from "../../report/chart/frame.ts";
import { metric, unitOf } from "../label.ts";
import type { Designs } from "./designs.ts";

export interface Measure {
  readonly name: string;
  readonly better: Objective["better"];
  /** One for each design that ran. */
  readonly values: readonly number[];
  /** Smaller is better: the value, or its negative. */
  readonly cost: (design: number) => number;
  readonly text: (value: number) => string;
  readonly unit: AxisUnit;
  /** Of Chart.js. */
  readonly axis: JsonRecord;
}

export function measureOf(designs: Designs, name: string): Measure {
  const values = designs.measure(name);
  const better =
    designs.about.objectives.find(({ expression }) => expression === name)?.better ??
    (/PerSecond$/.test(name) ? "more" : "less");
  const usable = values.filter((value, design) => designs.feasible[design] && Number.isFinite(value));
  const unit = axisUnitOf(name, usable);
  const wide = isWide(ends(usable));
  const said = unit.unit === "" ? name : `${name} (${unit.unit})`;
  return {
    name,
    better,
    values,
    cost: (design) => {
      const value = values[design] ?? Number.NaN;
      return better === "less" ? value : -value;
    },
    text: (value) => metric(name, value),
    unit,
    axis: { type: wide ? "logarithmic" : "linear", title: titled(said) },
  };
}

/** Those that the sweep is for; of one without objectives, latency and energy. */
export function objectivesOf(designs: Designs): readonly Measure[] {
  const asked = designs.about.objectives.map(({ expression }) => expression);
  const names = asked.length > 0 ? asked : ["latencySeconds", "energyJoules"];
  return names.map((name) => measureOf(designs, name)).filter(({ values }) => values.length > 0);
}

/** The least and the greatest, of any number of values. */
export const ends = (values: readonly number[]): readonly number[] =>
  values.length === 0
    ? []
    : [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];

function axisUnitOf(name: string, values: readonly number[]): AxisUnit {
  const unit = unitOf(name);
  // Rates of bytes have prefixes of their own.
  const prefixed = unit === undefined || unit === "B/s" ? undefined : unit;
  return axisUnit(prefixed === undefined ? [1] : ends(values), prefixed ?? "");
}
