/**
 * What one unit of a machine takes in an FPGA's fabric: its operators, counted from its structure; its memories, block by block; and
 * control by the table's coefficients.
 */
import type { ButterflySpec } from "../arch/butterfly.ts";
import type { Hardware } from "../arch/hardware.ts";
import type { ResolvedUnit } from "../arch/index.ts";
import type { MacArraySpec } from "../arch/mac-array.ts";
import { multipliersOf, type NmSparseSpec } from "../arch/nm-sparse.ts";
import { bitsOf, type Precision, precisionNames } from "../precision.ts";
import { type BlockShape, blocksOf } from "./on-chip-memory.ts";
import { operatorsOf } from "./operator.ts";
import { type Resources, several, together, type UnitResources } from "./resources.ts";
import type { Fpga } from "./setup.ts";

/** @param clock of the machine: an HBM port brings its bits in these cycles */
export function unitResources(
  name: string,
  unit: ResolvedUnit,
  fpga: Fpga,
  clock: Hardware["clock"],
): UnitResources {
  const { control } = fpga.fabric;
  const inUltra = fpga.ultra?.includes(name) === true;
  const memory = (count: number, shape: BlockShape): Resources => memoryOf(fpga, inUltra, count, shape);
  switch (unit.kind) {
    case "hbm":
      return costed(several(portBits(unit, clock), control.portBit));
    case "ddr":
      return costed(several(unit.spec.channels, control.ddrChannel));
    case "mac-tree": {
      const { width, lanes, precision } = unit.spec;
      const of = operatorsOf(fpga, precision);
      // A lane adds its products in a tree and an accumulator, then scales, adds a bias and looks an activation up.
      const scalar = [of.several(lanes, "multiply"), of.several(lanes, "add")];
      const tree = [of.several(lanes * width, "multiply"), of.several(lanes * width, "add")];
      const table = memory(lanes, { depth: activationTable, width: bitsOf(precision) });
      const wiring = several(lanes * width, control.treeMultiplier);
      return of.sum([...tree, ...scalar], [table, wiring]);
    }
    case "vector": {
      const { lanes, precision } = unit.spec;
      const of = operatorsOf(fpga, precision);
      const each = (["add", "multiply", "exponential"] as const).map((name) => of.several(lanes, name));
      // Reductions go through a tree; what is reduced is one scalar.
      const scalar = (["reciprocal", "reciprocalSquareRoot"] as const).map((name) => of.several(1, name));
      return of.sum([...each, of.several(lanes, "add"), ...scalar], [several(lanes, control.vectorLane)]);
    }
    case "softmax": {
      const { pipelines, lanes, precision, capacity } = unit.spec;
      const of = operatorsOf(fpga, precision);
      const all = pipelines * lanes;
      const each = (["compare", "exponential", "add", "multiply"] as const).map((op) => of.several(all, op));
      const width = lanes * bitsOf(precision);
      const scores = memory(pipelines, { depth: depthOf(capacity / pipelines, width), width });
      return of.sum([...each, of.several(pipelines, "reciprocal")], [scores]);
    }
    case "scratchpad": {
      const width = 8 * unit.spec.bytesPerCycle;
      return costed(memory(1, { depth: depthOf(unit.spec.capacity, width), width }));
    }
    case "butterfly":
      return butterflyResources(unit.spec, fpga, memory);
    case "systolic":
    case "nm-systolic": {
      const { rows, columns, arrays, precision } = unit.spec;
      return elements(rows * columns * arrays, precision, fpga);
    }
    case "nm-sparse":
      return selectingElements(unit.spec, fpga);
    case "mac-array":
      return arrayResources(unit.spec, fpga, memory);
    case "dma":
      return costed(several(unit.spec.elementsPerCycle.straight, control.dmaElement));
    case "ring":
      return costed(several(1, control.ring));
    case "host": {
      // The link to the host is the card's platform, which brings more than the link.
      const { shell } = fpga.of;
      return shell === undefined
        ? { resources: several(0, {}), uncosted: [`${name}: ${fpga.of.name} has no figures of its platform`] }
        : costed(several(1, shell));
    }
  }
}

/** Entries of a look-up table of an activation: with less, a half-precision GELU is off in more than its last bits. */
export const activationTable = 1024;

/** Bits that an HBM brings in a cycle of the machine's clock. */
export const portBits = (unit: ResolvedUnit, clock: number): number =>
  unit.kind === "hbm" ? Math.round((8 * (unit.spec.peak["bytes"] ?? 0)) / clock) : 0;

const costed = (resources: Resources): UnitResources => ({ resources, uncosted: [] });

const depthOf = (bytes: number, width: number): number => Math.ceil((8 * bytes) / width);

/** Memories of a unit, in UltraRAM where the machine says so and the device has it. */
export function memoryOf(
  { fabric }: Pick<Fpga, "fabric">,
  inUltra: boolean,
  count: number,
  shape: BlockShape,
) {
  const { block, ultra } = fabric;
  return inUltra && ultra !== undefined
    ? several(count * ultra.part * blocksOf(shape, ultra.shapes), { uram: 1 })
    : several(count * block.part * blocksOf(shape, block.shapes), { bram: 1 });
}

type Memory = (count: number, shape: BlockShape) => Resources;

/**
 * A butterfly unit has four multipliers, two adders that sum the products and four that make the two outputs of a complex butterfly;
 * only the first two are built in the machine's style, as in the open RTL. Two banks of 2u RAMs in an engine, whose number
 * does not depend on how many engines share a control; and two banks of weights for all engines, a RAM for each multiplier of one.
 */
function butterflyResources(spec: ButterflySpec, fpga: Fpga, memory: Memory): UnitResources {
  const { units } = spec.timing;
  const all = spec.engines * units;
  const of = operatorsOf(fpga, spec.precision);
  const plain = operatorsOf({ ...fpga, adders: "logic" }, spec.precision);
  const width = bitsOf(spec.precision);
  const banks = memory(spec.engines * 2 * 2 * units, { depth: spec.bankElements / (2 * units), width });
  const weights = memory(2 * 4 * units, { depth: spec.weightRows, width });
  const control = several(all, fpga.fabric.control.butterflyUnit);
  return of.sum(
    [of.several(4 * all, "multiply"), of.several(2 * all, "add"), plain.several(4 * all, "add")],
    [banks, weights, control],
  );
}

/** Multiply-and-add elements with registers for their operands. */
function elements(count: number, precision: Precision, fpga: Fpga): UnitResources {
  const of = operatorsOf(fpga, precision);
  return of.sum([of.several(count, "multiplyAdd")], [several(count, fpga.fabric.control.processingElement)]);
}

/** A look-up table of six inputs chooses among four bits, so a choice among g takes (g - 1) / 3 of them a bit. */
function selectingElements(spec: NmSparseSpec, fpga: Fpga): UnitResources {
  const multipliers = multipliersOf(spec);
  const selectors = Math.ceil((spec.group - 1) / 3) * bitsOf(spec.precision) * multipliers;
  const { resources, uncosted } = elements(multipliers, spec.precision, fpga);
  return { resources: together([resources, several(selectors, { lut: 1 })]), uncosted };
}

function arrayResources({ hierarchy, passes }: MacArraySpec, fpga: Fpga, memory: Memory): UnitResources {
  const precision = builtFor(passes);
  // The outermost memory is off the chip.
  const onChip = hierarchy.memories.slice(0, -1).map(({ spans, capacity, ports }) => {
    const width = Math.max(...ports.map(({ bitsPerCycle }) => bitsPerCycle));
    return memory(elementsOf(hierarchy.array, spans), { depth: Math.ceil(capacity / width), width });
  });
  if (precision === undefined) return { resources: together(onChip), uncosted: ["multipliers of no format"] };
  const array = elements(elementsOf(hierarchy.array, []), precision, fpga);
  return { resources: together([array.resources, ...onChip]), uncosted: array.uncosted };
}

/** Elements of an array, or instances of a memory of which one serves all that it spans. */
export const elementsOf = (array: MacArraySpec["hierarchy"]["array"], spans: readonly string[]): number =>
  array.reduce((product, { name, size }) => (spans.includes(name) ? product : product * size), 1);

/** The widest format that runs in one pass is what the multipliers are built for. */
export function builtFor(passes: MacArraySpec["passes"]): Precision | undefined {
  const fewest = Math.min(...Object.values(passes));
  return precisionNames.find((name) => passes[name] === fewest);
}
