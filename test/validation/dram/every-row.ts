/** Runs the model on every reference row: `npx tsx test/validation/dram/every-row.ts [file part]`. Takes about two minutes. */
import { runSuite, type SuiteResult } from "../../../src/arch/dram/suite.ts";
import { referencePresets, rowsOf } from "./rows.ts";

const FILES = [
  "ramulator2_ddr4",
  "ramulator2_hbm2",
  "ramulator2_hbm3",
  "ramulator2_lpddr5",
  "dramsim3_ddr4",
  "dramsim3_hbm2",
  "dramsim3_lpddr4",
  "multichannel",
];
const wanted = process.argv[2] ?? "";
const presets = referencePresets();
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function line(name: string, results: readonly SuiteResult[]): string {
  const errors = results.map(({ error }) => Math.abs(error)).toSorted((a, b) => a - b);
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const p90 = errors[Math.floor(0.9 * (errors.length - 1))] ?? 0;
  return `| ${name} | ${errors.length} | ${percent(mean)} | ${percent(p90)} | ${percent(errors.at(-1) ?? 0)} |`;
}

function table(title: string, results: readonly SuiteResult[], key: (result: SuiteResult) => string): void {
  console.log(`\n| ${title} | rows | mean | p90 | worst |\n|---|---|---|---|---|`);
  for (const name of new Set(results.map(key)))
    console.log(
      line(
        name,
        results.filter((result) => key(result) === name),
      ),
    );
}

const started = performance.now();
const all = FILES.filter((file) => file.includes(wanted)).flatMap((file) =>
  runSuite(rowsOf(`${file}.csv`), presets).map((result) => ({ ...result, file })),
);
const label = new Map<SuiteResult, string>(all.map((result) => [result, result.file]));
table("table, measure", all, (result) => `${label.get(result)}, ${result.measure}`);
table(
  "preset, bandwidth",
  all.filter(({ measure }) => measure === "bandwidth"),
  ({ row }) => row["preset_id"] ?? "D_HBM2_U280, channels",
);
table(
  "pattern, bandwidth",
  all.filter(({ measure }) => measure === "bandwidth"),
  ({ row }) => row["pattern"] ?? "",
);
console.log("\n| worst rows | measure | ours | reference | error |\n|---|---|---|---|---|");
for (const result of all.toSorted((a, b) => Math.abs(b.error) - Math.abs(a.error)).slice(0, 10)) {
  const { row } = result;
  const name = [row["preset_id"], row["mapping"], row["pattern"], row["param"], row["write_pct"]].join(" ");
  console.log(
    `| ${label.get(result)} ${name} | ${result.measure} | ${result.ours.toPrecision(6)} | ${result.reference} | ${percent(result.error)} |`,
  );
}
const requests = all
  .filter(({ measure }) => measure === "bandwidth")
  .reduce((sum, { row }) => sum + Number(row["requests"]), 0);
console.log(`\n${(requests / (performance.now() - started) / 1000).toFixed(2)} M requests/s over all rows`);
