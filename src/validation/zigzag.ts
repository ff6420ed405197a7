/** Layers that ZigZag mapped, on its own machines: what its mapping costs by our model, and what our best mapping costs. */
import { z } from "zod";
import { isKind } from "../arch/index.ts";
import type { Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import type { Library } from "../config/library.ts";
import { planSingle } from "../config/plan.ts";
import { costOf, zigzagRules } from "../mapping/cost.ts";
import { mapped } from "../mapping/mapper.ts";
import type { Loop, Mapping } from "../mapping/mapping.ts";
import type { Objective } from "../mapping/objective.ts";
import { type Dimension, dimensions, type Problem, sizesOf } from "../mapping/problem.ts";
import { formatProblems } from "../schema/problem.ts";
import type { Comparison, Row, Suite } from "./suite.ts";

const accelerator = "accelerator (config: public/configs/zigzag_hw_<accelerator>.yaml)";

/** Time is counted by ZigZag's rules on both sides. Its search merges prime factors down to six loops; ours does not. */
export const zigzag: Suite = {
  name: "zigzag",
  source: "ZigZag 3.8.5, measured: its own machine files, layers of ResNet-18 and products",
  tables: ["test/validation/mapping/zigzag-layers.csv"],
  columns: [accelerator, "opt", "layer", "energy_pJ", "latency_cycles", "inputs_json"],
  tolerance: {
    energyOfItsMapping: { max: 1e-9 },
    cyclesOfItsMapping: { max: 1e-9 },
    worseEnergy: { max: 0.01 },
    worseCycles: { max: 0.01 },
  },
  run: () => {
    throw new Error("the suite reads machines");
  },
  prepare: (library) => {
    const machines = new Map<string, OperandHierarchy>();
    return (row) => {
      const { machine } = zigzagLayer(row);
      const hierarchy = machines.get(machine) ?? zigzagMachine(machine, library);
      machines.set(machine, hierarchy);
      return compared(row, hierarchy);
    };
  },
};

/** What a row asks, and the mapping that ZigZag answered. */
export function zigzagLayer(row: Row) {
  const inputs = inputsSchema.parse(JSON.parse(row["inputs_json"] ?? ""));
  const objective: Objective = row["opt"] === "energy" ? "energy" : "latency";
  const machine = row[accelerator] ?? "";
  return { machine, objective, problem: problemOf(inputs.layer), mapping: mappingOf(inputs) };
}

function compared(row: Row, hierarchy: OperandHierarchy): readonly Comparison[] {
  const { machine, objective, problem, mapping } = zigzagLayer(row);
  const theirs = costOf(problem, hierarchy, mapping, zigzagRules);
  const energy = objective === "energy";
  const best = mapped(problem, hierarchy, mapping.unrolling, { objective, rules: zigzagRules, ...searched });
  if (best === undefined) throw new Error(`no mapping of ${row["layer"]} fits ${machine}`);
  const reference = { energy: Number(row["energy_pJ"]), cycles: Number(row["latency_cycles"]) };
  const value = energy ? best.value * picojoules : best.value;
  const label = `${row["layer"]} on ${machine}, ${objective}`;
  const wanted = energy ? reference.energy : reference.cycles;
  const told = `${label}: our best ${value.toPrecision(6)}, ${((value / wanted) * 100).toFixed(2)} % of its best`;
  return [
    {
      quantity: "energyOfItsMapping",
      label,
      ours: theirs.energyJoules * picojoules,
      reference: reference.energy,
    },
    { quantity: "cyclesOfItsMapping", label, ours: theirs.cycles, reference: reference.cycles },
    {
      quantity: energy ? "worseEnergy" : "worseCycles",
      label: told,
      // Better than its best is no error.
      ours: Math.max(value, wanted),
      reference: wanted,
    },
  ];
}

export function zigzagMachine(name: string, library: Library): OperandHierarchy {
  const planned = planSingle(`${name.replaceAll("_", "-")}-mapped`, "resnet-18", library, { set: [] });
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  const array = planned.value.runs[0]?.machine.hardware.units["array"];
  if (!isKind(array, "mac-array")) throw new Error(`${name} has no mac-array`);
  return array.spec.hierarchy;
}

/** So many places are looked at, or until the bound is so near. */
const searched = { steps: 200, gap: 0.001 };

/** ZigZag tells energy in them. */
const picojoules = 1e12;

const loops = z.record(z.string(), z.array(z.array(z.string())));
const inputsSchema = z.object({
  layer: z.object({
    name: z.string(),
    equation_relations: z.array(z.string()),
    loop_dimensions: z.record(z.string(), z.number()),
    operand_precision: z.object({ W: z.number(), I: z.number(), O: z.number(), O_final: z.number() }),
    user_spatial_mapping: z.record(z.string(), z.record(z.string(), z.number())),
  }),
  temporal_mapping: loops,
});
type Inputs = z.output<typeof inputsSchema>;

/** Its input keeps as many rows as a stride of them makes results: what the padded layers of the rows store. */
function problemOf({
  name,
  equation_relations: relations,
  loop_dimensions: given,
  operand_precision: bits,
}: Inputs["layer"]): Problem {
  const sizes = sizesOf({});
  for (const [key, size] of Object.entries(given)) sizes[dimensionOf(key)] = size;
  const scale = (axis: string, dimension: string): number => {
    const relation = relations.find((each) => each.startsWith(axis)) ?? "";
    return Number(new RegExp(`(\\d+)\\*${dimension}`).exec(relation)?.[1] ?? 1);
  };
  const stride = { x: scale("IX", "OX"), y: scale("IY", "OY") };
  return {
    name,
    sizes,
    stride,
    dilation: { x: scale("IX", "FX"), y: scale("IY", "FY") },
    input: { x: stride.x * sizes.OX, y: stride.y * sizes.OY },
    bits: { W: bits.W, I: bits.I, O: bits.O_final, partial: bits.O },
  };
}

function mappingOf({ layer, temporal_mapping: temporal }: Inputs): Mapping {
  const unrolling = Object.fromEntries(
    Object.entries(layer.user_spatial_mapping).map(([array, factors]) => [
      array,
      Object.fromEntries(Object.entries(factors).map(([key, factor]) => [dimensionOf(key), factor])),
    ]),
  );
  const of = (operand: Operand): readonly number[] => {
    let covered = 0;
    return (temporal[operand] ?? []).map((level) => {
      covered += level.length;
      return covered;
    });
  };
  return {
    unrolling,
    loops: (temporal["O"] ?? []).flat().map(loopOf),
    covers: { O: of("O"), W: of("W"), I: of("I") },
  };
}

function loopOf(text: string): Loop {
  const [, key = "", times] = /^\((\w+), (\d+)\)$/.exec(text) ?? [];
  if (times === undefined) throw new Error(`"${text}" is no loop such as (K, 8)`);
  return { dimension: dimensionOf(key), times: Number(times) };
}

/** A product's rows are D there. */
function dimensionOf(key: string): Dimension {
  const found = key === "D" ? "B" : dimensions.find((each) => each === key);
  if (found === undefined) throw new Error(`no dimension ${key}; there are ${dimensions.join(", ")}`);
  return found;
}
