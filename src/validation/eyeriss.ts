/** Energy of other dataflows over row stationary on Eyeriss's array and storage, AlexNet's convolutional layers, batch 16. */
import { isKind } from "../arch/index.ts";
import {
  type MemoryLevel,
  type Operand,
  type OperandHierarchy,
  operands,
  ways,
} from "../arch/operand-hierarchy.ts";
import type { Library } from "../config/library.ts";
import { planSingle } from "../config/plan.ts";
import { bestMapped, type Unrollable, unrollingsOf } from "../mapping/choice.ts";
import { macsOf } from "../mapping/problem.ts";
import { bits } from "../quantity.ts";
import { formatProblems } from "../schema/problem.ts";
import { eyerissLayers } from "./eyeriss-layers.ts";
import type { Suite } from "./suite.ts";

/** A ratio within the published range is no error; one outside is compared with the nearer end. */
export const eyeriss: Suite = {
  name: "eyeriss",
  source: "Chen et al., ISCA 2016: row stationary against other dataflows, same multipliers and storage",
  tables: ["test/validation/mapping/eyeriss.csv"],
  columns: ["dataflow", "low", "high"],
  tolerance: { energyRatio: { max: 0 } },
  run: () => {
    throw new Error("the suite reads a machine");
  },
  prepare: (library) => {
    const hierarchy = eyerissMachine(library);
    const own = energyPerMac(hierarchy, rowStationary);
    return ({ dataflow = "", low, high }) => {
      const other = others[dataflow];
      if (other === undefined)
        throw new Error(`dataflow ${dataflow} is none of ${Object.keys(others).join(", ")}`);
      const ratio = energyPerMac(holding(hierarchy, other.held), other.unroll) / own;
      const nearest = Math.min(Math.max(ratio, Number(low)), Number(high));
      const label = `${dataflow}: ${ratio.toFixed(2)} times row stationary, published ${low} to ${high}`;
      return [{ quantity: "energyRatio", label, ours: ratio, reference: nearest }];
    };
  },
};

/** Rows of filters meet rows of results; what is left of the first dimension takes results, filters or channels. */
const rowStationary: Unrollable = {
  D1: [
    ["FY", "OY"],
    ["FY", "K"],
    ["FY", "C"],
  ],
  D2: ["OY"],
};

/** What stays in the multipliers, and what lies beside each other on the array. */
const others: Readonly<Record<string, { readonly held: Operand; readonly unroll: Unrollable }>> = {
  "weight stationary": {
    held: "W",
    unroll: {
      D1: [
        ["C", "FY", "FX"],
        ["FY", "C"],
      ],
      D2: ["K"],
    },
  },
  "output stationary in one map": { held: "O", unroll: { D1: ["OY"], D2: ["OX"] } },
  "output stationary over maps": { held: "O", unroll: { D1: ["K"], D2: ["OX", "OY"] } },
};

export function eyerissMachine(library: Library): OperandHierarchy {
  const planned = planSingle("eyeriss-mapped", "alexnet", library, { set: [] });
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  const array = planned.value.runs[0]?.machine.hardware.units["array"];
  if (!isKind(array, "mac-array")) throw new Error("eyeriss-mapped has no mac-array");
  return array.spec.hierarchy;
}

function energyPerMac(hierarchy: OperandHierarchy, unroll: Unrollable): number {
  const layers = eyerissLayers("alexnet", 16);
  let [joules, macs] = [0, 0];
  for (const layer of layers) {
    const found = bestMapped(layer, hierarchy, unrollingsOf(layer, hierarchy, unroll), {
      objective: "energy",
    });
    if (found === undefined) throw new Error(`no mapping of ${layer.name} fits`);
    joules += found.value;
    macs += macsOf(layer);
  }
  return joules / macs;
}

/** One word of the operand in each multiplier; what the scratch pads held goes to the buffer, which then holds all operands. */
function holding(hierarchy: OperandHierarchy, operand: Operand): OperandHierarchy {
  const named = (name: string): MemoryLevel => {
    const found = hierarchy.memories.find((memory) => memory.name === name);
    if (found === undefined) throw new Error(`eyeriss-mapped has no ${name}`);
    return found;
  };
  const word = 16;
  const lanes = hierarchy.array.reduce((product, { size }) => product * size, 1);
  const pads = [named("ifmap-spad"), named("filter-spad"), named("psum-spad")];
  const inPads = pads.reduce((sum, { capacity }) => sum + capacity, 0) - word;
  const shared = named("glb").capacity + named("filter-buffer").capacity + lanes * inPads;
  return {
    ...hierarchy,
    memories: [
      level(named("filter-spad"), word, [operand], word),
      level(named("glb"), shared, operands, 4 * word),
      named("dram"),
    ],
  };
}

const level = (
  memory: MemoryLevel,
  capacity: number,
  held: readonly Operand[],
  width: number,
): MemoryLevel => ({
  ...memory,
  capacity: bits(capacity),
  operands: held,
  ports: [
    {
      name: "port",
      bitsPerCycle: width,
      accessBits: 16,
      moves: held.flatMap((operand) => ways.map((way) => ({ operand, way }))),
    },
  ],
});
