/** The operators that the importer knows, by domain. Adding one is an entry in its family's file. */
import type { Operator, Operators } from "../operator.ts";
import {
  attention,
  biasGelu,
  embedLayerNorm,
  groupQueryAttention,
  multiHeadAttention,
  packedAttention,
  rotaryEmbedding,
} from "./attention.ts";
import { convolutionOperators } from "./convolution.ts";
import { elementwiseOperators } from "./elementwise.ts";
import { gatherOperators } from "./gather.ts";
import { fusedMatMul, matmulOperators } from "./matmul.ts";
import { movementOperators } from "./movement.ts";
import { normalizationOperators, skipNorm } from "./normalization.ts";
import { poolingOperators } from "./pooling.ts";
import { quantizationOperators } from "./quantization.ts";
import { randomOperators } from "./random.ts";
import { recurrentOperators } from "./recurrent.ts";
import { reductionOperators } from "./reduction.ts";
import { shapeOperators } from "./shape.ts";
import { signalOperators } from "./signal.ts";

/** The families of ONNX's own domain. */
export const families: Readonly<Record<string, Operators>> = {
  "matrix products": matmulOperators,
  convolution: convolutionOperators,
  pooling: poolingOperators,
  normalisation: normalizationOperators,
  attention: { Attention: attention, RotaryEmbedding: rotaryEmbedding },
  recurrent: recurrentOperators,
  elementwise: elementwiseOperators,
  reduction: reductionOperators,
  movement: movementOperators,
  indexing: gatherOperators,
  shape: shapeOperators,
  quantisation: quantizationOperators,
  signals: signalOperators,
  random: randomOperators,
};

/** What ONNX Runtime puts together. */
const microsoft: Operators = {
  Attention: packedAttention,
  MultiHeadAttention: multiHeadAttention,
  GroupQueryAttention: groupQueryAttention,
  RotaryEmbedding: rotaryEmbedding,
  EmbedLayerNormalization: embedLayerNorm,
  SkipLayerNormalization: skipNorm("layernorm"),
  SkipSimplifiedLayerNormalization: skipNorm("rmsnorm"),
  BiasGelu: biasGelu,
  FastGelu: biasGelu,
  Gelu: biasGelu,
  QuickGelu: biasGelu,
  FusedMatMul: fusedMatMul,
};

export const domains: Readonly<Record<string, Readonly<Record<string, Operators>>>> = {
  "": families,
  "com.microsoft": { "fused by ONNX Runtime": microsoft },
};

const operators: ReadonlyMap<string, Operator> = new Map(
  Object.entries(domains).flatMap(([domain, groups]) =>
    Object.values(groups).flatMap((group) =>
      Object.entries(group).map(([name, operator]): [string, Operator] => [`${domain}:${name}`, operator]),
    ),
  ),
);

export const operatorOf = (domain: string, name: string): Operator | undefined =>
  operators.get(`${domain}:${name}`);

/** Names of all operators of a domain, for errors. */
export const operatorNames = (): readonly string[] =>
  [...operators.keys()].map((key) => key.replace(/^:/, ""));
