/** A workload that is an ONNX model: the file itself, or a YAML that names it with sizes for its open dimensions. */
import { z } from "zod";
import { precisionNames } from "../precision.ts";
import { relativeTo } from "../schema/extend.ts";
import { count } from "../schema/field.ts";
import type { Place, Problem } from "../schema/problem.ts";
import { type Config, checkConfig, openConfig } from "../schema/read-config.ts";
import type { Workload } from "../workload/graph.ts";
import { layersOf } from "../workload/layers.ts";
import { importOnnx, type OnnxGraph } from "../workload/onnx/import.ts";
import type { ByteSource } from "../workload/onnx/source.ts";
import type { Library } from "./library.ts";

export const onnxFields = z.strictObject({
  name: z.string(),
  source: z.string().describe("where the model is published"),
  onnx: z.string().describe("path of the model, beside this file"),
  dims: z
    .record(z.string(), count)
    .optional()
    .describe("sizes of the dimensions that the exporter left open: batch, sequence .."),
  values: z
    .record(z.string(), z.array(z.number()))
    .optional()
    .describe("what inputs of the graph hold that decide shapes, element by element: { shape: [1, -1, 64] }"),
  precision: z
    .enum(precisionNames)
    .optional()
    .describe("of weights and activations; that of the stored weights unless given"),
  allowUnknown: z.boolean().optional().describe("operators without a rule are listed as uncosted"),
  measureSparsity: z.boolean().optional().describe("weights are read, and stored as sparse as they are"),
});

export type OnnxFields = z.output<typeof onnxFields>;

/** What the command line says of an ONNX model besides --set. */
export interface OnnxChoice {
  /** "batch=4". */
  readonly dim?: readonly string[];
  /** "shape=[1, -1, 64]". */
  readonly value?: readonly string[];
  readonly allowUnknown?: boolean;
  readonly measureSparsity?: boolean;
}

export const isOnnxFile = (name: string): boolean => /\.onnx$/i.test(name);

/** A workload's YAML that names a model. */
export const namesOnnx = (text: string): boolean => /^onnx\s*:/m.test(text);

/** The workload of a model or of the YAML around it. @param texts overrides, `dims.batch=4` */
export function readOnnxWorkload(
  name: string,
  from: string,
  library: Library,
  texts: readonly string[],
  choice: OnnxChoice,
): Config<Workload> {
  const bare = isOnnxFile(name);
  const source = bare ? { file: name, text: bareText(name) } : library.find("workloads", name, from);
  if (source === undefined) return missing({ file: name, line: 1, column: 1 }, name);
  const config = checkConfig(onnxFields, openConfig(source.text, source.file, { load: library.load }), texts);
  const wrong = choiceProblems(choice);
  if (!config.ok || wrong.length > 0)
    return { ok: false, problems: [...(config.ok ? [] : config.problems), ...wrong] };
  const at = config.tree.at;
  const path = bare ? name : relativeTo(source.file, config.value.onnx);
  const read = readOnnx(path, bare ? from : "", library, withChoice(config.value, choice), at);
  if (!read.ok) return { ok: false, problems: read.problems };
  const { graph } = read;
  const precision = config.value.precision ?? graph.precision;
  if (precision === undefined) return { ok: false, problems: [noPrecision(at)] };
  return { ...config, value: workloadOf(config.value, graph, precision) };
}

/** The graph of a model in a file. */
export function readOnnx(
  path: string,
  from: string,
  library: Library,
  fields: Partial<OnnxFields>,
  at: Place,
):
  | { readonly ok: true; readonly graph: OnnxGraph }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const source = library.bytes?.(path, from);
  if (source === undefined) return missing(at, path);
  const weights = new Map<string, ByteSource | undefined>();
  const external = (location: string): ByteSource | undefined => {
    if (!weights.has(location)) weights.set(location, library.bytes?.(relativeTo(path, location), from));
    return weights.get(location);
  };
  try {
    return importOnnx(source, path, {
      dims: fields.dims ?? {},
      values: fields.values ?? {},
      allowUnknown: fields.allowUnknown ?? false,
      measureSparsity: fields.measureSparsity ?? false,
      external,
    });
  } finally {
    for (const each of [source, ...weights.values()]) each?.close?.();
  }
}

/** The fields with what the command line says. */
export function withChoice<Fields extends Partial<OnnxFields>>(
  fields: Fields,
  { dim = [], value = [], allowUnknown, measureSparsity }: OnnxChoice,
) {
  const given = dim.map((text): [string, number] => {
    const [, name = "", size = "0"] = dimText.exec(text) ?? [];
    return [name, Number(size)];
  });
  const values = value.flatMap((text): [string, number[]][] => {
    const [, name = "", list = ""] = valueText.exec(text) ?? [];
    return name === "" ? [] : [[name, (list.match(numberIn) ?? []).map(Number)]];
  });
  return {
    ...fields,
    values: { ...fields.values, ...Object.fromEntries(values) },
    dims: { ...fields.dims, ...Object.fromEntries(given.filter(([, size]) => size > 0)) },
    allowUnknown: allowUnknown ?? fields.allowUnknown ?? false,
    measureSparsity: measureSparsity ?? fields.measureSparsity ?? false,
  };
}

const dimText = /^(.+)=([1-9]\d{0,8})$/;

const numberIn = /[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const valueText = new RegExp(
  `^(.+?)=(${numberIn.source}|\\[\\s*(?:${numberIn.source}\\s*(?:,\\s*${numberIn.source}\\s*)*)?\\])$`,
);

/** Sizes and values on the command line that are none. */
export const choiceProblems = ({ dim = [], value = [] }: OnnxChoice): Problem[] => [
  ...dim
    .filter((text) => !dimText.test(text))
    .map((text) => notUnderstood("--dim", text, "a dimension's name and its size, batch=4")),
  ...value
    .filter((text) => !valueText.test(text))
    .map((text) => notUnderstood("--value", text, "an input's name and its numbers, shape=[1, -1, 64]")),
];

const notUnderstood = (file: string, text: string, expected: string): Problem => ({
  file,
  line: 1,
  column: 1,
  text,
  code: "invalid",
  path: "",
  expected,
  found: JSON.stringify(text),
});

function workloadOf(
  { name, source }: OnnxFields,
  graph: OnnxGraph,
  precision: Workload["precision"],
): Workload {
  const { batch, sequence } = sizesOf(graph);
  return {
    name,
    source,
    precision,
    task: { kind: "inference", model: { kind: "graph", family: "onnx" }, batch, sequence },
    phases: [{ name: "inference", steps: 1, tokensPerStep: sequence, past: 0, blocks: layersOf(graph.ops) }],
    notes: graph.notes,
  };
}

/** The first input that is not set tells how many samples there are, and how many tokens each has when it is a table of indices. */
function sizesOf({ inputs }: OnnxGraph): { readonly batch: number; readonly sequence: number } {
  const first = inputs.find(({ data }) => data === undefined);
  const [batch = 1, sequence = 1, ...more] = first?.shape ?? [];
  const tokens = first?.type.kind === "integer" && more.length === 0 ? sequence : 1;
  return { batch: Math.max(1, batch), sequence: Math.max(1, tokens) };
}

const bareText = (path: string): string => {
  const name = (path.split(/[\\/]/).at(-1) ?? path).replace(/\.onnx$/i, "");
  return [
    `name: ${JSON.stringify(name)}`,
    `source: ${JSON.stringify(path)}`,
    `onnx: ${JSON.stringify(path)}`,
  ].join("\n");
};

const noPrecision = (at: Place): Problem => ({
  ...at,
  code: "missing-key",
  path: "precision",
  expected: `one of ${precisionNames.join(", ")}, for the model has no weights that tell it`,
  found: "nothing",
});

function missing(at: Place, path: string): { readonly ok: false; readonly problems: readonly Problem[] } {
  return {
    ok: false,
    problems: [
      {
        ...at,
        code: "missing-file",
        path: "onnx",
        expected: "an ONNX model",
        found: `"${path}", which is no file`,
      },
    ],
  };
}
