/** Rotary embedding as exporters write it: x * cosine + (-second half, first half) * sine. */
import type { Step } from "../interpret.ts";
import { elementsOf } from "../read-tensor.ts";
import { rowwise } from "../shapes-of-work.ts";
import { last, type Value } from "../value.ts";
import { type Fused, type LiveGraph, onlyReader, operatorName } from "./live-graph.ts";

export const rotaryAnchors = ["Concat"];

export function rotary(graph: LiveGraph, anchor: Step): Fused | undefined {
  const [first, second, ...more] = anchor.call.inputs;
  const negated = makerOf(graph, first, ["Neg"]);
  const left = makerOf(graph, negated?.call.inputs[0], ["Slice", "Split"]);
  const right = makerOf(graph, second, ["Slice", "Split"]);
  const x = left?.call.inputs[0];
  if (more.length > 0 || !negated || !left || !right || !x || right.call.inputs[0] !== x) return undefined;
  const sine = onlyReader(graph, anchor.results[0]);
  const exit = onlyReader(graph, sine?.results[0]);
  if (!sine || !exit || operatorName(sine) !== "Mul" || operatorName(exit) !== "Add") return undefined;
  const other = exit.call.inputs.find((value) => value !== sine.results[0]);
  const cosine = makerOf(graph, other, ["Mul"]);
  if (!cosine?.call.inputs.includes(x) || onlyReader(graph, other) !== exit) return undefined;
  const covered = [...new Set([left, right, negated, anchor, sine, cosine, exit])];
  const inside = [left, right, negated].every(({ results }) =>
    results.every((value) => !graph.outputs.has(value) && readersWithin(graph, value, covered)),
  );
  if (!inside || elementsOf(anchor.results[0]?.shape ?? []) !== elementsOf(x.shape)) return undefined;
  const tables = [sine, cosine].flatMap(({ call }) =>
    call.inputs.filter((value) => value?.constant === false && value !== x && value !== anchor.results[0]),
  );
  // Heads are split before: the op reads them where they lie.
  const split = makerOf(graph, x, ["Transpose"]);
  const through = split !== undefined && !graph.outputs.has(x) && readersWithin(graph, x, covered);
  return {
    pattern: "rotary embedding",
    covered: through ? [...covered, split] : covered,
    exit,
    named: exit,
    inputs: [through ? split.call.inputs[0] : x, ...tables],
    work: [{ shape: rowwise("rotary", [elementsOf(x.shape) / last(x.shape), last(x.shape)]) }],
  };
}

function makerOf(graph: LiveGraph, value: Value | undefined, operators: readonly string[]): Step | undefined {
  const step = value === undefined ? undefined : graph.maker.get(value);
  return step !== undefined && operators.includes(operatorName(step)) ? step : undefined;
}

const readersWithin = (graph: LiveGraph, value: Value, covered: readonly Step[]): boolean =>
  (graph.readers.get(value) ?? []).every((reader) => covered.includes(reader));
