/** Pooling, and images at other sizes. */
import { outputSize, type Pooling } from "../../convolution.ts";
import { type Call, input, int, ints, known, ranked, text } from "../call.ts";
import { int64 } from "../element-type.ts";
import type { Operator, Operators } from "../operator.ts";
import { checkedShape, elementsOf } from "../read-tensor.ts";
import { Refused } from "../refused.ts";
import { movement, rowwise } from "../shapes-of-work.ts";
import { axesOf, imageOf, kernelOf, spatial, windowFields } from "./windows.ts";

export const poolingOperators: Operators = {
  MaxPool: pooling("max", false),
  AveragePool: pooling("average", false),
  LpPool: pooling("average", false),
  GlobalMaxPool: pooling("max", true),
  GlobalAveragePool: pooling("average", true),
  GlobalLpPool: pooling("average", true),
  MaxUnpool: {
    becomes: "movement",
    infer: (call) => {
      const image = imageOf(call);
      if (call.inputs[2] !== undefined)
        return [{ type: image.type, shape: checkedShape(known(call, 2), call.where) }];
      const sizes = axesOf(call, image, kernelOf(call)).map(
        ({ size, kernel, stride, padding, paddingEnd }) =>
          (size - 1) * stride + kernel - padding - paddingEnd,
      );
      return [{ type: image.type, shape: checkedShape([...image.shape.slice(0, 2), ...sizes], call.where) }];
    },
    work: (call, [made]) =>
      made === undefined ? [] : [{ shape: movement("unpool", made, elementsOf(input(call, 0).shape)) }],
  },
  Resize: resized((call) => (call.opset < 11 ? [1, undefined] : [2, 3])),
  Upsample: resized(() => [1, undefined]),
  GridSample: {
    becomes: "elementwise",
    infer: (call) => {
      const [image, grid] = [imageOf(call), ranked(call, 1, 4, 5)];
      const shape = [...image.shape.slice(0, 2), ...grid.shape.slice(1, -1)];
      return [{ type: image.type, shape }];
    },
    work: (_, [made]) =>
      made === undefined ? [] : [{ shape: rowwise("elementwise", made.shape, { operation: "gridSample" }) }],
  },
  RoiAlign: {
    becomes: "elementwise",
    infer: (call) => {
      const [image, regions] = [ranked(call, 0, 4, 4), ranked(call, 1, 2, 2)];
      const shape = [
        regions.shape[0] ?? 0,
        image.shape[1] ?? 0,
        int(call, "output_height", 1),
        int(call, "output_width", 1),
      ];
      return [{ type: image.type, shape: checkedShape(shape, call.where) }];
    },
    work: (_, [made]) =>
      made === undefined ? [] : [{ shape: rowwise("elementwise", made.shape, { operation: "roiAlign" }) }],
  },
};

function pooling(pool: Pooling["pool"], whole: boolean): Operator {
  const found = (call: Call) => {
    const image = whole ? ranked(call, 0, 3) : imageOf(call);
    const sizes = image.shape.slice(2);
    // All spatial axes are one window: more than three are taken as rows of the last.
    const folded = sizes.length > 3 ? [elementsOf(sizes.slice(0, -1)), sizes.at(-1) ?? 1] : sizes;
    const seen = { ...image, shape: [...image.shape.slice(0, 2), ...folded] };
    const axes = axesOf(call, seen, whole ? folded : kernelOf(call));
    const op: Pooling = {
      kind: "pooling",
      pool,
      ...windowFields(seen, axes),
      ceil: int(call, "ceil_mode", 0) === 1,
    };
    const made = whole
      ? [...image.shape.slice(0, 2), ...sizes.map(() => 1)]
      : [...image.shape.slice(0, 2), ...spatial(call, axes, outputSize(op))];
    return { op, made };
  };
  return {
    becomes: "pooling",
    infer: (call) => {
      const { made } = found(call);
      return [
        { type: input(call, 0).type, shape: made },
        { type: int64, shape: made },
      ];
    },
    work: (call) => [{ shape: found(call).op }],
  };
}

/** An image at another size, by factors or by sizes. */
function resized(placesOf: (call: Call) => readonly [scales: number, sizes: number | undefined]): Operator {
  return {
    becomes: "movement where the nearest is taken, else elementwise",
    infer: (call) => {
      const { type, shape } = input(call, 0);
      const [scalesAt, sizesAt] = placesOf(call);
      const axes = ints(call, "axes") ?? shape.map((_, axis) => axis);
      const given = call.node.attributes.get("scales")?.floats;
      const bySize = sizesAt !== undefined && call.inputs[sizesAt] !== undefined;
      const values = given ?? known(call, bySize ? sizesAt : scalesAt);
      if (values.length !== axes.length)
        throw new Refused(call.where, `a number for each of ${axes.length} axes`, `${values.length}`);
      const along = axes.map((axis) => (axis < 0 ? axis + shape.length : axis));
      const sizes = bySize ? fitted(call, shape, along, values) : values;
      const made = shape.map((size, axis) => {
        const at = along.indexOf(axis);
        if (at < 0) return size;
        return bySize ? (sizes[at] ?? size) : Math.floor(size * (sizes[at] ?? 1));
      });
      return [{ type, shape: checkedShape(made, call.where) }];
    },
    work: (call, [made]) => {
      if (made === undefined) return [];
      const nearest = text(call, "mode", "nearest") === "nearest";
      const read = elementsOf(input(call, 0).shape);
      if (nearest) return [{ shape: movement("resize", made, read) }];
      return [{ shape: rowwise("elementwise", made.shape, { operation: "resize" }) }];
    },
  };
}

/** Sizes, or the largest or smallest of one ratio. */
function fitted(call: Call, shape: readonly number[], axes: readonly number[], sizes: readonly number[]) {
  const policy = text(call, "keep_aspect_ratio_policy", "stretch");
  if (policy === "stretch") return sizes;
  const factors = axes.map((axis, at) => (sizes[at] ?? 1) / (shape[axis] ?? 1));
  const factor = policy === "not_larger" ? Math.min(...factors) : Math.max(...factors);
  return axes.map((axis) => Math.round((shape[axis] ?? 1) * factor));
}
