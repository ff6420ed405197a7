/** Makes the ops that every transformer has: a matrix with trained parameters, a norm, work on each row. */
import type { LayerModel } from "./model.ts";
import type { Extent, MatMul, Op, Rowwise } from "./op.ts";

export function dense(
  name: string,
  input: string,
  rows: Extent,
  inner: number,
  columns: number,
  bias: boolean,
): Op & MatMul {
  return { name, inputs: [input], kind: "matmul", count: 1, rows, inner, columns, right: "parameters", bias };
}

export function norm(
  { norm: kind }: Pick<LayerModel, "norm">,
  name: string,
  input: string,
  rows: Extent,
  width: number,
): Op & Rowwise {
  const parametersPerElement = kind === "layernorm" ? 2 : 1;
  return { ...rowwise(name, kind, [input], 1, rows, width), parametersPerElement };
}

export function rowwise(
  name: string,
  kind: Rowwise["kind"],
  inputs: readonly string[],
  count: number,
  rows: Extent,
  width: Extent,
): Op & Rowwise {
  return { name, inputs, kind, count, rows, width, parametersPerElement: 0 };
}
