/**
 * A mixture of experts as ops: a router picks some of many feed-forward networks for each token. How tokens spread depends on
 * the text; here they spread evenly, which uses the most experts that so many tokens can use.
 */
import { dense, rowwise } from "./make-op.ts";
import type { LayerModel } from "./model.ts";
import type { MatMul, Op } from "./op.ts";

export function expertOps(
  { embedding: width, feedForward: wide, activation, gated, bias }: LayerModel,
  { count, active }: { readonly count: number; readonly active: number },
  tokens: number,
  input: string,
): readonly Op[] {
  const routed = tokens * active;
  const used = Math.min(count, routed);
  const matrix = (name: string, of: string, inner: number, columns: number): Op & MatMul => ({
    ...dense(name, of, Math.ceil(routed / used), inner, columns, bias.feedForward),
    inputs: [of, "choice"],
    count: used,
    experts: { of: count, routed },
  });
  return [
    dense("router", input, tokens, width, count, false),
    rowwise("routerSoftmax", "softmax", ["router"], 1, tokens, count),
    rowwise("choice", "argmax", ["routerSoftmax"], active, tokens, count),
    ...(gated ? [matrix("gate", input, width, wide)] : []),
    matrix("expand", input, width, wide),
    rowwise("activation", activation, [gated ? "gate" : "expand"], 1, routed, wide),
    ...(gated ? [rowwise("gated", "elementwise", ["activation", "expand"], 1, routed, wide)] : []),
    matrix("contract", gated ? "gated" : "activation", wide, width),
    rowwise("weighted", "elementwise", ["contract", "choice"], 1, routed, width),
    rowwise("combined", "residual", ["weighted"], active - 1, tokens, width),
  ];
}
