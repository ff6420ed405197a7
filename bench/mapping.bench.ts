/**
 * The mapper on every layer of ResNet-50 and BERT-base: gap to the bound and CPU time of a layer, by machine and objective:
 * `npx tsx bench/mapping.bench.ts [machine ..]`.
 */
import { isKind } from "../src/arch/index.ts";
import { planSingle } from "../src/config/plan.ts";
import { isNest, nestOf } from "../src/dataflow/mapped-op.ts";
import { unrollingsOf } from "../src/mapping/choice.ts";
import { mapped } from "../src/mapping/mapper.ts";
import { objectives } from "../src/mapping/objective.ts";
import { fileLibrary } from "../src/node/library.ts";
import { opsOf } from "../src/workload/graph.ts";

const library = fileLibrary();
const steps = 400;
const unroll = { D1: ["K" as const], D2: ["C" as const] };

function row(machine: string, network: string, objective: (typeof objectives)[number]) {
  const planned = planSingle(machine, network, library, { set: ["workload.precision=int8"] });
  if (!planned.ok) throw new Error(`${machine} and ${network} cannot be planned`);
  const [run] = planned.value.runs;
  const array = run?.machine.hardware.units["array"];
  if (run === undefined || !isKind(array, "mac-array")) throw new Error(`${machine} has no mac-array`);
  const { hierarchy } = array.spec;
  const layers = opsOf(run.workload).flatMap(({ op }) =>
    isNest(op) ? [nestOf(op, 0, "int8", array.spec)] : [],
  );
  const results = layers.flatMap((layer) => {
    const [unrolling = {}] = unrollingsOf(layer, hierarchy, unroll);
    const once = () => {
      const before = process.cpuUsage();
      const found = mapped(layer, hierarchy, unrolling, { objective, steps, gap: 0.001 });
      const { user, system } = process.cpuUsage(before);
      return { found, milliseconds: (user + system) / 1000 };
    };
    const runs = [once(), once()];
    const found = runs[0]?.found;
    if (found === undefined) return [];
    return [{ gap: found.gap, milliseconds: Math.min(...runs.map(({ milliseconds }) => milliseconds)) }];
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

const machines = process.argv.slice(2);
for (const machine of machines.length > 0 ? machines : ["tpu-like-mapped", "eyeriss-like-mapped"])
  for (const network of ["resnet-50", "bert-base"])
    for (const objective of objectives) console.log(row(machine, network, objective));
