/** Attention in one node: ONNX's own (opset 23) and those that runtimes put together (com.microsoft). */
import { type Call, input, int, ranked } from "../call.ts";
import type { Operator, Work } from "../operator.ts";
import { elementsOf } from "../read-tensor.ts";
import { Refused } from "../refused.ts";
import { products, rowwise } from "../shapes-of-work.ts";
import { last, type Result } from "../value.ts";

interface Sizes {
  readonly batch: number;
  readonly heads: number;
  /** Rows of queries, and positions of keys with those of a cache. */
  readonly queries: number;
  readonly positions: number;
  readonly headSize: number;
  readonly valueSize: number;
}

/** Scores, softmax and context of `heads` query heads. */
function attentionWork(
  { batch, heads, queries, positions, headSize, valueSize }: Sizes,
  [query, key, value]: readonly [number | string, number | string, number | string],
): readonly Work[] {
  const count = batch * heads;
  return [
    {
      part: "scores",
      shape: products(count, [queries, headSize, positions], "activations"),
      reads: [query, key],
    },
    {
      part: "softmax",
      shape: { kind: "softmax", count, rows: queries, width: positions, parametersPerElement: 0 },
      reads: ["scores"],
    },
    {
      part: "context",
      shape: products(count, [queries, positions, valueSize], "activations"),
      reads: ["softmax", value],
    },
  ];
}

/** com.microsoft.Attention: one matrix for queries, keys and values, then attention. */
export const packedAttention: Operator = {
  becomes: "matmul, softmax",
  infer: (call) => {
    const { type, shape } = ranked(call, 0, 3, 3);
    const sizes = ints3(call);
    return [{ type, shape: [...shape.slice(0, 2), sizes.value] }];
  },
  work: (call) => {
    const [batch = 0, sequence = 0, inner = 0] = input(call, 0).shape;
    const heads = int(call, "num_heads", 1);
    const { hidden, value } = ints3(call);
    const past = call.inputs[4]?.shape.at(-2) ?? 0;
    const sizes: Sizes = {
      batch,
      heads,
      queries: sequence,
      positions: past + sequence,
      headSize: hidden / heads,
      valueSize: value / heads,
    };
    const bias = call.inputs[2]?.constant === true;
    return [
      {
        part: "projection",
        shape: products(1, [batch * sequence, inner, 2 * hidden + value], "parameters", bias),
        reads: [0],
        weights: { input: 1, transposed: false },
      },
      ...attentionWork(sizes, ["projection", "projection", "projection"]),
    ];
  },
};

/** Sizes of queries (and keys) and of values in a packed matrix. */
function ints3(call: Call): { readonly hidden: number; readonly value: number } {
  const given = call.node.attributes.get("qkv_hidden_sizes")?.ints;
  if (given !== undefined && given.length === 3) return { hidden: given[0] ?? 0, value: given[2] ?? 0 };
  const third = last(ranked(call, 1, 2, 2).shape) / 3;
  if (!Number.isInteger(third))
    throw new Refused(call.where, "a matrix of three equal parts", `${3 * third} columns`);
  return { hidden: third, value: third };
}

/** com.microsoft.MultiHeadAttention: queries, keys and values given, [batch, sequence, hidden]. */
export const multiHeadAttention: Operator = {
  becomes: "matmul, softmax",
  infer: (call) => {
    const query = ranked(call, 0, 3, 3);
    const value = call.inputs[2] ?? query;
    return [{ type: query.type, shape: [...query.shape.slice(0, 2), last(value.shape)] }];
  },
  work: (call) => {
    const [batch = 0, queries = 0, hidden = 0] = ranked(call, 0, 3, 3).shape;
    const heads = int(call, "num_heads", 1);
    const [key, value] = [ranked(call, 1, 3, 3), ranked(call, 2, 3, 3)];
    const past = call.inputs[6]?.shape.at(-2) ?? 0;
    const positions = past + (key.shape[1] ?? 0);
    const sizes = {
      batch,
      heads,
      queries,
      positions,
      headSize: hidden / heads,
      valueSize: last(value.shape) / heads,
    };
    return attentionWork(sizes, [0, 1, 2]);
  },
};

/** com.microsoft.GroupQueryAttention: several query heads share a key head; the cache is given and given back. */
export const groupQueryAttention: Operator = {
  becomes: "matmul, softmax",
  infer: (call) => {
    const query = ranked(call, 0, 3, 3);
    const { queries, positions, headSize, batch } = groupSizes(call);
    const shared = int(call, "kv_num_heads", 1);
    const cache: Result = { type: query.type, shape: [batch, shared, positions, headSize] };
    const hidden = int(call, "num_heads", 1) * headSize;
    return [{ type: query.type, shape: [batch, queries, hidden] }, cache, cache];
  },
  work: (call) => {
    const rotated = int(call, "do_rotary", 0) === 1;
    const { batch, queries, heads, headSize } = groupSizes(call);
    const rows = [batch * queries * (heads + int(call, "kv_num_heads", 1)), headSize];
    const rotary: Work = {
      part: "rotary",
      shape: rowwise("rotary", rows),
      reads: [0, 1],
    };
    // One tensor may hold queries, keys and values.
    const [key, value] = [call.inputs[1] === undefined ? 0 : 1, call.inputs[2] === undefined ? 0 : 2];
    if (!rotated) return attentionWork(groupSizes(call), [0, key, value]);
    return [rotary, ...attentionWork(groupSizes(call), ["rotary", "rotary", value])];
  },
};

function groupSizes(call: Call): Sizes {
  const query = ranked(call, 0, 3, 3);
  const [batch = 0, queries = 0, hidden = 0] = query.shape;
  const [heads, shared] = [int(call, "num_heads", 1), int(call, "kv_num_heads", 1)];
  const packed = call.inputs[1] === undefined;
  const headSize = packed ? hidden / (heads + 2 * shared) : hidden / heads;
  // A cache of its full length is written in place.
  const positions = Math.max(queries, call.inputs[3]?.shape[2] ?? 0);
  return { batch, heads, queries, positions, headSize, valueSize: headSize };
}

/** ONNX's Attention: 4 axes with the heads apart, or 3 with the number of heads told. */
export const attention: Operator = {
  becomes: "matmul, softmax",
  infer: (call) => {
    const query = ranked(call, 0, 3, 4);
    const { heads, queries, valueSize, batch } = ownSizes(call);
    const apart = query.shape.length === 4;
    const shape = apart ? [batch, heads, queries, valueSize] : [batch, queries, heads * valueSize];
    return [{ type: query.type, shape }];
  },
  work: (call) => attentionWork(ownSizes(call), [0, 1, 2]),
};

function ownSizes(call: Call): Sizes {
  const [query, key, value] = [ranked(call, 0, 3, 4), ranked(call, 1, 3, 4), ranked(call, 2, 3, 4)];
  const past = call.inputs[4]?.shape.at(-2) ?? 0;
  if (query.shape.length === 4) {
    const [batch = 0, heads = 0, queries = 0, headSize = 0] = query.shape;
    return {
      batch,
      heads,
      queries,
      headSize,
      positions: past + (key.shape[2] ?? 0),
      valueSize: last(value.shape),
    };
  }
  const [batch = 0, queries = 0, hidden = 0] = query.shape;
  const heads = int(call, "q_num_heads", 1);
  const shared = int(call, "kv_num_heads", heads);
  return {
    batch,
    heads,
    queries,
    headSize: hidden / heads,
    positions: past + (key.shape[1] ?? 0),
    valueSize: last(value.shape) / shared,
  };
}

/** Rotates pairs of each head's elements by their position. */
export const rotaryEmbedding: Operator = {
  becomes: "rotary",
  infer: (call) => [{ type: input(call, 0).type, shape: input(call, 0).shape }],
  work: (call) => [{ shape: rowwise("rotary", input(call, 0).shape), reads: [0] }],
};

/** com.microsoft.EmbedLayerNormalization: words, positions and segments, and their norm. */
export const embedLayerNorm: Operator = {
  becomes: "embedding, layernorm",
  infer: (call) => {
    const { type, shape } = ranked(call, 2, 2, 2);
    const tokens = input(call, 0).shape;
    return [
      { type, shape: [...tokens, last(shape)] },
      { type: input(call, 0).type, shape: tokens.slice(0, 1) },
    ];
  },
  work: (call) => {
    const tables = [2, 3, 4].flatMap((at) => call.inputs[at] ?? []);
    const rows = elementsOf(input(call, 0).shape);
    const width = last(ranked(call, 2, 2, 2).shape);
    const norm = rowwise("layernorm", [rows, width], { parameters: 2 });
    return [
      {
        part: "embedding",
        shape: { kind: "embedding", rows, width, entries: tables.map(({ shape }) => shape[0] ?? 0) },
        reads: [0, 1],
        weights: { input: 2, transposed: true },
      },
      { part: "norm", shape: norm, reads: ["embedding"] },
    ];
  },
};

/** An activation behind a bias. */
export const biasGelu: Operator = {
  becomes: "gelu",
  infer: (call) => [{ type: input(call, 0).type, shape: input(call, 0).shape }],
  work: (call) => {
    const bias = call.inputs[1]?.constant === true ? 1 : 0;
    return [{ shape: rowwise("gelu", input(call, 0).shape, { parameters: bias }), reads: [0] }];
  },
};
