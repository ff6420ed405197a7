/**
 * Which N:M and how many bits for which matrix of BERT-base: the least measured loss of accuracy within a share of the dense storage, and
 * what the result is worth on the STA-like machine. The table is yours: a CSV with matrix, n, m, bits, drop, and `layers` if they differ.
 * Run: npx tsx experiments/sta-compression.ts drops.csv 0.25
 */
import { readFileSync } from "node:fs";
import { formatProblems, simulate } from "papillon-sim";
import { plan } from "papillon-sim/node";
import { readAccuracyTable } from "../src/explore/accuracy-table.ts";
import { compressWorkload, encodingChoices, storageCost } from "../src/explore/compression-choice.ts";
import { parameterBits } from "../src/workload/count.ts";

const [file, share = "0.25"] = process.argv.slice(2);
if (file === undefined) {
  console.error("the accuracy table is missing: npx tsx experiments/sta-compression.ts drops.csv 0.25");
  process.exit(2);
}
const table = readAccuracyTable(readFileSync(file, "utf8"), file);
if (!table.ok) throw new Error(formatProblems(table.problems));

const dense = plan("sta-fpga", "bert-base");
const choices = encodingChoices(dense.workload, table.rows, "bitmap", storageCost);
const named = new Set(table.rows.map(({ matrix }) => matrix));
const denseBits = (dense.workload.phases[0]?.blocks ?? []).reduce(
  (sum, { times, ops }) =>
    sum +
    times *
      ops
        .filter(({ name }) => named.has(name))
        .reduce((bits, op) => bits + parameterBits(op, dense.workload.precision), 0),
  0,
);
const { found, workload } = compressWorkload(dense.workload, choices, Math.floor(Number(share) * denseBits));
if (found.status === "unfit") throw new Error(found.reason);

for (const [index, { label, drop }] of found.chosen.entries())
  console.log((choices[index]?.matrix ?? "").padEnd(32), label.padEnd(12), drop);
console.log(
  `sum of drops ${found.drop}${found.optimal ? ", the least" : `, the least is at least ${found.leastDrop}`}`,
);
for (const [name, run] of [
  ["dense", dense],
  ["compressed", { ...dense, workload }],
] as const) {
  const result = simulate(run);
  if (result.status === "done")
    console.log(name.padEnd(12), `${(1e3 * result.report.totals.latencySeconds).toFixed(3)} ms`);
}
