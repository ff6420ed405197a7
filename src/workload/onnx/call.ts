/** A node with what is known of its inputs, as the rules of operators see it. */
import type { AttributeMessage, NodeMessage } from "./message.ts";
import { Refused } from "./refused.ts";
import type { Value } from "./value.ts";

export interface Call {
  readonly node: NodeMessage;
  /** "node conv1 (Conv)". */
  readonly where: string;
  /** Version of the operator set that the node belongs to. */
  readonly opset: number;
  readonly inputs: readonly (Value | undefined)[];
  /** Elements of a tensor that an attribute holds, where they are few. */
  readonly tensorOf: (attribute: AttributeMessage) => Value;
}

export const placeOf = ({ name, operator, outputs }: NodeMessage): string =>
  `node ${name || outputs[0] || "without a name"} (${operator})`;

/** @throws Refused where the node has no such input */
export function input({ inputs, where }: Call, index: number): Value {
  const value = inputs[index];
  if (value === undefined) throw new Refused(where, `an input ${index}`, `${inputs.length} inputs`);
  return value;
}

export const rankOf = (value: Value): number => value.shape.length;

/** @throws Refused where the input has another rank */
export function ranked(call: Call, index: number, atLeast: number, atMost = Number.POSITIVE_INFINITY): Value {
  const value = input(call, index);
  const rank = rankOf(value);
  if (rank < atLeast || rank > atMost) {
    const range =
      atMost === atLeast ? `${atLeast}` : atMost < 100 ? `${atLeast} to ${atMost}` : `at least ${atLeast}`;
    throw new Refused(call.where, `an input ${index} of rank ${range}`, `[${value.shape.join(", ")}]`);
  }
  return value;
}

export const int = ({ node }: Call, name: string, otherwise: number): number =>
  node.attributes.get(name)?.int ?? otherwise;

export const float = ({ node }: Call, name: string, otherwise: number): number =>
  node.attributes.get(name)?.float ?? otherwise;

export const text = ({ node }: Call, name: string, otherwise: string): string =>
  node.attributes.get(name)?.text ?? otherwise;

export const ints = ({ node }: Call, name: string): readonly number[] | undefined =>
  node.attributes.get(name)?.ints;

/** Integers of an attribute where old opsets have them, else of an input. */
export const intsOrInput = (call: Call, name: string, index: number): readonly number[] | undefined =>
  ints(call, name) ?? (call.inputs[index] === undefined ? undefined : known(call, index));

/** Elements of an input that decide a shape. @throws Refused where they are computed by the run */
export function known(call: Call, index: number): readonly number[] {
  const value = input(call, index);
  if (value.data === undefined)
    throw new Refused(
      call.where,
      "values that are known before the run, for they decide a shape",
      `${JSON.stringify(value.name)}, which ${whyUnknown(value)}`,
    );
  return value.data;
}

const whyUnknown = ({ name, constant, given }: Value): string => {
  if (given) return `is an input of the run (--value ${JSON.stringify(name).slice(1, -1)}=[1, 2] sets it)`;
  return constant ? "is too large to be followed" : "the run computes";
};

/** An axis from 0 on; negative ones count from the last. @throws Refused beyond the rank */
export function axisOf({ where }: Call, axis: number, rank: number): number {
  const from = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(from) || from < 0 || from >= Math.max(1, rank))
    throw new Refused(where, `an axis from ${-rank} to ${rank - 1}`, String(axis));
  return from;
}

/** The shape of tensors that work element by element together. @throws Refused where they do not go together */
export function broadcast({ where }: Call, shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const size = sizes.find((each) => each !== 1) ?? 1;
    if (sizes.some((each) => each !== 1 && each !== size))
      throw new Refused(
        where,
        "shapes that go together",
        shapes.map((shape) => `[${shape.join(", ")}]`).join(" and "),
      );
    return size;
  });
}
