/**
 * Records what all designs of a space cost, from the results of a sweep, so that tests of searches need not run them again:
 *   papillon sweep dfx-space && papillon sweep fabnet-space
 *   npx tsx test/explore/landscape/record.ts results/dfx-space results/fabnet-space
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

for (const folder of process.argv.slice(2)) {
  const lines = readFileSync(join(folder, "results.jsonl"), "utf8").trimEnd().split("\n");
  const rows = lines.map((line) => JSON.parse(line)).filter(({ status }) => status === "done");
  const text = rows.map(({ index, latencySeconds, energyJoules, parameters }) =>
    [index, ...[latencySeconds, energyJoules].map((value) => value.toPrecision(9)), parameters].join(","),
  );
  const file = join(import.meta.dirname, `${basename(folder)}.csv.gz`);
  writeFileSync(
    file,
    gzipSync(`index,latencySeconds,energyJoules,parameters\n${text.join("\n")}\n`, { level: 9 }),
  );
}
