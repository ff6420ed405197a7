/** A layer as a nest of eight loops over three operands: what there is to map, with no machine in it. */
import type { Operand } from "../arch/operand-hierarchy.ts";

export const dimensions = ["B", "G", "K", "C", "OY", "OX", "FY", "FX"] as const;
/** B batch (or the rows of a product), G groups, K outputs, C inputs to sum over, OY x OX results, FY x FX filter. */
export type Dimension = (typeof dimensions)[number];

export interface Problem {
  readonly name: string;
  readonly sizes: Readonly<Record<Dimension, number>>;
  readonly stride: { readonly x: number; readonly y: number };
  readonly dilation: { readonly x: number; readonly y: number };
  /** Columns and rows of the stored input: padding is not stored, and no tile holds more. */
  readonly input: { readonly x: number; readonly y: number };
  /** Bits of an element; `partial` of an output that still is a partial sum. */
  readonly bits: { readonly W: number; readonly I: number; readonly O: number; readonly partial: number };
}

/** Each new value of the dimension needs other data (`relevant`), the same (`reuse`), or overlapping windows (`window`). */
export type Relevance = "relevant" | "reuse" | "window";

export const relevance: Readonly<Record<Operand, Readonly<Record<Dimension, Relevance>>>> = {
  O: relevanceOf(["B", "G", "K", "OY", "OX"], []),
  W: relevanceOf(["G", "K", "C", "FY", "FX"], []),
  I: relevanceOf(["B", "G", "C"], ["OY", "OX", "FY", "FX"]),
};

/** Sizes of all dimensions: those given, the others 1. */
export const sizesOf = (given: Partial<Record<Dimension, number>>): Record<Dimension, number> => ({
  ...{ B: 1, G: 1, K: 1, C: 1, OY: 1, OX: 1, FY: 1, FX: 1 },
  ...given,
});

export const macsOf = ({ sizes }: Problem): number =>
  dimensions.reduce((product, dimension) => product * sizes[dimension], 1);

/** A product of [rows x inner] and [inner x columns], `count` times with operands of their own. */
export function productProblem(
  name: string,
  shape: {
    readonly count: number;
    readonly rows: number;
    readonly inner: number;
    readonly columns: number;
  },
  bits: Problem["bits"],
): Problem {
  const sizes = sizesOf({ G: shape.count, B: shape.rows, C: shape.inner, K: shape.columns });
  return {
    name,
    sizes,
    stride: { x: 1, y: 1 },
    dilation: { x: 1, y: 1 },
    input: { x: 1, y: 1 },
    bits,
  };
}

/**
 * Elements that a tile of the operand holds, for a tile of these sizes. Inputs are counted once where windows overlap, and
 * not at all where a stride skips them.
 * @param whole how a partly unrolled dimension counts in windows
 */
export function tileElements(
  problem: Problem,
  operand: Operand,
  tile: Readonly<Record<Dimension, number>>,
  whole: (lanes: number) => number = asIs,
): number {
  switch (operand) {
    case "O":
      return tile.B * tile.G * tile.K * tile.OY * tile.OX;
    case "W":
      return tile.G * tile.K * tile.C * tile.FY * tile.FX;
    case "I": {
      const rows = positions(whole(tile.OY), problem.stride.y, whole(tile.FY), problem.dilation.y);
      const columns = positions(whole(tile.OX), problem.stride.x, whole(tile.FX), problem.dilation.x);
      return tile.B * tile.G * tile.C * Math.min(problem.input.y, rows) * Math.min(problem.input.x, columns);
    }
  }
}

const asIs = (lanes: number): number => lanes;

/** Different values of stride * result + dilation * tap. */
function positions(a: number, stride: number, b: number, dilation: number): number {
  const shared = greatestCommonDivisor(stride, dilation);
  return a * b - Math.max(0, b - stride / shared) * Math.max(0, a - dilation / shared);
}

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

function relevanceOf(
  relevant: readonly Dimension[],
  window: readonly Dimension[],
): Readonly<Record<Dimension, Relevance>> {
  const of = (dimension: Dimension): Relevance =>
    relevant.includes(dimension) ? "relevant" : window.includes(dimension) ? "window" : "reuse";
  return {
    B: of("B"),
    G: of("G"),
    K: of("K"),
    C: of("C"),
    OY: of("OY"),
    OX: of("OX"),
    FY: of("FY"),
    FX: of("FX"),
  };
}
