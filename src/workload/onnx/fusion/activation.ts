/** Activations that an exporter wrote as arithmetic: GELU by erf or tanh, SiLU, Swish variants. */
import type { Step } from "../interpret.ts";
import { rowwise } from "../shapes-of-work.ts";
import type { Fused, LiveGraph } from "./live-graph.ts";
import { alike, entriesBefore, erf, exitsBehind, type Row, regionBetween, valueAt } from "./region.ts";

export const activationAnchors = ["Erf", "Tanh", "Sigmoid", "HardSigmoid", "Softplus", "Clip"];

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

const known: readonly {
  readonly kind: "gelu" | "silu" | "elementwise";
  readonly name: string;
  readonly of: (x: number) => number;
}[] = [
  { kind: "gelu", name: "GELU", of: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)) },
  {
    kind: "gelu",
    name: "GELU",
    of: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  },
  { kind: "gelu", name: "GELU", of: (x) => x * sigmoid(1.702 * x) },
  { kind: "silu", name: "SiLU", of: (x) => x * sigmoid(x) },
  { kind: "elementwise", name: "hardSwish", of: (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6 },
  { kind: "elementwise", name: "mish", of: (x) => x * Math.tanh(Math.log(1 + Math.exp(x))) },
];

/** The forms of GELU differ by less than 16-bit constants do; both signs are looked at. */
const samples: Row = [-5, -3.1, -1.7, -0.9, -0.25, 0, 0.4, 1.3, 2.2, 3.6, 6.5];

export function activation(graph: LiveGraph, anchor: Step): Fused | undefined {
  const entries = entriesBefore(graph, anchor);
  for (const exit of exitsBehind(graph, anchor))
    for (const entry of entries) {
      const region = regionBetween(graph, entry, exit);
      const found = region === undefined ? undefined : valueAt(graph, region, samples);
      const match = known.find(({ of }) => alike(found, samples.map(of)));
      if (region === undefined || match === undefined) continue;
      const { kind, name } = match;
      const shape = rowwise(kind, entry.shape, kind === "elementwise" ? { operation: name } : {});
      return {
        pattern: name,
        covered: region.covered,
        exit,
        named: exit,
        inputs: [entry],
        work: [{ shape }],
      };
    }
  return undefined;
}
