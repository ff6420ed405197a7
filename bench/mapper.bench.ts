/**
 * The mapper on ZigZag's rows, and on every layer of ResNet-50 and BERT-base: gap to the bound and CPU time of a layer, by machine
 * and objective: `npx tsx bench/mapper.bench.ts [machine ..]`. ZigZag took 1 to 7 s a layer; which row took how long was not kept.
 */
import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { isKind } from "../src/arch/index.ts";
import { planSingle } from "../src/config/plan.ts";
import { mapped as mappedDataflow } from "../src/dataflow/mapped.ts";
import { isNest, nestOf } from "../src/dataflow/mapped-op.ts";
import { unrollingsOf } from "../src/mapping/choice.ts";
import { zigzagRules } from "../src/mapping/cost.ts";
import { mapped } from "../src/mapping/mapper.ts";
import { objectives } from "../src/mapping/objective.ts";
import { fileLibrary } from "../src/node/library.ts";
import type { Row } from "../src/validation/suite.ts";
import { zigzagLayer, zigzagMachine } from "../src/validation/zigzag.ts";
import { opsOf } from "../src/workload/graph.ts";

const library = fileLibrary();
/** Steps of a search: of ZigZag's rows as in the suite, and of a network's layers. */
const [rowSteps, steps] = [200, 400];

/**
 * Of four runs at a time, as asking for the time takes some itself: the least of several times. The others also pay for what else the
 * machine does, and the first ones for compiling the mapper.
 */
function timed<Result>(work: () => Result) {
  const together = 4;
  const once = () => {
    const before = process.cpuUsage();
    for (let run = 1; run < together; run += 1) work();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    return { result, milliseconds: (user + system) / 1000 / together };
  };
  return Array.from({ length: 8 }, once).reduce((least, run) =>
    run.milliseconds < least.milliseconds ? run : least,
  );
}

/** As the suite `zigzag` runs it: its rules, its unrolling. */
function zigzagRow(row: Row) {
  const { machine, objective, problem, mapping } = zigzagLayer(row);
  const best = objective === "energy" ? Number(row["energy_pJ"]) / 1e12 : Number(row["latency_cycles"]);
  const hierarchy = zigzagMachine(machine, library);
  const { result, milliseconds } = timed(() =>
    mapped(problem, hierarchy, mapping.unrolling, {
      objective,
      rules: zigzagRules,
      steps: rowSteps,
      gap: 0.001,
    }),
  );
  return {
    machine,
    layer: problem.name,
    objective,
    ms: Number(milliseconds.toFixed(1)),
    "gap %": Number((100 * (result?.gap ?? Number.NaN)).toFixed(2)),
    "of its best %": Number(((100 * (result?.value ?? Number.NaN)) / best).toFixed(2)),
    "faster than 1 s": Math.round(1000 / milliseconds),
    "than 7 s": Math.round(7000 / milliseconds),
  };
}

function row(machine: string, network: string, objective: (typeof objectives)[number]) {
  const planned = planSingle(machine, network, library, { set: ["workload.precision=int8"] });
  if (!planned.ok) throw new Error(`${machine} and ${network} cannot be planned`);
  const [run] = planned.value.runs;
  const array = run?.machine.hardware.units["array"];
  if (run === undefined || !isKind(array, "mac-array")) throw new Error(`${machine} has no mac-array`);
  const { hierarchy } = array.spec;
  const { unroll } = mappedDataflow.fields.parse(run.machine.dataflow.options);
  const layers = opsOf(run.workload).flatMap(({ op }) =>
    isNest(op) ? [nestOf(op, 0, "int8", array.spec)] : [],
  );
  const results = layers.flatMap((layer) => {
    const [unrolling = {}] = unrollingsOf(layer, hierarchy, unroll);
    const { result, milliseconds } = timed(() =>
      mapped(layer, hierarchy, unrolling, { objective, steps, gap: 0.001 }),
    );
    return result === undefined ? [] : [{ gap: result.gap, milliseconds }];
  });
  const of = (values: readonly number[], share: number): number =>
    values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1] ?? Number.NaN;
  const gaps = results.map(({ gap }) => 100 * gap);
  const times = results.map(({ milliseconds }) => milliseconds);
  return {
    machine,
    network,
    objective,
    layers: layers.length,
    mapped: results.length,
    proven: gaps.filter((gap) => gap < 1e-7).length,
    "median gap %": Number(of(gaps, 0.5).toFixed(3)),
    "worst gap %": Number(of(gaps, 1).toFixed(2)),
    "median ms": Number(of(times, 0.5).toFixed(1)),
    "worst ms": Number(of(times, 1).toFixed(1)),
  };
}

const rows = csvParse(readFileSync("test/validation/mapping/zigzag-layers.csv", "utf8"));
// Once before: whoever maps a network has compiled the mapper after its first layers.
for (const each of rows) zigzagRow({ ...each });
console.table(rows.map((each) => zigzagRow({ ...each })));

const machines = process.argv.slice(2);
for (const machine of machines.length > 0 ? machines : ["tpu-like-mapped", "eyeriss-like-mapped"])
  for (const network of ["resnet-50", "bert-base"])
    console.table(objectives.map((objective) => row(machine, network, objective)));
