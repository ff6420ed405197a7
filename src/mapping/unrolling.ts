/** Spatial unrolling: which loops run side by side on the dimensions of the array, and what is left to run in time. */
import type { Operand, OperandHierarchy } from "../arch/operand-hierarchy.ts";
import { type Dimension, dimensions, type Problem } from "./problem.ts";

/** By dimension of the array: the loops on it and how far each is unrolled. */
export type Unrolling = Readonly<Record<string, Readonly<Partial<Record<Dimension, number>>>>>;

export interface Spatial {
  /** Iterations left to run in time, rounded up. */
  readonly temporal: Readonly<Record<Dimension, number>>;
  readonly lanes: readonly Lanes[];
}

export interface Lanes {
  readonly array: string;
  readonly dimension: Dimension;
  /** Lanes busy on average: 1000 columns on 14 lanes take 72 rounds of 13.9. */
  readonly mean: number;
}

/** An unrolling wider than its array or its loop, with the arithmetic; empty when it fits. */
export function unrollingMisfits({ array }: OperandHierarchy, unrolling: Unrolling): readonly string[] {
  const unknown = Object.keys(unrolling).filter((name) => !array.some((each) => each.name === name));
  return [
    ...unknown.map(
      (name) => `the array has no dimension ${name}; it has ${array.map((each) => each.name).join(", ")}`,
    ),
    ...array.flatMap(({ name, size }) => {
      const factors = Object.entries(unrolling[name] ?? {});
      const product = factors.reduce((all, [, factor]) => all * factor, 1);
      const shown = factors.map(([dimension, factor]) => `${dimension} ${factor}`).join(" x ");
      return product > size
        ? [`${shown} unrolls ${product} lanes on array dimension ${name}, which has ${size}`]
        : [];
    }),
  ];
}

/** Factors beyond the loop's size are cut to it, so that a layer smaller than the array leaves lanes idle. */
export function spatialOf(problem: Problem, unrolling: Unrolling): Spatial {
  const given = Object.entries(unrolling).flatMap(([array, factors]) =>
    dimensions.flatMap((dimension) => {
      const factor = Math.min(factors[dimension] ?? 1, problem.sizes[dimension]);
      return factor > 1 ? [{ array, dimension, factor }] : [];
    }),
  );
  const temporal = { ...problem.sizes };
  const lanes = given.map(({ array, dimension, factor }) => ({ array, dimension, mean: factor }));
  for (const dimension of dimensions) {
    const mine = given.filter((each) => each.dimension === dimension);
    const widest = mine.reduce((most, { factor }) => Math.max(most, factor), 1);
    const product = mine.reduce((all, { factor }) => all * factor, 1);
    temporal[dimension] = Math.ceil(problem.sizes[dimension] / product);
    // The widest of them is the one that is not always full.
    const partly = lanes.find((each) => each.dimension === dimension && each.mean === widest);
    if (partly !== undefined)
      partly.mean = problem.sizes[dimension] / temporal[dimension] / (product / widest);
  }
  return { temporal, lanes };
}

/** The lanes between each of the operand's memories and the one below it (the multipliers first); last, those beyond the outermost memory. */
export function lanesByLevel(
  { lanes }: Spatial,
  path: readonly { readonly spans: readonly string[] }[],
): readonly (readonly Lanes[])[] {
  const taken = new Set<string>();
  const levels = path.map(({ spans }) => {
    const mine = lanes.filter(({ array }) => spans.includes(array) && !taken.has(array));
    for (const name of spans) taken.add(name);
    return mine;
  });
  return [...levels, lanes.filter(({ array }) => !taken.has(array))];
}

/** The memories that hold the operand, from the multipliers outwards. */
export const pathOf = ({ memories }: OperandHierarchy, operand: Operand) =>
  memories.filter((memory) => memory.operands.includes(operand));
