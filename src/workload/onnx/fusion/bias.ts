/** Trained numbers that a product takes with it: a bias that is added behind it, a batch normalisation folded into its weights. */
import type { Step } from "../interpret.ts";
import type { Work } from "../operator.ts";
import { elementsOf } from "../read-tensor.ts";
import { last } from "../value.ts";
import { type Fused, type LiveGraph, operatorName } from "./live-graph.ts";

export const biasAnchors = ["Add", "BatchNormalization"];

export function bias(graph: LiveGraph, anchor: Step): Fused | undefined {
  const { inputs } = anchor.call;
  const [data, ...more] = inputs.filter((value) => value !== undefined && !value.constant);
  const producer = data === undefined ? undefined : graph.maker.get(data);
  if (more.length > 0 || data === undefined || producer === undefined) return undefined;
  if (graph.outputs.has(data) || (graph.readers.get(data)?.length ?? 0) > 1) return undefined;
  const [work, ...others] = producer.operator.work(producer.call, producer.results);
  if (work === undefined || others.length > 0) return undefined;
  const isNorm = operatorName(anchor) === "BatchNormalization";
  const biased = isNorm ? normalized(work) : added(work, anchor, data.shape);
  if (biased === undefined) return undefined;
  return {
    pattern: isNorm ? "batch normalisation in a convolution" : "bias",
    covered: [producer, anchor],
    exit: anchor,
    named: producer,
    inputs: producer.call.inputs,
    work: [biased],
  };
}

/** The scale goes into the weights, the shift into the bias. */
function normalized(work: Work): Work | undefined {
  const { shape } = work;
  if (shape.kind === "convolution" && shape.right === undefined)
    return { ...work, shape: { ...shape, bias: true } };
  if (shape.kind === "matmul" && shape.right === "parameters" && shape.count === 1)
    return { ...work, shape: { ...shape, bias: true } };
  return undefined;
}

function added(work: Work, { call }: Step, made: readonly number[]): Work | undefined {
  const constant = call.inputs.find((value) => value?.constant);
  const { shape } = work;
  if (constant === undefined) return undefined;
  const elements = elementsOf(constant.shape);
  if (shape.kind === "matmul" && shape.right === "parameters" && shape.count === 1 && !shape.bias) {
    const fits = elements === shape.columns && last(constant.shape) === elements && last(made) === elements;
    return fits ? { ...work, shape: { ...shape, bias: true } } : undefined;
  }
  if (shape.kind === "convolution" && !shape.bias && shape.right === undefined) {
    const channelAxis = constant.shape.length - (made.length - 1);
    const fits = elements === shape.filters && constant.shape[channelAxis] === elements;
    return fits ? { ...work, shape: { ...shape, bias: true } } : undefined;
  }
  return undefined;
}
