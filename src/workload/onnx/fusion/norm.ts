/** Layer and RMS normalisations that an exporter wrote as arithmetic, with their scale and shift. */
import type { Step } from "../interpret.ts";
import { elementsOf } from "../read-tensor.ts";
import { rowwise } from "../shapes-of-work.ts";
import { last, type Value } from "../value.ts";
import { type Fused, type LiveGraph, onlyReader, operatorName } from "./live-graph.ts";
import { alike, entriesBefore, exitsBehind, type Row, regionBetween, valueAt } from "./region.ts";

export const normAnchors = ["ReduceMean"];

const samples: Row = [3.1, -2.4, 5.2, 0.7, -6.3, 1.9, 4.4, -0.6];

const mean = (row: Row): number => row.reduce((sum, x) => sum + x, 0) / row.length;

const known: readonly {
  readonly kind: "layernorm" | "rmsnorm";
  readonly name: string;
  readonly of: (row: Row) => Row;
}[] = [
  {
    kind: "layernorm",
    name: "LayerNorm",
    of: (row) => {
      const centred = row.map((x) => x - mean(row));
      const root = Math.sqrt(mean(centred.map((x) => x * x)));
      return centred.map((x) => x / root);
    },
  },
  {
    kind: "rmsnorm",
    name: "RMSNorm",
    of: (row) => {
      const root = Math.sqrt(mean(row.map((x) => x * x)));
      return row.map((x) => x / root);
    },
  },
];

export function norm(graph: LiveGraph, anchor: Step): Fused | undefined {
  const entries = entriesBefore(graph, anchor, 3);
  for (const exit of exitsBehind(graph, anchor, 12))
    for (const entry of entries) {
      const region = regionBetween(graph, entry, exit);
      const found = region === undefined ? undefined : valueAt(graph, region, samples);
      const match = known.find(({ of }) => alike(found, of(samples)));
      if (region === undefined || match === undefined) continue;
      const trained = scaled(graph, exit, last(entry.shape));
      const parameters = trained.filter((step) => operatorName(step) !== "Cast").length;
      return {
        pattern: match.name,
        covered: [...region.covered, ...trained],
        exit: trained.at(-1) ?? exit,
        named: exit,
        inputs: [entry],
        work: [{ shape: rowwise(match.kind, entry.shape, { parameters }) }],
      };
    }
  return undefined;
}

/** The products and sums with a trained row that follow. */
function scaled(graph: LiveGraph, exit: Step, width: number): readonly Step[] {
  const found: Step[] = [];
  let casts: Step[] = [];
  let step: Step | undefined = exit;
  for (const wanted of ["Mul", "Add"]) {
    let next: Step | undefined = onlyReader(graph, step?.results[0]);
    if (next !== undefined && operatorName(next) === "Cast") {
      casts = [next];
      next = onlyReader(graph, next.results[0]);
    }
    if (next === undefined || operatorName(next) !== wanted || !withRow(next, width)) break;
    found.push(...casts, next);
    [step, casts] = [next, []];
  }
  return found;
}

const withRow = ({ call }: Step, width: number): boolean => {
  const constants = call.inputs.flatMap((value): Value[] => (value?.constant ? [value] : []));
  return (
    constants.length === 1 &&
    constants.every(({ shape }) => elementsOf(shape) === width && last(shape) === width)
  );
};
