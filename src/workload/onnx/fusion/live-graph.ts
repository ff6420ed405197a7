/** The steps that the run has to do, with who makes and who reads each value; and what a pattern makes of several of them. */
import type { Interpreted, Step } from "../interpret.ts";
import type { Work } from "../operator.ts";
import type { Value } from "../value.ts";

export interface LiveGraph {
  readonly steps: readonly Step[];
  readonly maker: ReadonlyMap<Value, Step>;
  readonly readers: ReadonlyMap<Value, readonly Step[]>;
  /** What the graph gives: it must be there, whatever is fused. */
  readonly outputs: ReadonlySet<Value>;
}

/** Steps that are one op together. */
export interface Fused {
  readonly pattern: string;
  /** Every one of them; the op stands where the last does. */
  readonly covered: readonly Step[];
  readonly exit: Step;
  /** The op's name is that of this node. */
  readonly named: Step;
  readonly inputs: readonly (Value | undefined)[];
  readonly work: readonly Work[];
}

/** Steps that reach an output and that the constants do not already answer. */
export function liveGraph({ steps, outputs, uncosted }: Interpreted): LiveGraph {
  const needed = new Set<Value>([...outputs, ...uncosted.flatMap(({ inputs }) => inputs)]);
  const live: Step[] = [];
  for (const step of steps.toReversed()) {
    if (!step.results.some((value) => needed.has(value) && !value.constant)) continue;
    live.push(step);
    for (const value of step.call.inputs) if (value !== undefined) needed.add(value);
  }
  live.reverse();
  const maker = new Map<Value, Step>();
  const readers = new Map<Value, Step[]>();
  for (const step of live) {
    for (const value of step.results) maker.set(value, step);
    for (const value of new Set(step.call.inputs)) {
      if (value === undefined) continue;
      const list = readers.get(value);
      if (list === undefined) readers.set(value, [step]);
      else list.push(step);
    }
  }
  const given = new Set([...outputs, ...uncosted.flatMap(({ inputs }) => inputs)]);
  return { steps: live, maker, readers, outputs: given };
}

export const operatorName = ({ call: { node } }: Step): string =>
  node.domain === "" ? node.operator : `${node.domain}:${node.operator}`;

/** The only step that reads a value which nothing else needs. */
export function onlyReader({ readers, outputs }: LiveGraph, value: Value | undefined): Step | undefined {
  if (value === undefined || outputs.has(value)) return undefined;
  const [reader, ...more] = readers.get(value) ?? [];
  return more.length === 0 ? reader : undefined;
}
