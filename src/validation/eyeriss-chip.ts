/** The Eyeriss chip, measured: its own mappings of AlexNet and VGG-16 on our machine. */
import { costOf, type MappingCost } from "../mapping/cost.ts";
import { macsOf, type Problem } from "../mapping/problem.ts";
import { rowStationary } from "../mapping/row-stationary.ts";
import { eyerissMachine } from "./eyeriss.ts";
import { eyerissLayers } from "./eyeriss-layers.ts";
import { type ChipLayer, chip, chipLayers, coding } from "./eyeriss-mappings.ts";
import type { Suite } from "./suite.ts";

/**
 * A layer is compared by its processing latency, with DRAM out of the way; a network by frames a second, for which the chip does
 * not process while inputs come from DRAM or results go there, and by its accesses to DRAM.
 */
export const eyerissChip: Suite = {
  name: "eyeriss-chip",
  source: "Chen et al., JSSC 2017, tables III, V and VI: the chip at 1 V, 200 MHz",
  tables: ["test/validation/mapping/eyeriss-chip.csv"],
  columns: ["network", "layer", "batch", "processing_ms", "frames_per_second", "dram_accesses_per_mac"],
  tolerance: {
    processingSeconds: { mean: 0.06, max: 0.085 },
    framesPerSecond: { max: 0.055 },
    dramAccessesPerMac: { max: 0.12 },
  },
  run: () => {
    throw new Error("the suite reads a machine");
  },
  prepare: (library) => {
    const hierarchy = eyerissMachine(library);
    const [rows = 1, columns = 1] = hierarchy.array.map(({ size }) => size);
    return (row) => {
      const { network = "", layer = "" } = row;
      const shapes = eyerissLayers(network, Number(row["batch"]));
      const layers = shapes.flatMap((problem, index): Run[] => {
        const layer = chipLayers[network]?.[index];
        if (layer === undefined) return [];
        const cost = costOf(problem, hierarchy, rowStationary(problem, rows, columns, layer));
        return [{ problem, layer, cost }];
      });
      if (layer !== "all") {
        const found = layers[Number(layer) - 1];
        if (found === undefined) throw new Error(`${network} has no layer ${layer}`);
        const ours = processing(found.cost);
        const reference = Number(row["processing_ms"]) / 1000;
        return [{ quantity: "processingSeconds", label: `${network} ${layer}`, ours, reference }];
      }
      const total = (of: (run: Run) => number): number => layers.reduce((sum, run) => sum + of(run), 0);
      const seconds = total(
        (run) => processing(run.cost) + (mapWords(run) * chip.wordBits) / (chip.linkHertz * chip.linkBits),
      );
      const accesses =
        total((run) => mapWords(run) + dramWords(run.cost, "W")) / total(({ problem }) => macsOf(problem));
      return [
        {
          quantity: "framesPerSecond",
          label: network,
          ours: Number(row["batch"]) / seconds,
          reference: Number(row["frames_per_second"]),
        },
        ...(row["dram_accesses_per_mac"] === ""
          ? []
          : [
              {
                quantity: "dramAccessesPerMac",
                label: network,
                ours: accesses,
                reference: Number(row["dram_accesses_per_mac"]),
              },
            ]),
      ];
    };
  },
};

interface Run {
  readonly problem: Problem;
  readonly layer: ChipLayer;
  readonly cost: MappingCost;
}

/** Computing, and the stall of the worst port but that to DRAM. */
function processing({ computeCycles, ports }: MappingCost): number {
  const onChip = ports.filter(({ memory, port }) => memory !== "dram" && port !== "dram");
  return (computeCycles + onChip.reduce((most, { stall }) => Math.max(most, stall), 0)) / chip.coreHertz;
}

/** 16-bit words of inputs and results, run-length coded. */
const mapWords = ({ cost, layer }: Run): number =>
  dramWords(cost, "I") * coded(layer.zeros) + dramWords(cost, "O") * coded(layer.zerosOut);

const dramWords = ({ traffic }: MappingCost, operand: "I" | "W" | "O"): number =>
  traffic
    .filter((each) => each.memory === "dram" && each.operand === operand)
    .reduce((sum, { elements }) => sum + elements, 0);

/** Words moved for each value; nothing is coded where nothing is known to be zero. */
const coded = (zeros: number): number =>
  zeros === 0 ? 1 : ((1 - zeros) * coding.bits) / coding.pairs / chip.wordBits;
