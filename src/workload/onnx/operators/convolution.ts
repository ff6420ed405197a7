/** Convolutions of one to three dimensions, transposed and quantised ones. */
import { type Convolution, outputSize } from "../../convolution.ts";
import { type Call, input, int, ints, ranked, rankOf } from "../call.ts";
import { type ElementType, int32 } from "../element-type.ts";
import type { Operator, Operators } from "../operator.ts";
import { Refused } from "../refused.ts";
import { axesOf, imageOf, spatial, windowFields } from "./windows.ts";

export const convolutionOperators: Operators = {
  Conv: convolution({ filters: 1, bias: 2 }),
  ConvTranspose: convolution({ filters: 1, bias: 2, transposed: true }),
  ConvInteger: convolution({ filters: 1, type: () => int32 }),
  QLinearConv: convolution({ filters: 3, bias: 8, type: (call) => input(call, 7).type }),
};

/** Which input is what. */
interface Places {
  readonly filters: number;
  readonly bias?: number;
  readonly transposed?: true;
  readonly type?: (call: Call) => ElementType;
}

function convolution(places: Places): Operator {
  return {
    becomes: "convolution",
    infer: (call) => {
      const { op, axes } = convolutionOf(call, places);
      const image = input(call, 0);
      const sizes = spatial(call, axes, outputSize(op));
      return [{ type: places.type?.(call) ?? image.type, shape: [op.batch, op.filters, ...sizes] }];
    },
    work: (call) => {
      const { op } = convolutionOf(call, places);
      if (!input(call, places.filters).constant) return [{ shape: op }];
      return [{ shape: op, weights: { input: places.filters, transposed: places.transposed !== true } }];
    },
  };
}

function convolutionOf(call: Call, { filters: at, bias, transposed }: Places) {
  const image = imageOf(call);
  const filters = ranked(call, at, rankOf(image), rankOf(image));
  const groups = int(call, "group", 1);
  const [first = 0, second = 0] = filters.shape;
  const [channels, made] = transposed ? [first, second * groups] : [second * groups, first];
  if (groups < 1 || image.shape[1] !== channels || made % groups !== 0)
    throw new Refused(
      call.where,
      `filters for ${image.shape[1]} channels in ${groups} groups`,
      `[${filters.shape.join(", ")}]`,
    );
  const axes = axesOf(call, image, ints(call, "kernel_shape") ?? filters.shape.slice(2), transposed);
  const fields = windowFields(image, axes);
  const op: Convolution = {
    kind: "convolution",
    ...fields,
    filters: made,
    groups,
    bias: bias !== undefined && call.inputs[bias]?.constant === true,
    ...(transposed ? { transposed: [axes.at(-2)?.outputPadding ?? 0, axes.at(-1)?.outputPadding ?? 0] } : {}),
    ...(filters.constant ? {} : { right: "activations" }),
  };
  return { op, axes };
}
