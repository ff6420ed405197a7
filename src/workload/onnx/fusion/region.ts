/** Small parts of a graph from one value to another, recognised by what they compute rather than by how they are written. */
import type { Step } from "../interpret.ts";
import { elementsOf } from "../read-tensor.ts";
import type { Value } from "../value.ts";
import { type LiveGraph, operatorName } from "./live-graph.ts";

/** A row of numbers. */
export type Row = readonly number[];

export interface Region {
  readonly entry: Value;
  readonly exit: Step;
  readonly covered: readonly Step[];
}

const mostSteps = 16;

/** The steps on all ways from `entry` to `exit`, when nothing else than constants enters and nothing else leaves. */
export function regionBetween(graph: LiveGraph, entry: Value, exit: Step): Region | undefined {
  const covered = new Set<Step>();
  const open = [exit];
  while (open.length > 0) {
    const step = open.pop();
    if (step === undefined || covered.has(step)) continue;
    if (!(operatorName(step) in computes) || covered.size >= mostSteps) return undefined;
    covered.add(step);
    for (const value of step.call.inputs) {
      if (value === undefined || value === entry || value.constant) continue;
      const maker = graph.maker.get(value);
      if (maker === undefined) return undefined;
      open.push(maker);
    }
  }
  const inside = [...covered].every(
    (step) =>
      step === exit ||
      step.results.every(
        (value) =>
          !graph.outputs.has(value) &&
          (graph.readers.get(value) ?? []).every((reader) => covered.has(reader)),
      ),
  );
  return inside ? { entry, exit, covered: [...covered] } : undefined;
}

/** Values from which the anchor's input may be made, the nearest first. */
export function entriesBefore(graph: LiveGraph, anchor: Step, depth = 6): readonly Value[] {
  const found: Value[] = [];
  let front: readonly Step[] = [anchor];
  for (let level = 0; level < depth; level += 1) {
    const values = front.flatMap(({ call }) =>
      call.inputs.flatMap((value) => (value === undefined || value.constant ? [] : [value])),
    );
    for (const value of values) if (!found.includes(value)) found.push(value);
    front = values
      .flatMap((value) => graph.maker.get(value) ?? [])
      .filter((step) => operatorName(step) in computes);
  }
  return found;
}

/** Steps that read what the anchor makes, the farthest first. */
export function exitsBehind(graph: LiveGraph, anchor: Step, depth = 10): readonly Step[] {
  const found: Step[] = [];
  let front: readonly Step[] = [anchor];
  for (let level = 0; level < depth && front.length > 0; level += 1) {
    const readers = front
      .flatMap(({ results }) => results.flatMap((value) => graph.readers.get(value) ?? []))
      .filter((step) => operatorName(step) in computes && !found.includes(step));
    front = [...new Set(readers)];
    found.push(...front);
  }
  return found.reverse();
}

/** What the region makes of a row; undefined when a constant in it is no single number. */
export function valueAt(graph: LiveGraph, { entry, exit }: Region, row: Row): Row | undefined {
  const known = new Map<Value, Row>([[entry, row]]);
  const of = (value: Value): Row | undefined => {
    const before = known.get(value);
    if (before !== undefined) return before;
    if (value.constant) {
      const [number] = elementsOf(value.shape) === 1 ? (value.data ?? []) : [];
      return number === undefined ? undefined : row.map(() => number);
    }
    const step = graph.maker.get(value);
    const made = step === undefined ? undefined : computed(step, of);
    if (made !== undefined) known.set(value, made);
    return made;
  };
  return computed(exit, of);
}

function computed(step: Step, of: (value: Value) => Row | undefined): Row | undefined {
  const compute = computes[operatorName(step)];
  const inputs = step.call.inputs.flatMap((value) => (value === undefined ? [] : [value]));
  // The axes of a reduction, and the limits of a clip, are no rows.
  const taken = operatorName(step).startsWith("Reduce") ? inputs.slice(0, 1) : inputs;
  const rows = taken.flatMap((value) => {
    const found = of(value);
    return found === undefined ? [] : [found];
  });
  return rows.length === taken.length ? compute?.(step, rows) : undefined;
}

type Compute = (step: Step, rows: readonly Row[]) => Row | undefined;

const each =
  (f: (a: number, b: number, c: number) => number): Compute =>
  (_, [a = [], b = [], c = []]) =>
    a.map((x, at) => f(x, b[at] ?? 0, c[at] ?? 0));

const attribute = ({ call: { node } }: Step, name: string, otherwise: number): number =>
  node.attributes.get(name)?.float ?? otherwise;

const computes: Readonly<Record<string, Compute>> = {
  Identity: each((x) => x),
  Cast: each((x) => x),
  Dropout: each((x) => x),
  Add: each((a, b) => a + b),
  Sub: each((a, b) => a - b),
  Mul: each((a, b) => a * b),
  Div: each((a, b) => a / b),
  Pow: each((a, b) => a ** b),
  Max: each((a, b) => Math.max(a, b)),
  Min: each((a, b) => Math.min(a, b)),
  Neg: each((x) => -x),
  Abs: each((x) => Math.abs(x)),
  Sqrt: each((x) => Math.sqrt(x)),
  Reciprocal: each((x) => 1 / x),
  Exp: each((x) => Math.exp(x)),
  Log: each((x) => Math.log(x)),
  Tanh: each((x) => Math.tanh(x)),
  Erf: each((x) => erf(x)),
  Sigmoid: each((x) => 1 / (1 + Math.exp(-x))),
  Softplus: each((x) => Math.log(1 + Math.exp(x))),
  Relu: each((x) => Math.max(0, x)),
  HardSigmoid: (step, rows) =>
    each((x) => Math.min(1, Math.max(0, attribute(step, "alpha", 0.2) * x + attribute(step, "beta", 0.5))))(
      step,
      rows,
    ),
  Clip: (step, rows) => {
    const [row = [], low, high] = rows;
    const least = low?.[0] ?? attribute(step, "min", Number.NEGATIVE_INFINITY);
    const most = high?.[0] ?? attribute(step, "max", Number.POSITIVE_INFINITY);
    return row.map((x) => Math.min(most, Math.max(least, x)));
  },
  ReduceMean: (step, [row = []]) => {
    if (!overLast(step)) return undefined;
    const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
    return row.map(() => mean);
  },
};

/** Reduces the last axis and keeps it, so that its results go with rows again. */
function overLast({ call, results }: Step): boolean {
  const [from, to] = [call.inputs[0]?.shape ?? [], results[0]?.shape ?? []];
  return (
    from.length === to.length &&
    to.at(-1) === 1 &&
    to.every((size, axis) => axis === to.length - 1 || size === from[axis])
  );
}

/** To 1e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26. */
export function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592];
  const sum = series.reduce((total, factor) => (total + factor) * t, 0);
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}

/** Equal but for the constants' rounding in 16 bits. */
export const alike = (found: Row | undefined, wanted: Row): boolean =>
  found !== undefined &&
  found.length === wanted.length &&
  found.every((x, at) => Math.abs(x - (wanted[at] ?? 0)) <= 4e-3 * Math.max(0.5, Math.abs(wanted[at] ?? 0)));
