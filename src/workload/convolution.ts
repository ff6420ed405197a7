/** What networks for images are made of besides products; convolutions and pooling over images: [batch x height x width x channels], sizes of the input; what comes out follows. */

interface Windowed {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Rows and columns of the window. */
  readonly kernel: readonly [rows: number, columns: number];
  readonly stride: number;
  /** Rows and columns of zeros at each edge. */
  readonly padding: readonly [rows: number, columns: number];
}

export interface Convolution extends Windowed {
  readonly kind: "convolution";
  readonly filters: number;
  /** Rows and columns from one tap to the next; 1 for a dense window. */
  readonly dilation: number;
  /** Parts of the channels that do not mix; as many as channels for a depthwise convolution. */
  readonly groups: number;
  /** A trained bias for each filter. */
  readonly bias: boolean;
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
}

/** Height and width of the result. */
export function outputSize(op: Convolution | Pooling): ImageSize {
  const dilation = op.kind === "convolution" ? op.dilation : 1;
  const up = op.kind === "pooling" && op.ceil;
  const along = (size: number, kernel: number, padding: number): number => {
    const steps = (size + 2 * padding - dilation * (kernel - 1) - 1) / op.stride;
    const windows = (up ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // A window that begins in the padding behind the image sees nothing of it.
    return up && (windows - 1) * op.stride >= size + padding ? windows - 1 : windows;
  };
  return {
    height: along(op.height, op.kernel[0], op.padding[0]),
    width: along(op.width, op.kernel[1], op.padding[1]),
  };
}

/** The products that a convolution is, one for each group: [rows x inner] x [inner x columns]. */
export interface ConvolutionProduct {
  readonly count: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

export function convolutionProduct(op: Convolution): ConvolutionProduct {
  const { height, width } = outputSize(op);
  return {
    count: op.groups,
    rows: op.batch * height * width,
    inner: (op.kernel[0] * op.kernel[1] * op.channels) / op.groups,
    columns: op.filters / op.groups,
  };
}
