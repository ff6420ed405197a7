/**
 * Reads an ONNX model as a graph of ops with exact sizes: messages off the wire, shapes by rules, shape arithmetic folded, what
 * exporters take apart put together again. Weights are not read.
 */
import type { Precision } from "../../precision.ts";
import type { Problem } from "../../schema/problem.ts";
import type { Op } from "../op.ts";
import { placeOf } from "./call.ts";
import { dimensionName, openDimensions } from "./dimensions.ts";
import { type Emitted, type EncodingOf, emit } from "./emit.ts";
import { sizesOfValues, valueProblems, withMeant } from "./given-values.ts";
import { type Interpreted, interpret } from "./interpret.ts";
import type { ModelMessage, NodeMessage } from "./message.ts";
import { operatorOf } from "./operators/index.ts";
import { readModel } from "./read-message.ts";
import { elementsOf } from "./read-tensor.ts";
import { Refused } from "./refused.ts";
import type { ByteSource } from "./source.ts";
import { encodingOf, type Sparsity, sparsityOf } from "./sparsity.ts";
import type { Value } from "./value.ts";
import { wireOf } from "./wire.ts";

export interface OnnxOptions {
  /** Sizes of open dimensions by name, or by place: "input_ids.0". */
  readonly dims?: Readonly<Record<string, number>>;
  /** What inputs of the graph hold that decide shapes, element by element. */
  readonly values?: Readonly<Record<string, readonly number[]>>;
  /** Lists operators without a rule as uncosted, instead of refusing the model. */
  readonly allowUnknown?: boolean;
  /** Reads the weights, and tells how sparse they are. */
  readonly measureSparsity?: boolean;
  /** Opens a file of external weights, beside the model. */
  readonly external?: (location: string) => ByteSource | undefined;
}

export interface OnnxGraph {
  readonly producer: string;
  readonly opset: number;
  readonly nodes: number;
  readonly liveNodes: number;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly ops: readonly Op[];
  /** How often each pattern was recognised. */
  readonly patterns: ReadonlyMap<string, number>;
  /** Elements of all floating-point and quantised tensors in the file. */
  readonly storedElements: number;
  /** Of most of the trained matrices; undefined where there is none, or where no machine computes in it. */
  readonly precision?: Precision;
  /** Of the matrices of the ops, by name, where it was measured. */
  readonly sparsity: ReadonlyMap<string, Sparsity>;
  readonly notes: readonly string[];
}

export type Imported =
  | { readonly ok: true; readonly graph: OnnxGraph }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The newest operator set whose changes the rules know. */
const newestOpset = 24;

/** @param file as messages call it */
export function importOnnx(source: ByteSource, file: string, options: OnnxOptions = {}): Imported {
  try {
    const wire = wireOf(source);
    const model = readModel(wire);
    const { values = {} } = options;
    const dims = { ...sizesOfValues(model.graph, values), ...options.dims };
    const sizeOf = (value: string, axis: number, name: string | undefined): number | undefined =>
      dims[dimensionName(value, axis, name)];
    const problems = [
      ...opsetProblems(model),
      ...dimensionProblems(model, dims, options),
      ...valueProblems(model.graph, values, sizeOf),
      ...unknownProblems(model, options),
    ];
    if (problems.length > 0) return refusal(file, problems);
    const interpreted = interpret(model, wire, sizeOf, values);
    if (options.allowUnknown !== true && interpreted.uncosted.length > 0)
      return refusal(file, refusedNodes(interpreted));
    const sparsity = new Map<string, Sparsity>();
    const measure: EncodingOf = (op, matrix) => {
      const found = sparsityOf(op, matrix, source, options.external);
      if (found === undefined) return undefined;
      sparsity.set(op.name, found);
      return encodingOf(op, found, matrix.tensor.type.bits);
    };
    const emitted = emit(interpreted, options.measureSparsity === true ? measure : undefined);
    return { ok: true, graph: { ...graphOf(model, interpreted, emitted), sparsity } };
  } catch (error) {
    if (error instanceof Refused) return refusal(file, [error]);
    throw error;
  }
}

const refusal = (file: string, problems: readonly Refused[]): Imported => ({
  ok: false,
  problems: problems.map(({ where, expected, found }) => ({
    file,
    line: 1,
    column: 1,
    ...(where === "" ? {} : { text: where }),
    code: "invalid",
    path: "",
    expected,
    found,
  })),
});

function graphOf(
  model: ModelMessage,
  interpreted: Interpreted,
  emitted: Emitted,
): Omit<OnnxGraph, "sparsity"> {
  const { inputs, outputs, nodes } = interpreted;
  const precision = precisionOf(emitted);
  return {
    producer: model.producer,
    opset: model.opsets.get("") ?? 1,
    nodes,
    liveNodes: emitted.liveNodes,
    inputs,
    outputs,
    ops: emitted.ops,
    patterns: emitted.patterns,
    storedElements: model.graph.initializers.reduce(
      (sum, { type, shape }) => sum + (type.kind === "float" || type.bits <= 8 ? elementsOf(shape) : 0),
      0,
    ),
    ...(precision === undefined ? {} : { precision }),
    notes: notesOf(interpreted, emitted),
  };
}

function precisionOf({ matrices }: Emitted): Precision | undefined {
  const elements = new Map<Precision, number>();
  for (const { tensor } of matrices.values()) {
    const { precision } = tensor.type;
    if (precision === undefined) continue;
    elements.set(precision, (elements.get(precision) ?? 0) + elementsOf(tensor.shape));
  }
  return [...elements].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/** What the graph leaves out or takes simpler than it is. */
function notesOf({ uncosted, nodes, steps }: Interpreted, { ops }: Emitted): readonly string[] {
  const unknown = uncosted.filter(({ why }) => why === "unknown").map(({ node }) => node);
  const behind = uncosted.filter(({ why }) => why === "behind").map(({ node }) => node);
  const recurrent = steps.filter(({ call }) => ["LSTM", "GRU", "RNN"].includes(call.node.operator)).length;
  return [
    ...counted(unknown, nodes).map((each) => `uncosted: ${each}, which has no rule`),
    ...(behind.length === 0
      ? []
      : [`uncosted: ${counted(behind, nodes).join(", ")}, whose sizes an operator without a rule decides`]),
    ...(recurrent === 0
      ? []
      : [
          `${recurrent} recurrent layers run all steps at once, though each step waits for the one before it`,
        ]),
    ...(ops.length === 0 ? ["the graph has no work: everything in it is known before the run"] : []),
  ];
}

/** "3 x NonMaxSuppression (1.2 % of 250 nodes)". */
function counted(list: readonly NodeMessage[], nodes: number): readonly string[] {
  const times = new Map<string, number>();
  for (const { domain, operator } of list) {
    const name = domain === "" ? operator : `${domain}:${operator}`;
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  return [...times].map(
    ([name, count]) =>
      `${count} x ${name} (${Number(((100 * count) / nodes).toPrecision(2))} % of ${nodes} nodes)`,
  );
}

function opsetProblems({ opsets }: ModelMessage): readonly Refused[] {
  const version = opsets.get("") ?? 1;
  if (version >= 1 && version <= newestOpset) return [];
  return [
    new Refused("opset_import", `ONNX's operators in a version from 1 to ${newestOpset}`, String(version)),
  ];
}

function dimensionProblems(
  { graph }: ModelMessage,
  dims: Readonly<Record<string, number>>,
  options: OnnxOptions,
): readonly Refused[] {
  const open = openDimensions(graph);
  const unset = [...open].filter(([name]) => !(name in dims));
  const strangers = Object.keys(options.dims ?? {}).filter((name) => !open.has(name));
  const names = [...open.keys()];
  return [
    ...unset.map(
      ([name, places]) =>
        new Refused(
          `input ${places.join(", ")}`,
          `a size for ${JSON.stringify(name)} (--dim ${name}=1)`,
          "none",
        ),
    ),
    ...strangers.map((name) => {
      const expected =
        names.length === 0 ? "no dimension: all sizes are in the file" : `one of ${names.join(", ")}`;
      return new Refused(`--dim ${name}`, expected, withMeant(name, names));
    }),
  ];
}

/** Operators of the graph and of the functions that it may call, each with how often it stands there. */
function unknownProblems(
  { graph, functions }: ModelMessage,
  { allowUnknown }: OnnxOptions,
): readonly Refused[] {
  if (allowUnknown === true) return [];
  const nodes = [...graph.nodes, ...[...functions.values()].flatMap((local) => local.nodes)];
  const known = ({ domain, operator }: NodeMessage): boolean =>
    operatorOf(domain, operator) !== undefined ||
    functions.has(`${domain}:${operator}`) ||
    (domain === "" && operator === "If");
  return counted(
    nodes.filter((node) => !known(node)),
    nodes.length,
  ).map(
    (found) =>
      new Refused("graph", "operators that have a rule (--allow-unknown lists them as uncosted)", found),
  );
}

/** Control flow that the run decides, and operators inside a branch. */
const refusedNodes = ({ uncosted }: Interpreted): readonly Refused[] =>
  uncosted
    .filter(({ why }) => why === "unknown")
    .map(({ node }) =>
      node.operator === "If"
        ? new Refused(placeOf(node), "a condition that is known before the run", "one that the run computes")
        : new Refused(
            placeOf(node),
            "an operator that has a rule (--allow-unknown lists it as uncosted)",
            node.operator,
          ),
    );
