/** The Eyeriss chip, measured: its own mappings of AlexNet and VGG-16 on our machine. */
import { costOf, type MappingCost } from "../mapping/cost.ts";
import { macsOf, type Problem } from "../mapping/problem.ts";
import { rowStationary } from "../mapping/row-stationary.ts";
import { eyerissMachine } from "./eyeriss.ts";
import { eyerissLayers } from "./eyeriss-layers.ts";
import { type ChipLayer, chipLayers } from "./eyeriss-mappings.ts";
import type { Suite } from "./suite.ts";

/** Core and link clock of tables V and VI, and bits of the link. */
const clock = 200e6;
const linkBytesPerSecond = (60e6 * 64) / 8;

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
    processingSeconds: { mean: 0.08, max: 0.1 },
    framesPerSecond: { max: 0.1 },
    dramAccessesPerMac: { max: 0.15 },
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
        const chip = chipLayers[network]?.[index];
        if (chip === undefined) return [];
        const cost = costOf(problem, hierarchy, rowStationary(problem, rows, columns, chip));
        return [{ problem, chip, cost }];
      });
      if (layer !== "all") {
        const found = layers[Number(layer) - 1];
        if (found === undefined) throw new Error(`${network} has no layer ${layer}`);
        const ours = processing(found.cost);
        const reference = Number(row["processing_ms"]) / 1000;
        return [{ quantity: "processingSeconds", label: `${network} ${layer}`, ours, reference }];
      }
      const words = (of: (run: Run) => number): number => layers.reduce((sum, run) => sum + of(run), 0);
      const seconds = words((run) => processing(run.cost) + (2 * mapWords(run)) / linkBytesPerSecond);
      const accesses =
        words((run) => mapWords(run) + dramWords(run.cost, "W")) / words(({ problem }) => macsOf(problem));
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
  readonly chip: ChipLayer;
  readonly cost: MappingCost;
}

/** Computing, and the stall of the worst port but that to DRAM. */
function processing({ computeCycles, ports }: MappingCost): number {
  const onChip = ports.filter(({ memory, port }) => memory !== "dram" && port !== "dram");
  return (computeCycles + onChip.reduce((most, { stall }) => Math.max(most, stall), 0)) / clock;
}

/** 16-bit words of inputs and results, run-length coded. */
const mapWords = ({ cost, chip }: Run): number =>
  dramWords(cost, "I") * coded(chip.zeros) + dramWords(cost, "O") * coded(chip.zerosOut);

const dramWords = ({ traffic }: MappingCost, operand: "I" | "W" | "O"): number =>
  traffic
    .filter((each) => each.memory === "dram" && each.operand === operand)
    .reduce((sum, { elements }) => sum + elements, 0);

/** Three pairs of run and level in 64 bit: a third of that for each value that is not zero. Nothing is coded where nothing is known to be zero. */
const coded = (zeros: number): number => (zeros === 0 ? 1 : ((1 - zeros) * 64) / 3 / 16);
