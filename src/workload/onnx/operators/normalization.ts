/** Normalisations and softmax. */
import { axisOf, type Call, input, int, ranked } from "../call.ts";
import { float32 } from "../element-type.ts";
import type { Operator, Operators, Work } from "../operator.ts";
import { elementsOf } from "../read-tensor.ts";
import { rowwise } from "../shapes-of-work.ts";
import type { Result, Value } from "../value.ts";

export const normalizationOperators: Operators = {
  BatchNormalization: {
    becomes: "batchnorm, or part of the convolution before it",
    infer: (call) => {
      const made = like(call);
      const statistics = { type: made.type, shape: [made.shape[1] ?? 1] };
      return [made, statistics, statistics, statistics, statistics];
    },
    work: (_, [made]) => (made === undefined ? [] : channelwise(made)),
  },
  InstanceNormalization: {
    becomes: "layernorm of each channel, batchnorm for its scale and shift",
    infer: (call) => [like(call)],
    work: (call, [made]) => (made === undefined ? [] : grouped(call, made, made.shape[1] ?? 1)),
  },
  GroupNormalization: {
    becomes: "layernorm of each group, batchnorm for its scale and shift",
    infer: (call) => [like(call)],
    work: (call, [made]) => (made === undefined ? [] : grouped(call, made, int(call, "num_groups", 1))),
  },
  MeanVarianceNormalization: {
    becomes: "layernorm",
    infer: (call) => [like(call)],
    work: (call, [made]) => (made === undefined ? [] : grouped(call, made, made.shape[1] ?? 1)),
  },
  LayerNormalization: layerNorm("layernorm"),
  RMSNormalization: layerNorm("rmsnorm"),
  SimplifiedLayerNormalization: layerNorm("rmsnorm"),
  LpNormalization: plain("lpNormalization"),
  LRN: plain("lrn"),
  Softmax: softmax("softmax"),
  LogSoftmax: softmax("softmax"),
  Hardmax: softmax("argmax"),
};

/** Skip connections and norms that runtimes put together (com.microsoft). */
export const skipNorm = (kind: "layernorm" | "rmsnorm"): Operator => ({
  becomes: `residual and ${kind}`,
  infer: (call) => {
    const made = like(call);
    return [made, undefined, undefined, made];
  },
  work: (call, [made]) => {
    if (made === undefined) return [];
    const parameters = call.inputs
      .slice(2, kind === "layernorm" ? 4 : 3)
      .filter((each) => each?.constant).length;
    return [
      { part: "residual", shape: rowwise("residual", made.shape), reads: [0, 1] },
      { part: "norm", shape: rowwise(kind, made.shape, { parameters }), reads: ["residual"] },
    ];
  },
});

function like(call: Call): Result {
  const { type, shape } = input(call, 0);
  return { type, shape };
}

/** Two parameters for each channel: the mean and the variance are folded into them. */
function channelwise({ shape }: Value): readonly Work[] {
  const width = shape[1] ?? 1;
  const rows = elementsOf(shape) / Math.max(1, width);
  return [{ shape: { kind: "batchnorm", count: 1, rows, width, parametersPerElement: 2 } }];
}

/** Some channels of an image are a row; scale and shift, where they are trained, belong to each channel. */
function grouped(call: Call, { shape }: Value, groups: number): readonly Work[] {
  const rows = (shape[0] ?? 1) * groups;
  const width = elementsOf(shape) / Math.max(1, rows);
  const norm: Work = {
    part: "norm",
    shape: { kind: "layernorm", count: 1, rows, width, parametersPerElement: 0 },
  };
  const trained = call.inputs.slice(1, 3).filter((each) => each?.constant).length;
  if (trained === 0) return [{ shape: norm.shape }];
  const channels = shape[1] ?? 1;
  const each = elementsOf(shape) / Math.max(1, channels);
  const scale = {
    kind: "batchnorm",
    count: 1,
    rows: each,
    width: channels,
    parametersPerElement: trained,
  } as const;
  return [norm, { part: "scale", shape: scale, reads: ["norm"] }];
}

/** Rows are all axes from `axis` on, together. */
function layerNorm(kind: "layernorm" | "rmsnorm"): Operator {
  return {
    becomes: kind,
    infer: (call) => {
      const { shape } = ranked(call, 0, 1);
      const axis = axisOf(call, int(call, "axis", -1), shape.length);
      const statistics = { type: float32, shape: shape.map((size, at) => (at < axis ? size : 1)) };
      return [like(call), statistics, statistics];
    },
    work: (call, [made]) => {
      if (made === undefined) return [];
      const axis = axisOf(call, int(call, "axis", -1), made.shape.length);
      const width = elementsOf(made.shape.slice(axis));
      const trained = call.inputs.slice(1, 3).filter((each) => each?.constant).length;
      return [
        {
          shape: {
            kind,
            count: 1,
            rows: elementsOf(made.shape) / width,
            width,
            parametersPerElement: trained,
          },
        },
      ];
    },
  };
}

function softmax(kind: "softmax" | "argmax"): Operator {
  return {
    becomes: kind,
    infer: (call) => [like(call)],
    work: (call, [made]) => {
      if (made === undefined) return [];
      // Up to opset 12 the axes from `axis` on are one row.
      const flat = call.opset < 13;
      const axis = axisOf(call, int(call, "axis", flat ? 1 : -1), Math.max(2, made.shape.length));
      const width = Math.max(1, flat ? elementsOf(made.shape.slice(axis)) : (made.shape[axis] ?? 1));
      return [
        { shape: { kind, count: 1, rows: elementsOf(made.shape) / width, width, parametersPerElement: 0 } },
      ];
    },
  };
}

function plain(operation: string): Operator {
  return {
    becomes: "elementwise",
    infer: (call) => [like(call)],
    work: (call) => [{ shape: rowwise("elementwise", input(call, 0).shape, { operation }) }],
  };
}
