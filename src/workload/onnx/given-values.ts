/** What the user says that inputs of the graph hold, where it decides shapes. */
import { nearest } from "../../schema/nearest.ts";
import { dimensionName } from "./dimensions.ts";
import { elementType } from "./element-type.ts";
import type { GraphMessage, ValueMessage } from "./message.ts";
import { elementsOf } from "./read-tensor.ts";
import { Refused } from "./refused.ts";

type Values = Readonly<Record<string, readonly number[]>>;
type SizeOf = (value: string, axis: number, name: string | undefined) => number | undefined;

/** A list that is given is as long as it is: the open size of an input of one dimension. */
export const sizesOfValues = (graph: GraphMessage, values: Values): Readonly<Record<string, number>> =>
  Object.fromEntries(
    inputsOf(graph).flatMap(({ name, type }): [string, number][] => {
      const [size, ...more] = type?.kind === "tensor" ? (type.shape ?? [0]) : [0];
      const given = values[name];
      return given === undefined || typeof size === "number" || more.length > 0
        ? []
        : [[dimensionName(name, 0, size), given.length]];
    }),
  );

/** Names that are no inputs, and numbers that do not go with the input's type and shape. */
export function valueProblems(graph: GraphMessage, values: Values, sizeOf: SizeOf): readonly Refused[] {
  const inputs = inputsOf(graph);
  const names = inputs.map(({ name }) => name);
  return Object.entries(values).flatMap(([name, given]): readonly Refused[] => {
    const where = `--value ${name}`;
    const input = inputs.find((each) => each.name === name);
    if (input === undefined) {
      const expected = names.length === 0 ? "no input: the graph has none" : `one of ${names.join(", ")}`;
      return [new Refused(where, expected, withMeant(name, names))];
    }
    if (input.type?.kind !== "tensor") return [];
    const { kind, name: type } = elementType(input.type.element, where);
    const shape = (input.type.shape ?? []).map((size, axis) =>
      typeof size === "number" ? size : sizeOf(name, axis, size),
    );
    const sizes = shape.flatMap((size) => size ?? []);
    const known = sizes.length === shape.length ? elementsOf(sizes) : given.length;
    return [
      ...(known === given.length
        ? []
        : [new Refused(where, `${known} numbers for [${sizes.join(", ")}]`, String(given.length))]),
      ...(kind === "float" || (kind !== "string" && given.every(Number.isSafeInteger))
        ? []
        : [
            new Refused(
              where,
              kind === "string" ? "an input of numbers" : `whole numbers of ${type}`,
              found(given, type),
            ),
          ]),
    ];
  });
}

const found = (given: readonly number[], type: string): string =>
  type === "string" ? "one of strings" : `[${given.join(", ")}]`;

/** A name, and the one that was most likely meant. */
export function withMeant(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return `${JSON.stringify(name)}${meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`}`;
}

function inputsOf({ inputs, initializers }: GraphMessage): readonly ValueMessage[] {
  const stored = new Set(initializers.map(({ name }) => name));
  return inputs.filter(({ name }) => !stored.has(name));
}
