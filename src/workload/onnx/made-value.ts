/** The value that a rule's result is in the graph: whether it is there before the run, and of which tensors of the file it is made. */
import type { Call } from "./call.ts";
import type { TensorMessage } from "./message.ts";
import { draws } from "./operators/random.ts";
import type { Result, Value } from "./value.ts";

export function valueMade({ type, shape, data }: Result, name: string, { node, inputs }: Call): Value {
  const given = inputs.flatMap((value) => value ?? []);
  const drawn = node.domain === "" && draws.has(node.operator);
  const constant = data !== undefined || (!drawn && given.every((value) => value.constant));
  const tensor = node.operator === "Constant" ? node.attributes.get("value")?.tensor : undefined;
  const roots = tensor === undefined ? rootsOf(given) : [tensor];
  const flips = node.operator === "Transpose" && shape.length === 2;
  const turned = constant && flips !== (given[0]?.turned === true);
  const stored = { constant, roots: constant ? roots : [], ...(turned ? { turned } : {}) };
  return { name, type, shape, ...stored, ...dataField(data) };
}

export const dataField = (data: readonly number[] | undefined) => (data === undefined ? {} : { data });

function rootsOf(values: readonly Value[]): readonly TensorMessage[] {
  const [first, ...more] = values.filter(({ roots }) => roots.length > 0);
  if (more.length === 0) return first?.roots ?? [];
  return [...new Set(values.flatMap(({ roots }) => roots))];
}
