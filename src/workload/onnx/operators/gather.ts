/** Operators that take or set elements at places that indices tell. */
import { axisOf, input, int, known, ranked, rankOf } from "../call.ts";
import { int64 } from "../element-type.ts";
import type { Operator, Operators } from "../operator.ts";
import { checkedShape, elementsOf } from "../read-tensor.ts";
import { isTrained, movement } from "../shapes-of-work.ts";
import { last, picked, result, stridesOf } from "../value.ts";
import { like, moved } from "./movement.ts";

export const gatherOperators: Operators = {
  Gather: {
    becomes: "embedding of a trained table, else movement",
    infer: (call) => {
      const [table, indices] = [ranked(call, 0, 1), input(call, 1)];
      const axis = axisOf(call, int(call, "axis", 0), rankOf(table));
      const made = [...table.shape.slice(0, axis), ...indices.shape, ...table.shape.slice(axis + 1)];
      if (indices.data === undefined) return [result(table.type, made)];
      const strides = stridesOf(table.shape);
      const size = table.shape[axis] ?? 1;
      const found = indices.data;
      const inner = stridesOf(indices.shape);
      const from = (index: readonly number[]): number => {
        const place = inner.reduce((sum, stride, at) => sum + stride * (index[axis + at] ?? 0), 0);
        const taken = found[place] ?? 0;
        const rest = [
          ...index.slice(0, axis),
          taken < 0 ? taken + size : taken,
          ...index.slice(axis + inner.length),
        ];
        return rest.reduce((sum, at, each) => sum + at * (strides[each] ?? 0), 0);
      };
      return [result(table.type, made, picked(table.data, made, from))];
    },
    work: (call, [made]) => {
      if (made === undefined) return [];
      const table = input(call, 0);
      const axis = axisOf(call, int(call, "axis", 0), rankOf(table));
      const rows = elementsOf(input(call, 1).shape);
      if (!isTrained(table) || axis !== 0) return [{ shape: movement("gather", made) }];
      const entries = table.shape[0] ?? 0;
      const width = elementsOf(table.shape.slice(1));
      return [
        {
          shape: { kind: "embedding", rows, width, entries: [entries] },
          weights: { input: 0, transposed: true },
        },
      ];
    },
  },
  GatherElements: moved("gather", (call) => result(input(call, 0).type, input(call, 1).shape)),
  GatherND: moved("gather", (call) => {
    const [data, indices] = [ranked(call, 0, 1), ranked(call, 1, 1)];
    const batch = int(call, "batch_dims", 0);
    const made = [...indices.shape.slice(0, -1), ...data.shape.slice(batch + last(indices.shape))];
    return result(data.type, made);
  }),
  Scatter: scattered(),
  ScatterElements: scattered(),
  ScatterND: scattered(),
  OneHot: moved("oneHot", (call) => {
    const [indices, values] = [input(call, 0), input(call, 2)];
    const [depth = 0] = known(call, 1);
    const axis = axisOf(call, int(call, "axis", -1), rankOf(indices) + 1);
    const made = [...indices.shape.slice(0, axis), depth, ...indices.shape.slice(axis)];
    return result(values.type, checkedShape(made, call.where));
  }),
  NonZero: moved("nonZero", (call) => {
    const { shape } = input(call, 0);
    const data = known(call, 0);
    const strides = stridesOf(shape);
    const found = data.flatMap((x, at) => (x === 0 ? [] : [at]));
    const places = strides.flatMap((stride, axis) =>
      found.map((at) => Math.floor(at / stride) % (shape[axis] ?? 1)),
    );
    return result(int64, [shape.length, found.length], places);
  }),
  Compress: moved("compress", (call) => {
    const { type, shape } = input(call, 0);
    const kept = known(call, 1).filter((x) => x !== 0).length;
    const given = call.node.attributes.get("axis")?.int;
    if (given === undefined) return result(type, [kept]);
    const axis = axisOf(call, given, shape.length);
    return result(
      type,
      shape.map((size, at) => (at === axis ? kept : size)),
    );
  }),
};

/** Some elements of a copy are set: the updates move, and the copy where the rest is to stay. */
function scattered(): Operator {
  return moved("scatter", like);
}
