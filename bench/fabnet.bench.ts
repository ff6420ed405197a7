/** 1,000 FABNet designs, engines by sequence length by width of the ports, on one thread: CPU seconds. Run: node --import tsx bench/fabnet.bench.ts */
import { readFileSync } from "node:fs";
import { designSpace, sweep } from "../src/explore/index.ts";
import { formatProblems } from "../src/index.ts";
import { fileLibrary } from "../src/node/index.ts";

const file = "experiments/fabnet-bandwidth.yaml";
const space = designSpace({ file, text: readFileSync(file, "utf8") }, fileLibrary());
if (!space.ok) throw new Error(formatProblems(space.problems));
for (const time of ["first", "again"]) {
  const before = process.cpuUsage();
  let designs = 0;
  for await (const { status } of sweep(space.value)) if (status === "done") designs++;
  const { user, system } = process.cpuUsage(before);
  console.log(time.padEnd(6), `${designs} designs`, `${((user + system) / 1e6).toFixed(2)} s CPU`);
}
