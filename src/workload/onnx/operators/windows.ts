/** Convolutions and pooling: what a window of one to three dimensions is, and what comes out. */

import type { Depth, Pair } from "../../convolution.ts";
import { type Call, ints, ranked, text } from "../call.ts";
import { checkedShape } from "../read-tensor.ts";
import { Refused } from "../refused.ts";
import type { Value } from "../value.ts";

/** One spatial axis of a window. */
export type Axis = Depth;

/** The spatial axes of a window over `image`. */
export function axesOf(
  call: Call,
  image: Value,
  kernel: readonly number[],
  transposed = false,
): readonly Axis[] {
  const sizes = image.shape.slice(2);
  if (kernel.length !== sizes.length)
    throw new Refused(call.where, `a window of ${sizes.length} dimensions`, `[${kernel.join(", ")}]`);
  const each = (name: string, otherwise: number) => {
    const given = ints(call, name);
    return sizes.map((_, axis) => given?.[axis] ?? otherwise);
  };
  const [strides, dilations, more] = [each("strides", 1), each("dilations", 1), each("output_padding", 0)];
  const pads = ints(call, "pads") ?? [];
  const auto = text(call, "auto_pad", "NOTSET");
  const wanted = ints(call, "output_shape")?.slice(-sizes.length);
  return sizes.map((size, axis) => {
    const [stride = 1, dilation = 1, window = 1, outputPadding = 0] = [
      strides[axis],
      dilations[axis],
      kernel[axis],
      more[axis],
    ];
    const own = { size, kernel: window, stride, dilation, outputPadding };
    if (![stride, dilation, window].every((n) => Number.isSafeInteger(n) && n > 0))
      throw new Refused(call.where, "strides, dilations and a kernel above zero", JSON.stringify(own));
    const reach = dilation * (window - 1) + 1;
    if (auto === "VALID") return { ...own, padding: 0, paddingEnd: 0 };
    const target = wanted?.[axis];
    if (auto === "SAME_UPPER" || auto === "SAME_LOWER" || target !== undefined) {
      const all = transposed
        ? stride * (size - 1) + outputPadding + reach - (target ?? size * stride)
        : (Math.ceil(size / stride) - 1) * stride + reach - size;
      const [less, rest] = [Math.floor(Math.max(0, all) / 2), Math.ceil(Math.max(0, all) / 2)];
      // Fewer than the transposed convolution makes by itself: the rest is zeros behind it.
      const short = transposed ? Math.max(0, -all) : 0;
      const upper = transposed ? auto !== "SAME_UPPER" : auto === "SAME_UPPER";
      const [padding, paddingEnd] = upper ? [less, rest] : [rest, less];
      return { ...own, padding, paddingEnd, outputPadding: outputPadding + short };
    }
    return { ...own, padding: pads[axis] ?? 0, paddingEnd: pads[axis + sizes.length] ?? 0 };
  });
}

/** The axes as the fields of a convolution or pooling: rows and columns, with a depth for the first of three. */
export function windowFields(image: Value, axes: readonly Axis[]) {
  const [batch = 1, channels = 1] = image.shape;
  const one: Axis = {
    size: 1,
    kernel: 1,
    stride: 1,
    padding: 0,
    paddingEnd: 0,
    dilation: 1,
    outputPadding: 0,
  };
  const columns = axes.at(-1) ?? one;
  const rows = axes.at(-2) ?? one;
  const depth = axes.at(-3);
  const pair = (of: (axis: Axis) => number): Pair => [of(rows), of(columns)];
  const padding = pair((axis) => axis.padding);
  const paddingEnd = pair((axis) => axis.paddingEnd);
  const even = padding.every((zeros, axis) => zeros === paddingEnd[axis]);
  return {
    batch,
    height: rows.size,
    width: columns.size,
    channels,
    kernel: pair((axis) => axis.kernel),
    stride: pair((axis) => axis.stride),
    padding,
    ...(even ? {} : { paddingEnd }),
    dilation: pair((axis) => axis.dilation),
    ...(depth === undefined ? {} : { depth }),
  };
}

/** Sizes of the result's axes. @throws Refused where a window is larger than the padded image */
export function spatial(
  { where }: Call,
  axes: readonly Axis[],
  { height, width, depth }: { readonly height: number; readonly width: number; readonly depth: number },
): readonly number[] {
  const sizes = [depth, height, width].slice(3 - axes.length);
  if (sizes.some((size) => !(size >= 1)))
    throw new Refused(where, "a window no larger than its image", `a result of [${sizes.join(", ")}]`);
  return checkedShape(sizes, where);
}

/** A tensor [batch, channels, ..] of one to three spatial dimensions. */
export const imageOf = (call: Call, index = 0): Value => ranked(call, index, 3, 5);

export const kernelOf = (call: Call): readonly number[] => {
  const kernel = ints(call, "kernel_shape");
  if (kernel === undefined) throw new Refused(call.where, "an attribute kernel_shape", "none");
  return kernel;
};
