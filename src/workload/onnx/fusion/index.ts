/** The patterns that several nodes make together. Adding one is its file and an entry in the list. */
import type { Step } from "../interpret.ts";
import { activation, activationAnchors } from "./activation.ts";
import { attention, attentionAnchors } from "./attention.ts";
import { bias, biasAnchors } from "./bias.ts";
import { type Fused, type LiveGraph, operatorName } from "./live-graph.ts";
import { norm, normAnchors } from "./norm.ts";
import { quantized, quantizedAnchors } from "./quantized.ts";
import { rotary, rotaryAnchors } from "./rotary.ts";

interface Pattern {
  /** Operators that only such a pattern has at its heart. */
  readonly anchors: readonly string[];
  readonly match: (graph: LiveGraph, anchor: Step) => readonly Fused[];
}

const one =
  (match: (graph: LiveGraph, anchor: Step) => Fused | undefined): Pattern["match"] =>
  (graph, anchor) => {
    const found = match(graph, anchor);
    return found === undefined ? [] : [found];
  };

/** In this order: a step belongs to the first that takes it. */
const patterns: readonly Pattern[] = [
  { anchors: normAnchors, match: one(norm) },
  { anchors: activationAnchors, match: one(activation) },
  { anchors: rotaryAnchors, match: one(rotary) },
  { anchors: biasAnchors, match: one(bias) },
  { anchors: attentionAnchors, match: attention },
  { anchors: quantizedAnchors, match: one(quantized) },
];

/** What is one op together, by each of its steps. */
export function fuse(graph: LiveGraph): ReadonlyMap<Step, Fused> {
  const taken = new Map<Step, Fused>();
  for (const { anchors, match } of patterns)
    for (const step of graph.steps) {
      if (!anchors.includes(operatorName(step)) || taken.has(step)) continue;
      for (const fused of match(graph, step)) {
        if (fused.covered.some((each) => taken.has(each))) continue;
        for (const each of fused.covered) taken.set(each, fused);
      }
    }
  return taken;
}
