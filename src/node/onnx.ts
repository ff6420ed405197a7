/** ONNX models from disk, for scripts: what cannot be taken is thrown. */
import { type OnnxFields, readOnnx } from "../config/onnx.ts";
import { formatProblems } from "../schema/problem.ts";
import type { OnnxGraph } from "../workload/onnx/import.ts";
import { fileLibrary } from "./library.ts";

/**
 * The ops of a model, with its inputs and outputs. Weights are not read.
 * @param options `dims: {batch: 4}` sizes of open dimensions
 * @throws Error with every problem of the model, one a line
 */
export function onnxGraph(
  path: string,
  options: Pick<Partial<OnnxFields>, "dims" | "allowUnknown" | "measureSparsity"> = {},
): OnnxGraph {
  const read = readOnnx(path, "", fileLibrary(), options, { file: path, line: 1, column: 1 });
  if (!read.ok) throw new Error(formatProblems(read.problems));
  return read.graph;
}
