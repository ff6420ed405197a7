/** ViT: Dosovitskiy et al. (arXiv 2010.11929). A patch is a word; one more stands for the class. */
import type { PatchModel } from "../model.ts";
import type { MatMul, Op, OpShape, Rowwise } from "../op.ts";
import { imageNetwork, type VisionOptions } from "./network.ts";

/** ViT-B/16. */
const base = {
  kind: "patches",
  family: "vit",
  layers: 12,
  hidden: 768,
  heads: 12,
  feedForward: 3072,
  activation: "gelu",
  patch: 16,
  channels: 3,
  classes: 1000,
  queryKeyValueBias: true,
} as const;

/** @throws RangeError when the image is no whole number of patches */
export function vitB16({ batch, image }: VisionOptions): readonly Op[] {
  if (image % base.patch !== 0) throw new RangeError(`a multiple of the patch of ${base.patch}`);
  return patchOps({ ...base, image }, batch);
}

/** The ops of `batch` images. */
export function patchOps(model: PatchModel, batch: number): readonly Op[] {
  const { image, patch, hidden, channels } = model;
  const tokens = (image / patch) ** 2 + 1;
  const net = imageNetwork({ batch, image, normalization: "folded" }, channels);
  const patches = net.convolution("patches", net.image, {
    filters: hidden,
    kernel: patch,
    stride: patch,
    padding: 0,
    bias: true,
    activation: "none",
  });
  const { ops } = net;
  // The class's word and a position for each word, added.
  ops.push({
    name: "positions",
    inputs: [patches.name],
    ...rowwise("elementwise", batch * tokens, hidden, tokens + 1),
  });
  let input = "positions";
  for (let layer = 1; layer <= model.layers; layer += 1)
    input = encoderLayer(ops, model, batch, tokens, `layer${layer}`, input);
  ops.push({ name: "norm", inputs: [input], ...rowwise("layernorm", batch * tokens, hidden, 2) });
  ops.push({ name: "head", inputs: ["norm"], ...matrix(batch, hidden, model.classes, true) });
  return ops;
}

function encoderLayer(
  ops: Op[],
  { hidden, heads, feedForward, activation, queryKeyValueBias }: PatchModel,
  batch: number,
  tokens: number,
  name: string,
  input: string,
): string {
  const rows = batch * tokens;
  const add = (part: string, inputs: readonly string[], shape: OpShape): string => {
    ops.push({ name: `${name}.${part}`, inputs, ...shape });
    return `${name}.${part}`;
  };
  const attention = {
    kind: "matmul",
    count: batch * heads,
    rows: tokens,
    right: "activations",
    bias: false,
  } as const;
  const size = hidden / heads;
  const attended = add("norm1", [input], rowwise("layernorm", rows, hidden, 2));
  const [query, key, value] = ["query", "key", "value"].map((part) =>
    add(part, [attended], matrix(rows, hidden, hidden, queryKeyValueBias)),
  );
  const scores = add("scores", named(query, key), { ...attention, inner: size, columns: tokens });
  const weights = add("softmax", [scores], {
    ...rowwise("softmax", tokens, tokens, 0),
    count: batch * heads,
  });
  const context = add("context", named(weights, value), { ...attention, inner: tokens, columns: size });
  const projection = add("projection", [context], matrix(rows, hidden, hidden, true));
  const mixed = add("residual1", [input, projection], rowwise("residual", rows, hidden, 0));
  const normed = add("norm2", [mixed], rowwise("layernorm", rows, hidden, 2));
  const wide = add("expand", [normed], matrix(rows, hidden, feedForward, true));
  const active = add("activation", [wide], rowwise(activation, rows, feedForward, 0));
  const narrow = add("contract", [active], matrix(rows, feedForward, hidden, true));
  return add("residual2", [mixed, narrow], rowwise("residual", rows, hidden, 0));
}

const named = (...names: readonly (string | undefined)[]): readonly string[] =>
  names.flatMap((name) => (name === undefined ? [] : [name]));

const rowwise = (
  kind: Rowwise["kind"],
  rows: number,
  width: number,
  parametersPerElement: number,
): Rowwise => ({ kind, count: 1, rows, width, parametersPerElement });

const matrix = (rows: number, inner: number, columns: number, bias: boolean): MatMul => ({
  kind: "matmul",
  count: 1,
  rows,
  inner,
  columns,
  right: "parameters",
  bias,
});
