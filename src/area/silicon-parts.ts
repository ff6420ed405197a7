/** What a unit has of operators, registers and memories, from its structure, whatever the silicon. */
import type { ResolvedUnit } from "../arch/index.ts";
import type { MacArraySpec } from "../arch/mac-array.ts";
import { multipliersOf } from "../arch/nm-sparse.ts";
import { bitsOf, type Precision } from "../precision.ts";
import type { Arithmetic } from "./silicon.ts";
import { activationTable, builtFor, elementsOf } from "./unit-resources.ts";

export interface SiliconParts {
  readonly operators: readonly {
    readonly count: number;
    readonly format: Arithmetic;
    readonly operator: "multiply" | "add";
  }[];
  readonly registerBits: number;
  readonly memories: readonly { readonly count: number; readonly bits: number }[];
  /** What no table of areas has. */
  readonly unpriced: readonly string[];
}

export function siliconParts(unit: ResolvedUnit): SiliconParts {
  switch (unit.kind) {
    case "systolic":
    case "nm-systolic": {
      const { rows, columns, arrays, precision, folds } = unit.spec;
      // The next stationary operand waits in a register of its own.
      const waiting = folds === "overlapped" ? bitsOf(precision) : 0;
      const unpriced = unit.kind === "nm-systolic" ? ["selectors"] : [];
      return elements(rows * columns * arrays, precision, waiting, unpriced);
    }
    case "nm-sparse":
      return elements(multipliersOf(unit.spec), unit.spec.precision, 0, ["selectors"]);
    case "mac-array":
      return arrayParts(unit.spec);
    case "mac-tree": {
      const { width, lanes, precision } = unit.spec;
      const bits = bitsOf(precision);
      const multipliers = lanes * (width + 1);
      return {
        operators: [
          ...several(multipliers, precision, "multiply"),
          ...several(multipliers, sumsOf(precision), "add"),
        ],
        registerBits: multipliers * (3 * bits + bitsOfSums(precision)),
        memories: [{ count: lanes, bits: activationTable * bits }],
        unpriced: [],
      };
    }
    case "vector": {
      const { lanes, precision } = unit.spec;
      return {
        operators: [...several(lanes, precision, "multiply"), ...several(2 * lanes, precision, "add")],
        registerBits: 4 * lanes * bitsOf(precision),
        memories: [],
        unpriced: ["exponential", "reciprocal", "reciprocal square root"].map(
          (what) => `${precision} ${what}`,
        ),
      };
    }
    case "softmax": {
      const { pipelines, lanes, precision, capacity } = unit.spec;
      const all = pipelines * lanes;
      return {
        operators: [...several(all, precision, "multiply"), ...several(all, precision, "add")],
        registerBits: 2 * all * bitsOf(precision),
        memories: [{ count: pipelines, bits: (8 * capacity) / pipelines }],
        unpriced: ["comparison", "exponential", "reciprocal"].map((what) => `${precision} ${what}`),
      };
    }
    case "butterfly": {
      const { engines, timing, precision, bankElements, weightRows } = unit.spec;
      const bits = bitsOf(precision);
      const units = engines * timing.units;
      return {
        operators: [...several(4 * units, precision, "multiply"), ...several(6 * units, precision, "add")],
        registerBits: units * 10 * bits,
        memories: [
          { count: engines * 4 * timing.units, bits: (bankElements / (2 * timing.units)) * bits },
          { count: 8 * timing.units, bits: weightRows * bits },
        ],
        unpriced: ["crossbars and control", "layer norm"],
      };
    }
    case "scratchpad":
      return { ...nothing, memories: [{ count: 1, bits: 8 * unit.spec.capacity }] };
    case "dma":
      return { ...nothing, unpriced: ["alignment and transposer"] };
    case "hbm":
    case "ddr":
    case "ring":
    case "host":
      return { ...nothing, unpriced: ["interface"] };
  }
}

const nothing: SiliconParts = { operators: [], registerBits: 0, memories: [], unpriced: [] };

const several = (
  count: number,
  format: Arithmetic,
  operator: "multiply" | "add",
): SiliconParts["operators"] => [{ count, format, operator }];

/** Integers are added up in 32 bit, floating-point numbers in their own format. */
const sumsOf = (precision: Precision): Arithmetic => (precision.startsWith("int") ? "int32" : precision);
const bitsOfSums = (precision: Precision): number => (precision.startsWith("int") ? 32 : bitsOf(precision));

/** Multiply-and-add elements with registers for two operands and a sum. */
function elements(
  count: number,
  precision: Precision,
  furtherBits: number,
  unpriced: readonly string[] = [],
): SiliconParts {
  return {
    operators: [...several(count, precision, "multiply"), ...several(count, sumsOf(precision), "add")],
    registerBits: count * (2 * bitsOf(precision) + bitsOfSums(precision) + furtherBits),
    memories: [],
    unpriced,
  };
}

/** The outermost memory is off the chip. */
function arrayParts({ hierarchy, passes }: MacArraySpec): SiliconParts {
  const memories = hierarchy.memories
    .slice(0, -1)
    .map(({ spans, capacity }) => ({ count: elementsOf(hierarchy.array, spans), bits: capacity }));
  const precision = builtFor(passes);
  if (precision === undefined) return { ...nothing, memories, unpriced: ["multipliers of no format"] };
  return { ...elements(elementsOf(hierarchy.array, []), precision, 0, ["network of the array"]), memories };
}
