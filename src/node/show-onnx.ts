/** A summary of an ONNX model: what goes in and out, its ops by kind, and what was recognised. */
import { type Column, columnLines, type Paint, wrapped } from "../report/columns.ts";
import { amount, grouped, percent } from "../report/human.ts";
import { macsOf, outputElements, parametersOf } from "../workload/count.ts";
import type { OnnxGraph } from "../workload/onnx/import.ts";
import type { Value } from "../workload/onnx/value.ts";
import type { Op } from "../workload/op.ts";

interface Kind {
  readonly kind: string;
  readonly ops: number;
  readonly macs: number;
  readonly parameters: number;
  readonly outputElements: number;
}

/** JSON-safe. */
export function onnxSummary(graph: OnnxGraph) {
  const { producer, opset, nodes, liveNodes, ops, patterns, storedElements, precision, notes } = graph;
  const kinds = kindsOf(ops);
  const densities = [...graph.sparsity].map(([op, found]) => ({ op, ...found }));
  return {
    producer,
    opset,
    nodes,
    liveNodes,
    ops: ops.length,
    macs: total(kinds, ({ macs }) => macs),
    parameters: total(kinds, ({ parameters }) => parameters),
    storedElements,
    precision: precision ?? null,
    inputs: graph.inputs.map(shapeOf),
    outputs: graph.outputs.map(shapeOf),
    kinds,
    patterns: Object.fromEntries(patterns),
    ...(densities.length === 0 ? {} : { sparsity: densities }),
    notes,
  };
}

export function onnxLines(graph: OnnxGraph, file: string, width: number, paint: Paint): readonly string[] {
  const { producer, opset, nodes, macs, parameters, precision, inputs, outputs, kinds, patterns, notes } =
    onnxSummary(graph);
  const text = (line: string): readonly string[] => wrapped(line, width, 2);
  const found = Object.entries(patterns).map(([name, times]) => `${times} x ${name}`);
  return [
    paint("bold", file),
    ...text(
      `ONNX, opset ${opset}${producer === "" ? "" : `, by ${producer}`}; ${nodes} nodes, ${graph.ops.length} ops`,
    ),
    ...text(
      `${grouped(macs)} MACs, ${grouped(parameters)} parameters${precision === null ? "" : ` in ${precision}`}`,
    ),
    ...inputs.flatMap((value) => text(`input ${valueText(value)}`)),
    ...outputs.flatMap((value) => text(`output ${valueText(value)}`)),
    "",
    ...columnLines(kindColumns(kinds), width, paint),
    ...(found.length === 0 ? [] : ["", ...text(`recognised: ${found.join(", ")}`)]),
    ...sparsityLines(graph, width),
    ...(notes.length === 0 ? [] : ["", ...notes.flatMap(text).map((line) => paint("yellow", line))]),
  ];
}

function kindsOf(ops: readonly Op[]): readonly Kind[] {
  const names = new Map<string, Op[]>();
  for (const op of ops) {
    const name = "operation" in op && op.operation !== undefined ? `${op.kind}: ${op.operation}` : op.kind;
    const group = names.get(name);
    if (group === undefined) names.set(name, [op]);
    else group.push(op);
  }
  const sum = (group: readonly Op[], of: (op: Op) => number): number =>
    group.reduce((all, op) => all + of(op), 0);
  const kinds = [...names].map(([kind, group]) => ({
    kind,
    ops: group.length,
    macs: sum(group, (op) => macsOf(op)),
    parameters: sum(group, parametersOf),
    outputElements: sum(group, (op) => outputElements(op)),
  }));
  return kinds.sort((a, b) => b.macs - a.macs || b.outputElements - a.outputElements);
}

const total = (kinds: readonly Kind[], of: (kind: Kind) => number): number =>
  kinds.reduce((sum, kind) => sum + of(kind), 0);

const shapeOf = ({ name, type, shape }: Value) => ({ name, type: type.name, shape });

const valueText = ({ name, type, shape }: ReturnType<typeof shapeOf>): string =>
  `${name}: ${type} [${shape.join(", ")}]`;

function kindColumns(kinds: readonly Kind[]): readonly Column[] {
  const column = (header: string, rank: number, of: (kind: Kind) => string): Column => ({
    header,
    align: "right",
    rank,
    cells: kinds.map(of),
  });
  return [
    { header: "kind", align: "left", rank: 0, cells: kinds.map(({ kind }) => kind) },
    column("ops", 0, ({ ops }) => String(ops)),
    column("MACs", 0, ({ macs }) => (macs === 0 ? "" : amount(macs))),
    column("parameters", 0, ({ parameters }) => (parameters === 0 ? "" : amount(parameters))),
    column("output elements", 1, (kind) => amount(kind.outputElements)),
  ];
}

/** How many matrices have each pattern, and how dense the others are. */
function sparsityLines({ sparsity }: OnnxGraph, width: number): readonly string[] {
  if (sparsity.size === 0) return [];
  const all = [...sparsity.values()];
  const times = new Map<string, number>();
  for (const { pattern } of all) {
    const name = pattern === undefined ? "no pattern" : `${pattern.n}:${pattern.m}`;
    times.set(name, (times.get(name) ?? 0) + 1);
  }
  const densities = all.map(({ density }) => density);
  const range = `density ${percent(Math.min(...densities))} to ${percent(Math.max(...densities))}`;
  const found = [...times].map(([name, count]) => `${count} x ${name}`).join(", ");
  return ["", ...wrapped(`weights: ${found}; ${range}`, width, 2)];
}
