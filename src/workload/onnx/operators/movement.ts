/** Operators that bring elements to other places, cut parts out, or put parts together. */
import { axisOf, type Call, input, int, ints, intsOrInput, known, ranked, rankOf, text } from "../call.ts";
import { elementType, int64 } from "../element-type.ts";
import type { Operator, Operators } from "../operator.ts";
import { checkedShape, elementsOf } from "../read-tensor.ts";
import { Refused } from "../refused.ts";
import { movement, reduction, rowwise } from "../shapes-of-work.ts";
import { last, picked, type Result, result, stridesOf } from "../value.ts";

export const movementOperators: Operators = {
  Transpose: {
    ...moved("transpose", (call) => {
      const { type, shape, data } = input(call, 0);
      const order = ints(call, "perm") ?? shape.map((_, axis) => shape.length - 1 - axis);
      if (order.length !== shape.length || order.some((_, axis) => !order.includes(axis)))
        throw new Refused(call.where, `an order of ${shape.length} axes`, `[${order.join(", ")}]`);
      const strides = stridesOf(shape);
      const made = order.map((axis) => shape[axis] ?? 1);
      const from = (index: readonly number[]): number =>
        index.reduce((sum, at, axis) => sum + at * (strides[order[axis] ?? 0] ?? 0), 0);
      return result(type, made, picked(data, made, from));
    }),
    work: (call, [made]) => {
      if (made === undefined) return [];
      const { shape } = input(call, 0);
      const order = ints(call, "perm") ?? shape.map((_, axis) => shape.length - 1 - axis);
      // Axes of size 1 may go anywhere: the bytes stay.
      const long = order.filter((axis) => shape[axis] !== 1);
      const stays = long.every((axis, at) => at === 0 || axis > (long[at - 1] ?? 0));
      return stays ? [] : [{ shape: movement("transpose", made) }];
    },
  },
  Concat: {
    becomes: "concat",
    infer: (call) => [concatenated(call)],
    work: (_, [made]) => (made === undefined ? [] : [{ shape: rowwise("concat", made.shape) }]),
  },
  Split: {
    becomes: "split",
    infer: (call) => {
      const { type, shape, data } = input(call, 0);
      const axis = axisOf(call, int(call, "axis", 0), shape.length);
      const size = shape[axis] ?? 0;
      const parts = Math.min(size, Math.max(1, int(call, "num_outputs", call.node.outputs.length)));
      const each = Math.ceil(size / parts);
      const sizes =
        intsOrInput(call, "split", 1) ??
        Array.from({ length: parts }, (_, part) => Math.max(0, Math.min(each, size - part * each)));
      if (sizes.reduce((sum, part) => sum + part, 0) !== size)
        throw new Refused(call.where, `parts of ${size} together`, `[${sizes.join(", ")}]`);
      let start = 0;
      return sizes.map((part) => {
        const from = start;
        start += part;
        return sliced(type, shape, data, [{ axis, start: from, step: 1, size: part }]);
      });
    },
    work: (call) => [{ shape: rowwise("split", input(call, 0).shape) }],
  },
  Slice: moved("slice", (call) => {
    const { type, shape, data } = input(call, 0);
    const starts = intsOrInput(call, "starts", 1) ?? [];
    const ends = intsOrInput(call, "ends", 2) ?? [];
    const axes = intsOrInput(call, "axes", 3) ?? starts.map((_, axis) => axis);
    const steps = call.inputs[4] === undefined ? axes.map(() => 1) : known(call, 4);
    const cuts = axes.map((given, at) => {
      const axis = axisOf(call, given, shape.length);
      return { axis, ...cut(shape[axis] ?? 0, starts[at] ?? 0, ends[at] ?? 0, steps[at] ?? 1) };
    });
    return sliced(type, shape, data, cuts);
  }),
  Pad: moved("pad", (call) => {
    const { type, shape, data } = input(call, 0);
    const pads = ints(call, "pads") ?? ints(call, "paddings") ?? known(call, 1);
    const axes = call.inputs[3] === undefined ? shape.map((_, axis) => axis) : known(call, 3);
    const around = shape.map((_, axis) => {
      const at = axes.findIndex((each) => axisOf(call, each, shape.length) === axis);
      return at < 0 ? [0, 0] : [pads[at] ?? 0, pads[at + axes.length] ?? 0];
    });
    const made = checkedShape(
      shape.map((size, axis) => size + (around[axis]?.[0] ?? 0) + (around[axis]?.[1] ?? 0)),
      call.where,
    );
    const strides = stridesOf(shape);
    const from = (index: readonly number[]): number => {
      const inside = index.map((at, axis) => at - (around[axis]?.[0] ?? 0));
      const within = inside.every((at, axis) => at >= 0 && at < (shape[axis] ?? 0));
      return within ? inside.reduce((sum, at, axis) => sum + at * (strides[axis] ?? 0), 0) : -1;
    };
    const plain = text(call, "mode", "constant") === "constant" && call.inputs[2] === undefined;
    return result(type, made, plain ? picked(data, made, from) : undefined);
  }),
  DepthToSpace: moved("depthToSpace", (call) => {
    const { type, shape } = ranked(call, 0, 4, 4);
    const [batch = 1, channels = 1, height = 1, width = 1] = shape;
    const block = int(call, "blocksize", 1);
    return result(
      type,
      checkedShape([batch, channels / block ** 2, height * block, width * block], call.where),
    );
  }),
  SpaceToDepth: moved("spaceToDepth", (call) => {
    const { type, shape } = ranked(call, 0, 4, 4);
    const [batch = 1, channels = 1, height = 1, width = 1] = shape;
    const block = int(call, "blocksize", 1);
    return result(
      type,
      checkedShape([batch, channels * block ** 2, height / block, width / block], call.where),
    );
  }),
  ReverseSequence: moved("reverse", like),
  Trilu: moved("triangle", (call) => {
    const { type, shape, data } = ranked(call, 0, 2);
    const shift = call.inputs[1] === undefined ? 0 : call.inputs[1].data?.[0];
    if (shift === undefined) return { type, shape };
    const upper = int(call, "upper", 1) === 1;
    const columns = last(shape);
    const rows = shape.at(-2) ?? 1;
    const kept = data?.map((x, at) => {
      const ahead = (at % columns) - (Math.floor(at / columns) % rows) - shift;
      return (upper ? ahead >= 0 : ahead <= 0) ? x : 0;
    });
    return result(type, shape, kept);
  }),
  EyeLike: moved("fill", (call) => {
    const { type, shape } = ranked(call, 0, 2, 2);
    const code = int(call, "dtype", 0);
    return { type: code === 0 ? type : elementType(code, call.where), shape };
  }),
  CumSum: {
    becomes: "elementwise",
    infer: (call) => [like(call)],
    work: (_, [made]) =>
      made === undefined ? [] : [{ shape: rowwise("elementwise", made.shape, { operation: "cumSum" }) }],
  },
  TopK: {
    becomes: "reduction",
    infer: (call) => {
      const { type, shape } = ranked(call, 0, 1);
      const axis = axisOf(call, int(call, "axis", -1), shape.length);
      const [kept = 0] = call.node.attributes.has("k") ? [int(call, "k", 0)] : known(call, 1);
      const made = checkedShape(
        shape.map((size, at) => (at === axis ? kept : size)),
        call.where,
      );
      return [result(type, made), result(int64, made)];
    },
    work: (call, [made]) =>
      made === undefined ? [] : [{ shape: reduction("topK", input(call, 0).shape, made.shape) }],
  },
};

/** Elements that stand elsewhere afterwards. */
export function moved(operation: string, infer: (call: Call) => Result): Operator {
  return {
    becomes: "movement",
    infer: (call) => [infer(call)],
    work: (_, [made]) => (made === undefined ? [] : [{ shape: movement(operation, made) }]),
  };
}

export function like(call: Call): Result {
  const { type, shape } = input(call, 0);
  return { type, shape };
}

function concatenated(call: Call): Result {
  const values = call.inputs.flatMap((value) => (value === undefined ? [] : [value]));
  const first = ranked(call, 0, 1);
  const axis = axisOf(call, int(call, "axis", call.opset < 4 ? 1 : 0), rankOf(first));
  for (const { shape } of values)
    if (
      shape.length !== first.shape.length ||
      shape.some((size, at) => at !== axis && size !== first.shape[at])
    )
      throw new Refused(
        call.where,
        `shapes that differ in axis ${axis} only`,
        values.map((value) => `[${value.shape.join(", ")}]`).join(" and "),
      );
  const size = values.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  const made = first.shape.map((own, at) => (at === axis ? size : own));
  // A run of elements at and behind the axis, from each in turn.
  const runs = values.map(({ shape, data }) => ({ data, run: elementsOf(shape.slice(axis)) }));
  const outer = elementsOf(first.shape.slice(0, axis));
  const known = runs.every(({ data }) => data !== undefined);
  const data = Array.from({ length: known ? outer : 0 }, (_, at) =>
    runs.flatMap((part) => part.data?.slice(at * part.run, (at + 1) * part.run) ?? []),
  ).flat();
  return result(first.type, made, known ? data : undefined);
}

interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
  readonly size: number;
}

function cut(size: number, start: number, end: number, step: number): Omit<Cut, "axis"> {
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const clamp = (at: number): number => Math.min(high, Math.max(low, at < 0 ? at + size : at));
  // The smallest integer as an end of a backward slice means from before the first.
  const [from, to] = [Math.max(0, clamp(start)), clamp(end)];
  return { start: from, step, size: Math.max(0, Math.ceil((to - from) / step)) };
}

function sliced(
  type: Result["type"],
  shape: readonly number[],
  data: readonly number[] | undefined,
  cuts: readonly Cut[],
): Result {
  const strides = stridesOf(shape);
  const of = (axis: number): Cut | undefined => cuts.find((each) => each.axis === axis);
  const made = shape.map((size, axis) => of(axis)?.size ?? size);
  const from = (index: readonly number[]): number =>
    index.reduce((sum, at, axis) => {
      const { start, step } = of(axis) ?? { start: 0, step: 1 };
      return sum + (start + at * step) * (strides[axis] ?? 0);
    }, 0);
  return result(type, made, picked(data, made, from));
}
