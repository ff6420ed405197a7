/** The op shapes that many operators share. */
import type { MatMul, Movement, OpShape, Reduction, Rowwise } from "../op.ts";
import type { Call } from "./call.ts";
import { elementsOf } from "./read-tensor.ts";
import { last, type Value } from "./value.ts";

/** Rows of the last dimension's width. */
export function rowwise(
  kind: Rowwise["kind"],
  shape: readonly number[],
  { operation, parameters = 0 }: { readonly operation?: string; readonly parameters?: number } = {},
): Rowwise {
  const width = Math.max(1, last(shape));
  return {
    kind,
    count: 1,
    rows: elementsOf(shape) / width,
    width,
    parametersPerElement: parameters,
    ...(operation === undefined ? {} : { operation }),
  };
}

/** Element by element. A trained operand is counted whole: the width is then its size. */
export function elementwise(call: Call, operation: string, { shape }: Value): Rowwise {
  const elements = elementsOf(shape);
  const trained = Math.max(
    0,
    ...call.inputs.map((value) => (value !== undefined && isTrained(value) ? elementsOf(value.shape) : 0)),
  );
  if (trained <= 1 || elements % trained !== 0) return rowwise("elementwise", shape, { operation });
  return {
    kind: "elementwise",
    operation,
    count: 1,
    rows: elements / trained,
    width: trained,
    parametersPerElement: 1,
  };
}

/** Numbers from the file that are no indices, masks or single constants. */
export const isTrained = (value: Value): boolean =>
  value.constant && value.roots.length > 0 && value.type.kind === "float" && elementsOf(value.shape) > 1;

export const movement = (operation: string, { shape }: Value, read?: number): Movement => ({
  kind: "movement",
  operation,
  inputElements: read ?? elementsOf(shape),
  elements: elementsOf(shape),
});

export const reduction = (operation: string, from: readonly number[], to: readonly number[]): Reduction => {
  const rows = Math.max(1, elementsOf(to));
  return { kind: "reduction", operation, count: 1, rows, width: elementsOf(from) / rows };
};

export const products = (
  count: number,
  [rows, inner, columns]: readonly [number, number, number],
  right: MatMul["right"],
  bias = false,
): MatMul => ({ kind: "matmul", count, rows, inner, columns, right, bias });

/** Nothing is left of an op without elements. */
export const isEmpty = (shape: OpShape): boolean => {
  if (shape.kind === "movement") return shape.elements === 0;
  if (shape.kind === "convolution" || shape.kind === "pooling") return false;
  return shape.rows === 0 || ("count" in shape && shape.count === 0);
};
