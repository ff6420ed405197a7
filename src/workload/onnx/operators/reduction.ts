/** Reductions along axes. */
import { axisOf, type Call, input, int, intsOrInput } from "../call.ts";
import { int64 } from "../element-type.ts";
import type { Operator, Operators } from "../operator.ts";
import { elementsOf } from "../read-tensor.ts";
import { reduction } from "../shapes-of-work.ts";
import { mostFolded, type Result, result, stridesOf, type Value } from "../value.ts";

type Join = (all: readonly number[]) => number;

const sum: Join = (all) => all.reduce((total, each) => total + each, 0);
const joins: Readonly<Record<string, Join | undefined>> = {
  ReduceSum: sum,
  ReduceMean: (all) => sum(all) / all.length,
  ReduceMax: (all) => Math.max(...all),
  ReduceMin: (all) => Math.min(...all),
  ReduceProd: (all) => all.reduce((product, each) => product * each, 1),
  ReduceL1: undefined,
  ReduceL2: undefined,
  ReduceLogSum: undefined,
  ReduceLogSumExp: undefined,
  ReduceSumSquare: undefined,
};

export const reductionOperators: Operators = {
  ...Object.fromEntries(Object.entries(joins).map(([name, join]) => [name, reduced(name, join)])),
  ArgMax: best("argMax"),
  ArgMin: best("argMin"),
};

function reduced(name: string, join: Join | undefined): Operator {
  const operation = name.charAt(6).toLowerCase() + name.slice(7);
  return {
    becomes: "reduction",
    infer: (call) => {
      const value = input(call, 0);
      const axes = axesOf(call, value);
      return [alongAxes(value, axes, int(call, "keepdims", 1) === 1, join)];
    },
    work: (call, [made]) => {
      const { shape } = input(call, 0);
      if (made === undefined || elementsOf(shape) === 0) return [];
      return [{ shape: reduction(operation, shape, made.shape) }];
    },
  };
}

function axesOf(call: Call, { shape }: Value): readonly number[] {
  const given = intsOrInput(call, "axes", 1);
  if (given !== undefined && given.length > 0) return given.map((axis) => axisOf(call, axis, shape.length));
  return int(call, "noop_with_empty_axes", 0) === 1 ? [] : shape.map((_, axis) => axis);
}

function alongAxes(
  { type, shape, data }: Value,
  axes: readonly number[],
  keep: boolean,
  join: Join | undefined,
): Result {
  const made = keep
    ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !axes.includes(axis));
  if (join === undefined || data === undefined || data.length > mostFolded) return { type, shape: made };
  const strides = stridesOf(shape);
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const target = stridesOf(kept);
  const groups = new Map<number, number[]>();
  for (const [at, x] of data.entries()) {
    const place = strides.reduce(
      (total, stride, axis) =>
        total +
        (axes.includes(axis) ? 0 : (Math.floor(at / stride) % (shape[axis] ?? 1)) * (target[axis] ?? 0)),
      0,
    );
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [x]);
    else group.push(x);
  }
  const places = Array.from({ length: elementsOf(made) }, (_, place) => join(groups.get(place) ?? []));
  return result(type, made, places);
}

/** Where the best of each row stands. */
function best(operation: string): Operator {
  const axis = (call: Call): number => axisOf(call, int(call, "axis", 0), input(call, 0).shape.length);
  return {
    becomes: "reduction",
    infer: (call) => {
      const { shape } = input(call, 0);
      const keep = int(call, "keepdims", 1) === 1;
      const along = axis(call);
      const made = keep
        ? shape.map((size, at) => (at === along ? 1 : size))
        : shape.filter((_, at) => at !== along);
      return [{ type: int64, shape: made }];
    },
    work: (call, [made]) => {
      const { shape } = input(call, 0);
      return made === undefined || elementsOf(shape) === 0
        ? []
        : [{ shape: reduction(operation, shape, made.shape) }];
    },
  };
}
