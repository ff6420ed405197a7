/** ONNX models: a workload's YAML that names the model, with the sizes that its open dimensions are given. */
import { basename, relative } from "node:path";
import { choiceProblems, readOnnx, withChoice } from "../../config/onnx.ts";
import { grouped } from "../../report/human.ts";
import { fileLibrary } from "../library.ts";
import { onnxSummary } from "../show-onnx.ts";
import type { ImportFormat } from "./format.ts";

export const onnxFormat: ImportFormat = {
  name: "onnx",
  summary: "an ONNX model (.onnx)",
  takes: (file) => /\.onnx$/i.test(file),
  binary: true,
  read({ file }, { onnx = {}, folder = "." }) {
    const problems = choiceProblems(onnx);
    if (problems.length > 0) return { ok: false, problems };
    const fields = withChoice({}, onnx);
    const read = readOnnx(file, "", fileLibrary(), fields, { file, line: 1, column: 1 });
    if (!read.ok) return read;
    const { macs, parameters, ops, opset, precision } = onnxSummary(read.graph);
    const name = basename(file).replace(/\.onnx$/i, "");
    const dims = Object.entries(fields.dims).map(([key, size]) => `${JSON.stringify(key)}: ${size}`);
    const values = Object.entries(fields.values).map(
      ([key, given]) => `${JSON.stringify(key)}: [${given.join(", ")}]`,
    );
    const lines = [
      `# ${ops} ops, ${grouped(macs)} MACs, ${grouped(parameters)} parameters; opset ${opset}`,
      `name: ${JSON.stringify(name)}`,
      `source: ${JSON.stringify(file)}`,
      `onnx: ${JSON.stringify(relative(folder, file).replaceAll("\\", "/"))}`,
      ...(dims.length === 0 ? [] : [`dims: { ${dims.join(", ")} }`]),
      ...(values.length === 0 ? [] : [`values: { ${values.join(", ")} }`]),
      ...(precision === null ? [] : [`precision: ${precision}`]),
      ...(fields.allowUnknown ? ["allowUnknown: true"] : []),
      ...(fields.measureSparsity ? ["measureSparsity: true"] : []),
    ];
    return { ok: true, family: "workloads", name, text: `${lines.join("\n")}\n`, notes: read.graph.notes };
  },
};
