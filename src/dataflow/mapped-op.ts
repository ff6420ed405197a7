/**
 * Ops as loop nests: what of a workload runs on a mapped array of multipliers.
 * Models: products and convolutions at their sizes, grouped and dilated; attention over all positions, masked or not.
 * Ignores: biases; what padding would save.
 * Source: the loop nest of a convolution (Sze et al., "Efficient Processing of Deep Neural Networks", 2020).
 */
import type { MacArraySpec } from "../arch/mac-array.ts";
import { type Problem, productProblem, sizesOf } from "../mapping/problem.ts";
import { bitsOf, type Precision } from "../precision.ts";
import { type Convolution, outputSize } from "../workload/convolution.ts";
import { at, type Op } from "../workload/op.ts";

/** What runs on the multipliers. */
export type NestOp = Extract<Op, { readonly kind: "matmul" | "convolution" }>;

export const isNest = (op: Op): op is NestOp => op.kind === "matmul" || op.kind === "convolution";

/** Why the op is no loop nest of these dimensions; nothing when it is. */
export function nestMisfit(op: Op): string | undefined {
  if (op.kind === "fft" || op.kind === "butterflyLinear")
    return `${op.kind} is no nest over weights and inputs`;
  if (op.kind !== "convolution") return undefined;
  if (op.transposed !== undefined) return "a transposed convolution scatters its inputs";
  return op.depth === undefined ? undefined : "a convolution in three dimensions has two loops more";
}

/** The nest of the op at a step of its phase. */
export function nestOf(
  op: NestOp,
  step: number,
  precision: Precision,
  { accumulatorBits }: MacArraySpec,
): Problem {
  const width = bitsOf(precision);
  const bits = { W: width, I: width, O: width, partial: Math.max(width, accumulatorBits) };
  if (op.kind === "convolution") return convolutionNest(op, bits);
  const rows = op.experts === undefined ? at(op.rows, step) : Math.ceil(op.experts.routed / op.count);
  const shape = { count: op.count, rows, inner: at(op.inner, step), columns: at(op.columns, step) };
  return productProblem(op.name, shape, bits);
}

function convolutionNest(op: Convolution & Op, bits: Problem["bits"]): Problem {
  const { height, width } = outputSize(op);
  return {
    name: op.name,
    sizes: sizesOf({
      B: op.batch,
      G: op.groups,
      K: op.filters / op.groups,
      C: op.channels / op.groups,
      OY: height,
      OX: width,
      FY: op.kernel[0],
      FX: op.kernel[1],
    }),
    stride: { y: op.stride[0], x: op.stride[1] },
    dilation: { y: op.dilation[0], x: op.dilation[1] },
    input: { y: op.height, x: op.width },
    bits,
  };
}
