/** A sweep by hand: latency falls with width and lanes and nothing else, energy rises with width; one design misses a limit, one does not fit. */
import type { About } from "../../../src/explore/plot/designs.ts";
import { type Designs, designsOf } from "../../../src/explore/plot/designs.ts";
import type { FlatRow } from "../../../src/explore/table.ts";

export const about: About = {
  experiment: "by-hand",
  title: "By hand",
  source: "a pencil",
  parameters: ["hardware.units.matrix.width", "hardware.units.matrix.lanes", "hardware.clock"],
  objectives: [
    { expression: "latencySeconds", better: "less" },
    { expression: "energyJoules", better: "less" },
  ],
  limits: ["averagePowerWatts <= 9"],
};

const row = (
  index: number,
  width: number,
  lanes: number,
  latencySeconds: number,
  energyJoules: number,
  feasible = true,
): FlatRow => ({
  index,
  status: "done",
  feasible,
  "hardware.units.matrix.width": width,
  "hardware.units.matrix.lanes": lanes,
  "hardware.clock": width === 8 ? "200 MHz" : "100 MHz",
  latencySeconds,
  energyJoules,
});

export const rows: readonly FlatRow[] = [
  row(0, 16, 1, 4, 6),
  row(1, 16, 2, 2, 6),
  row(2, 8, 1, 8, 3),
  row(3, 8, 2, 4, 3),
  row(4, 16, 4, 1, 1, false),
  {
    index: 5,
    status: "unfit",
    feasible: false,
    reason: "weights: 12 MB do not fit into 8 MB",
    "hardware.units.matrix.width": 32,
  },
  {
    index: 6,
    status: "unfit",
    feasible: false,
    reason: "weights: 24 MB do not fit into 8 MB",
    "hardware.units.matrix.width": 64,
  },
];

export async function byHand(): Promise<Designs> {
  return await designsOf(each(rows), about);
}

async function* each(rows: readonly FlatRow[]): AsyncGenerator<FlatRow, void, void> {
  yield* rows;
}
