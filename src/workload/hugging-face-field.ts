/** Fields that the readers of several families share. */
import { z } from "zod";
import type { Activation, Biases } from "./model.ts";

export const count = z.int().min(1);

/** The approximations of GELU differ in values, not in cost. */
const activations = {
  gelu: "gelu",
  gelu_new: "gelu",
  gelu_fast: "gelu",
  gelu_pytorch_tanh: "gelu",
  relu: "relu",
  silu: "silu",
  swish: "silu",
} as const satisfies Record<string, Activation>;

export const activation = z
  .enum(["gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "relu", "silu", "swish"])
  .transform((name): Activation => activations[name]);

/** All matrices alike. */
export const biases = (bias: boolean): Biases => ({
  query: bias,
  key: bias,
  value: bias,
  projection: bias,
  feedForward: bias,
});
