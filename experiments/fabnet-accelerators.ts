/**
 * FABNet on 40 butterfly engines against accelerators of the vanilla transformer, all with as many multiplications a second: 640 multipliers
 * at 200 MHz, or 128 at 1 GHz. The other accelerators' latencies are published; the dense machine is simulated.
 * Run: npx tsx experiments/fabnet-accelerators.ts
 */
import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { type PlannedRun, simulate } from "papillon-sim";
import { plan } from "papillon-sim/node";

/** Four heads side by side: 12 trees of 32 multipliers for linear layers, 4 for scores, 4 for their products with values: 640. */
const trees = [
  "hardware.units.linear.lanes=12",
  "hardware.units.linear.width=32",
  "hardware.units.queryKey.lanes=4",
  "hardware.units.scoreValue.lanes=4",
  "hardware.units.softmax.pipelines=4",
];
const transformer = [
  "workload.model.hidden_size=1024",
  "workload.model.intermediate_size=4096",
  "workload.model.num_hidden_layers=1",
  "workload.model.num_attention_heads=16",
  "workload.sequence=1024",
];

const milliseconds = (run: PlannedRun): number => {
  const result = simulate(run);
  if (result.status === "unfit") throw new Error(result.reason);
  return 1e3 * result.report.totals.latencySeconds;
};
const multipliers = ({ machine: { hardware } }: PlannedRun): number =>
  Object.values(hardware.units).reduce((sum, { spec }) => sum + (spec.peak["macs"] ?? 0), 0) / hardware.clock;
const dense = plan("fabnet-mac-baseline", "bert-base", { set: [...trees, ...transformer] });
const butterfly = plan("fabnet-vcu128-be40-evaluated", "fabnet-lra-image", {
  set: ["hardware.units.coefficients.channels=8"],
});
const evaluated = milliseconds(butterfly);
const built = milliseconds(plan("fabnet-vcu128-be40", "fabnet-lra-image"));
const published = csvParse(readFileSync(new URL("fabnet-accelerators.csv", import.meta.url), "utf8"));

const line = (...cells: readonly string[]): void =>
  console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(34) : cell.padStart(14))).join(""));
const row = (name: string, latency: number): void =>
  line(name, latency.toFixed(2), (latency / evaluated).toFixed(1), (latency / built).toFixed(1));

line("", "milliseconds", "as evaluated", "as built");
row("FABNet on BE-40, as evaluated", evaluated);
row("FABNet on BE-40, as built", built);
row("transformer, dense, simulated", milliseconds(dense));
for (const { accelerator = "", latencyMilliseconds } of published)
  row(`transformer, ${accelerator}, published`, Number(latencyMilliseconds));
line("");
line("multipliers, FABNet and dense", multipliers(butterfly).toFixed(0), multipliers(dense).toFixed(0));
