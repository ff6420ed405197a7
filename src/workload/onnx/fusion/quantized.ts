/** Products of quantised operands: a DequantizeLinear before one tells how its numbers are meant, and takes no time of its own. */
import type { Step } from "../interpret.ts";
import { type Fused, type LiveGraph, operatorName } from "./live-graph.ts";

export const quantizedAnchors = ["DequantizeLinear"];

const products = new Set(["Conv", "ConvTranspose", "MatMul", "Gemm"]);

export function quantized(graph: LiveGraph, anchor: Step): Fused | undefined {
  const [value] = anchor.results;
  const readers = value === undefined ? [] : (graph.readers.get(value) ?? []);
  if (value === undefined || graph.outputs.has(value) || readers.length === 0) return undefined;
  const narrow = readers.every(
    (step) => products.has(operatorName(step)) && step.call.inputs.every((each) => isNarrow(graph, each)),
  );
  if (!narrow) return undefined;
  const { inputs } = anchor.call;
  return {
    pattern: "quantised product",
    covered: [anchor],
    exit: anchor,
    named: anchor,
    inputs: inputs.slice(0, 1),
    work: [],
  };
}

/** Comes from integers: stored ones, or those of another DequantizeLinear. */
function isNarrow(graph: LiveGraph, value: Step["call"]["inputs"][number]): boolean {
  if (value === undefined) return true;
  if (value.constant) return value.roots.some(({ type }) => type.kind === "integer");
  const maker = graph.maker.get(value);
  return maker !== undefined && operatorName(maker) === "DequantizeLinear";
}
