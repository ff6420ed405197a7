/**
 * Scaled dot-product attention: a softmax between two products of activations. Scale and mask are part of its softmax, and the
 * transposes beside the products are how these read and write.
 */
import type { Step } from "../interpret.ts";
import type { Value } from "../value.ts";
import { type Fused, type LiveGraph, onlyReader, operatorName } from "./live-graph.ts";

export const attentionAnchors = ["Softmax"];

/** Between the scores and the softmax: scale and mask. */
const masking = new Set(["Add", "Sub", "Mul", "Div", "Where", "Max", "Min", "Cast", "Identity", "Clip"]);
/** Bytes that stay, or are read another way. */
const passing = new Set(["Cast", "Identity", "Dropout", "Reshape", "Squeeze", "Unsqueeze", "Flatten"]);

/** Several ops change: the softmax takes scale and mask, and the products take their transposes. */
export function attention(graph: LiveGraph, anchor: Step): readonly Fused[] {
  const scores = scoresBefore(graph, anchor);
  const context = contextBehind(graph, anchor.results[0]);
  if (scores === undefined || context === undefined) return [];
  const [work] = anchor.operator.work(anchor.call, anchor.results);
  if (work === undefined) return [];
  const masks = scores.path.flatMap(({ call }) => call.inputs.filter((value) => value?.constant === false));
  const softmax: Fused = {
    pattern: "attention",
    covered: [...scores.path, anchor],
    exit: anchor,
    named: anchor,
    inputs: [scores.product.results[0], ...masks.filter((value) => !madeBy(scores.path, value))],
    work: [work],
  };
  return [
    ...withoutTransposes(graph, scores.product),
    softmax,
    ...withoutTransposes(graph, context),
    ...[behind(graph, context)].flatMap((each) => each ?? []),
  ];
}

const madeBy = (path: readonly Step[], value: Value | undefined): boolean =>
  path.some(({ results }) => value !== undefined && results.includes(value));

/** Back from the softmax to the product of queries and keys, by the operand that leads there. */
function scoresBefore(
  graph: LiveGraph,
  anchor: Step,
): { readonly product: Step; readonly path: readonly Step[] } | undefined {
  const path: Step[] = [];
  let value = anchor.call.inputs[0];
  for (let length = 0; length < 10; length += 1) {
    const step = value === undefined ? undefined : graph.maker.get(value);
    if (step === undefined || value === undefined) return undefined;
    if (onlyReader(graph, value) === undefined) return undefined;
    if (isProduct(step)) return { product: step, path };
    const elementwise = masking.has(operatorName(step));
    if (!elementwise && !passing.has(operatorName(step))) return undefined;
    path.push(step);
    const size = value.shape.length;
    const inputs = step.call.inputs.filter((each): each is Value => each !== undefined && !each.constant);
    const leading = inputs.filter((each) => leadsToProduct(graph, each));
    value = leading.find((each) => each.shape.length === size) ?? leading[0];
  }
  return undefined;
}

/** A mask is made from something else than a product. */
function leadsToProduct(graph: LiveGraph, value: Value): boolean {
  let at: Value | undefined = value;
  for (let length = 0; length < 10 && at !== undefined; length += 1) {
    const step = graph.maker.get(at);
    if (step === undefined) return false;
    if (isProduct(step)) return true;
    if (!masking.has(operatorName(step)) && !passing.has(operatorName(step))) return false;
    at = step.call.inputs.find(
      (each) => each !== undefined && !each.constant && each.shape.length === at?.shape.length,
    );
  }
  return false;
}

function contextBehind(graph: LiveGraph, value: Value | undefined): Step | undefined {
  let at = value;
  for (let length = 0; length < 5; length += 1) {
    const step = onlyReader(graph, at);
    if (step === undefined) return undefined;
    if (isProduct(step)) return step;
    if (!passing.has(operatorName(step))) return undefined;
    at = step.results[0];
  }
  return undefined;
}

const isProduct = ({ call, operator, results }: Step): boolean => {
  const { node } = call;
  if (!["MatMul", "Einsum", "FusedMatMul", "Gemm"].includes(node.operator)) return false;
  const [work] = operator.work(call, results);
  return work?.shape.kind === "matmul" && work.shape.right === "activations";
};

/** The product reads its operands through transposes, reshapes between them included. */
function withoutTransposes(graph: LiveGraph, product: Step): readonly Fused[] {
  const covered: Step[] = [];
  const inputs = product.call.inputs.map((value) => {
    let at = value;
    let reader = product;
    for (;;) {
      const step = at === undefined ? undefined : graph.maker.get(at);
      if (step === undefined || !(operatorName(step) === "Transpose" || isScale(step))) return at;
      if (onlyReader(graph, at) !== reader) return at;
      covered.push(step);
      at = step.call.inputs.find((each) => each?.constant === false);
      reader = step;
    }
  });
  const work = product.operator.work(product.call, product.results);
  if (covered.length === 0) return [];
  return [
    { pattern: "attention", covered: [...covered, product], exit: product, named: product, inputs, work },
  ];
}

/** Queries or keys times one number: the scale of the scores. */
const isScale = (step: Step): boolean =>
  ["Mul", "Div"].includes(operatorName(step)) &&
  step.call.inputs.some((value) => value?.constant && value.shape.every((size) => size === 1));

/** Heads put together again. */
function behind(graph: LiveGraph, context: Step): Fused | undefined {
  const step = onlyReader(graph, context.results[0]);
  if (step === undefined || operatorName(step) !== "Transpose") return undefined;
  return {
    pattern: "attention",
    covered: [step],
    exit: step,
    named: step,
    inputs: step.call.inputs,
    work: [],
  };
}
