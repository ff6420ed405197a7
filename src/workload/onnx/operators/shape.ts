/** Operators that tell or change a shape, and leave the bytes as they are; constants. */
import { axisOf, broadcast, type Call, input, int, intsOrInput, known } from "../call.ts";
import { elementType, float32, int64 } from "../element-type.ts";
import { noWork, type Operator, type Operators } from "../operator.ts";
import { checkedShape, elementsOf } from "../read-tensor.ts";
import { Refused } from "../refused.ts";
import { movement } from "../shapes-of-work.ts";
import { broadcastPlace, mostFolded, picked, type Result, result } from "../value.ts";

export const shapeOperators: Operators = {
  Shape: told((call) => {
    const { shape } = input(call, 0);
    const clamp = (at: number): number =>
      Math.min(shape.length, Math.max(0, at < 0 ? at + shape.length : at));
    const sizes = shape.slice(clamp(int(call, "start", 0)), clamp(int(call, "end", shape.length)));
    return result(int64, [sizes.length], sizes);
  }),
  Size: told((call) => result(int64, [], [elementsOf(input(call, 0).shape)])),
  Constant: told(constant),
  ConstantOfShape: told((call) => {
    const shape = checkedShape(known(call, 0), call.where);
    const given = call.node.attributes.get("value");
    const value = given === undefined ? undefined : call.tensorOf(given);
    const [fill] = value === undefined ? [0] : (value.data ?? []);
    const data =
      fill === undefined || elementsOf(shape) > mostFolded
        ? undefined
        : Array.from({ length: elementsOf(shape) }, () => fill);
    return result(value?.type ?? float32, shape, data);
  }),
  Range: told((call) => {
    const [start = 0, limit = 0, delta = 1] = [0, 1, 2].map((index) => known(call, index)[0]);
    const length = Math.max(0, Math.ceil((limit - start) / delta));
    const shape = checkedShape([length], call.where);
    const data = length > mostFolded ? undefined : Array.from({ length }, (_, at) => start + at * delta);
    return result(input(call, 0).type, shape, data);
  }),
  Identity: reshaped(({ shape }) => shape),
  Dropout: {
    becomes: "free",
    infer: (call) => {
      const { type, shape, data } = input(call, 0);
      return [result(type, shape, data), { type: elementType(9, call.where), shape }];
    },
    work: noWork,
  },
  Reshape: reshaped(({ shape }, call) => {
    const wanted = intsOrInput(call, "shape", 1) ?? [];
    const all = int(call, "allowzero", 0) === 1;
    const sizes = wanted.map((size, axis) => (size === 0 && !all ? (shape[axis] ?? 0) : size));
    const others = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1);
    return sizes.map((size) => (size === -1 ? (others === 0 ? 0 : elementsOf(shape) / others) : size));
  }),
  Flatten: reshaped(({ shape }, call) => {
    const axis = int(call, "axis", 1);
    const at = axis < 0 ? axis + shape.length : axis;
    return [elementsOf(shape.slice(0, at)), elementsOf(shape.slice(at))];
  }),
  Squeeze: reshaped(({ shape }, call) => {
    const axes = intsOrInput(call, "axes", 1)?.map((axis) => axisOf(call, axis, shape.length));
    if (axes?.some((axis) => shape[axis] !== 1))
      throw new Refused(call.where, "axes of size 1", `[${shape.join(", ")}] at ${axes.join(", ")}`);
    return shape.filter((size, axis) => (axes === undefined ? size !== 1 : !axes.includes(axis)));
  }),
  Unsqueeze: reshaped(({ shape }, call) => {
    const wanted = intsOrInput(call, "axes", 1) ?? [];
    const rank = shape.length + wanted.length;
    const axes = wanted.map((axis) => axisOf(call, axis, rank));
    const sizes = [...shape];
    return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (sizes.shift() ?? 1)));
  }),
  Expand: repeated("expand", (call) => broadcast(call, [input(call, 0).shape, known(call, 1)])),
  Tile: repeated("tile", (call) => {
    const { shape } = input(call, 0);
    const repeats = known(call, 1);
    return shape.map((size, axis) => size * (repeats[axis] ?? 1));
  }),
};

/** Known before the run. */
function told(infer: (call: Call) => Result): Operator {
  return { becomes: "known before the run", infer: (call) => [infer(call)], work: noWork };
}

function constant(call: Call): Result {
  const { attributes } = call.node;
  const tensor = attributes.get("value");
  if (tensor !== undefined) return call.tensorOf(tensor);
  const number = attributes.get("value_float")?.float ?? attributes.get("value_int")?.int;
  if (number !== undefined) return result(attributes.has("value_int") ? int64 : float32, [], [number]);
  const list = attributes.get("value_ints")?.ints ?? attributes.get("value_floats")?.floats;
  if (list !== undefined) return result(attributes.has("value_ints") ? int64 : float32, [list.length], list);
  const texts = attributes.get("value_strings")?.texts;
  const isText = attributes.has("value_string") || texts !== undefined;
  if (isText) return { type: elementType(8, call.where), shape: texts === undefined ? [] : [texts.length] };
  throw new Refused(call.where, "a value", [...attributes.keys()].join(", ") || "no attribute");
}

/** The same elements in the same order. */
function reshaped(
  to: (value: { readonly shape: readonly number[] }, call: Call) => readonly number[],
): Operator {
  return {
    becomes: "free: the same bytes",
    infer: (call) => {
      const { type, shape, data } = input(call, 0);
      const made = checkedShape(to({ shape }, call), call.where);
      if (elementsOf(made) !== elementsOf(shape))
        throw new Refused(
          call.where,
          `a shape of ${elementsOf(shape)} elements, as [${shape.join(", ")}] has`,
          `[${made.join(", ")}]`,
        );
      return [result(type, made, data)];
    },
    work: noWork,
  };
}

/** Elements that come again along some axes. */
function repeated(operation: string, to: (call: Call) => readonly number[]): Operator {
  return {
    becomes: "movement",
    infer: (call) => {
      const { type, shape, data } = input(call, 0);
      const made = checkedShape(to(call), call.where);
      const offset = made.length - shape.length;
      const place = broadcastPlace(shape, made.length);
      const wrapped = (index: readonly number[]): number =>
        place(index.map((at, axis) => at % (shape[axis - offset] ?? 1)));
      return [result(type, made, picked(data, made, wrapped))];
    },
    work: (call, [made]) => {
      const { shape } = input(call, 0);
      if (made === undefined || elementsOf(made.shape) === elementsOf(shape)) return [];
      return [{ shape: movement(operation, made, elementsOf(shape)) }];
    },
  };
}
