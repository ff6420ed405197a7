/** What networks for images are made of besides products; convolutions and pooling over images: [batch x height x width x channels], sizes of the input; what comes out follows. */

import type { Encoding } from "./encoding.ts";

/** Rows and columns. */
export type Pair = readonly [rows: number, columns: number];

interface Windowed {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Rows and columns of the window. */
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Rows and columns of zeros at each edge; at the top and left where `paddingEnd` differs. */
  readonly padding: Pair;
  /** Rows at the bottom and columns on the right, where they are others. */
  readonly paddingEnd?: Pair;
  /** Rows and columns from one tap to the next; 1 for a dense window. */
  readonly dilation: Pair;
  /** A third dimension: frames of a video, slices of a volume. */
  readonly depth?: Depth;
}

export interface Depth {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly paddingEnd: number;
  readonly dilation: number;
  /** Of a transposed convolution. */
  readonly outputPadding: number;
}

export interface Convolution extends Windowed {
  readonly kind: "convolution";
  readonly filters: number;
  /** Parts of the channels that do not mix; as many as channels for a depthwise convolution. */
  readonly groups: number;
  /** A trained bias for each filter. */
  readonly bias: boolean;
  /** The transposed convolution: each input element adds a window to the output, which has this much more at the bottom and right. */
  readonly transposed?: Pair;
  /** The filters: trained parameters (the default), or a result. */
  readonly right?: "activations";
  /**
   * How its filters are stored, as the matrix of the product that it is: inner x columns of each group, along the inner dimension kernel
   * rows, then kernel columns, then channels, which change fastest. Absent: dense. Only kept weights are useful MACs.
   */
  readonly encoding?: Encoding;
  /** Reads filters that belong to another op: they are read, and not counted twice. */
  readonly tiedTo?: string;
}

export interface Pooling extends Windowed {
  readonly kind: "pooling";
  readonly pool: "max" | "average";
  /** A last window that runs off the edge counts too. */
  readonly ceil: boolean;
}

/** Each channel by itself: [count * rows x width]. */
export interface Channelwise {
  readonly kind: "batchnorm" | "sigmoid";
  readonly count: number;
  readonly rows: number;
  readonly width: number;
  /** Trained parameters per channel: 2 for a normalisation. */
  readonly parametersPerElement: number;
}

export interface ImageSize {
  readonly height: number;
  readonly width: number;
  /** 1 for an image. */
  readonly depth: number;
}

/** Height, width and depth of the result. */
export function outputSize(op: Convolution | Pooling): ImageSize {
  const up = op.kind === "pooling" && op.ceil;
  const transposed = op.kind === "convolution" ? op.transposed : undefined;
  const { kernel, stride, padding, paddingEnd = padding, dilation, depth } = op;
  const along = (axis: 0 | 1, size: number): number =>
    lengthAfter(
      {
        size,
        kernel: kernel[axis],
        stride: stride[axis],
        padding: padding[axis],
        paddingEnd: paddingEnd[axis],
        dilation: dilation[axis],
        outputPadding: transposed?.[axis] ?? 0,
      },
      transposed !== undefined,
      up,
    );
  return {
    height: along(0, op.height),
    width: along(1, op.width),
    depth: depth === undefined ? 1 : lengthAfter(depth, transposed !== undefined, up),
  };
}

/** Elements of the input. */
export const inputElements = ({ batch, height, width, channels, depth }: Convolution | Pooling): number =>
  batch * height * width * channels * (depth?.size ?? 1);

/** The products that a convolution is, one for each group: [rows x inner] x [inner x columns]. */
export interface ConvolutionProduct {
  readonly count: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** Of a transposed one each input element is a row, and what its window adds the columns. */
export function convolutionProduct(op: Convolution): ConvolutionProduct {
  const window = op.kernel[0] * op.kernel[1] * (op.depth?.kernel ?? 1);
  const [inner, columns] = [op.channels / op.groups, op.filters / op.groups];
  if (op.transposed !== undefined) {
    const rows = op.batch * op.height * op.width * (op.depth?.size ?? 1);
    return { count: op.groups, rows, inner, columns: window * columns };
  }
  const { height, width, depth } = outputSize(op);
  return { count: op.groups, rows: op.batch * height * width * depth, inner: window * inner, columns };
}

function lengthAfter(along: Depth, transposed: boolean, up: boolean): number {
  const { size, kernel, stride, padding, paddingEnd, dilation, outputPadding } = along;
  const reach = dilation * (kernel - 1) + 1;
  if (transposed) return (size - 1) * stride + reach + outputPadding - padding - paddingEnd;
  const steps = (size + padding + paddingEnd - reach) / stride;
  const windows = (up ? Math.ceil(steps) : Math.floor(steps)) + 1;
  // A window that begins in the padding behind the image sees nothing of it.
  return up && (windows - 1) * stride >= size + padding ? windows - 1 : windows;
}
