/**
 * Records what all designs of a space cost, from the results of a sweep, and what no schedule can beat, so that tests of searches need not
 * run them again (minutes):
 *   papillon sweep dfx-space && papillon sweep fabnet-space
 *   npx tsx test/explore/landscape/record.ts results/dfx-space results/fabnet-space
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { designSpace } from "../../../src/config/space.ts";
import { evaluator } from "../../../src/explore/evaluate.ts";
import { library } from "../../library.ts";

for (const folder of process.argv.slice(2)) {
  const name = basename(folder);
  const source = library.find("experiments", name);
  const space = source && designSpace(source, library);
  if (!space?.ok) throw new Error(`no space ${name}`);
  const { bound } = evaluator(space.value);
  const lines = readFileSync(join(folder, "results.jsonl"), "utf8").trimEnd().split("\n");
  const rows = lines.map((line) => JSON.parse(line)).filter(({ status }) => status === "done");
  const text = rows.map(({ index, latencySeconds, energyJoules, parameters }) => {
    const least = bound(index)?.results ?? {};
    const numbers = [latencySeconds, energyJoules, least["latencySeconds"], least["energyJoules"]];
    return [index, ...numbers.map((value) => Number(value.toPrecision(9))), parameters].join(",");
  });
  const header = "index,latencySeconds,energyJoules,leastSeconds,leastJoules,parameters";
  writeFileSync(
    join(import.meta.dirname, `${name}.csv.gz`),
    gzipSync(`${header}\n${text.join("\n")}\n`, { level: 9 }),
  );
}
