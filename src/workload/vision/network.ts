/** Builds a network for images op by op; each op tells what it makes, so that the next knows its sizes. */
import {
  type Channelwise,
  type Convolution,
  type ImageSize,
  outputSize,
  type Pooling,
} from "../convolution.ts";
import type { Op, Rowwise } from "../op.ts";

export interface VisionOptions {
  readonly batch: number;
  /** "folded": a batch normalisation is part of the convolution before it, which then has a bias. */
  readonly normalization: "separate" | "folded";
  /** Rows and columns of an image. */
  readonly image: number;
}

/** What an op makes: images, or one row of features each. */
export interface Feature {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export type Activation = "relu" | "silu" | "sigmoid" | "gelu" | "none";

export interface ConvolutionOptions {
  readonly filters: number;
  readonly kernel: number;
  readonly stride?: number;
  /** Zeros at each edge; by default as many as keep the size at stride 1. */
  readonly padding?: number;
  readonly groups?: number;
  /** Normalised, without a bias of its own (the default), or with a bias. */
  readonly bias?: boolean;
  readonly activation?: Activation;
}

export interface PoolingOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding?: number;
  readonly ceil?: boolean;
}

export type Network = ReturnType<typeof imageNetwork>;

export function imageNetwork({ batch, normalization, image: size }: VisionOptions, colours = 3) {
  const ops: Op[] = [];
  const image: Feature = { name: "input", height: size, width: size, channels: colours };

  const rowwise = (
    kind: Rowwise["kind"] | Channelwise["kind"],
    name: string,
    from: readonly Feature[],
    perElement = 0,
  ): Feature => {
    const [first = image] = from;
    const channels =
      kind === "concat" ? from.reduce((sum, { channels }) => sum + channels, 0) : first.channels;
    ops.push({
      name,
      inputs: from.map((each) => each.name),
      kind,
      count: 1,
      rows: batch * first.height * first.width,
      width: channels,
      parametersPerElement: perElement,
    });
    return { ...first, name, channels };
  };
  const activated = (from: Feature, activation: Activation): Feature =>
    activation === "none" ? from : rowwise(activation, `${from.name}.${activation}`, [from]);

  return {
    ops,
    image,
    rowwise,
    /** A convolution, its normalisation and its activation. */
    convolution(name: string, from: Feature, options: ConvolutionOptions): Feature {
      const { filters, kernel, stride = 1, groups = 1, bias = false, activation = "relu" } = options;
      const padding = options.padding ?? (kernel - 1) / 2;
      const folded = !bias && normalization === "folded";
      const convolution: Convolution = {
        kind: "convolution",
        batch,
        height: from.height,
        width: from.width,
        channels: from.channels,
        filters,
        kernel: [kernel, kernel],
        stride: [stride, stride],
        padding: [padding, padding],
        dilation: [1, 1],
        groups,
        bias: bias || folded,
      };
      ops.push({ name, inputs: [from.name], ...convolution });
      const { height, width } = sized(name, convolution);
      const made: Feature = { name, height, width, channels: filters };
      const normalized = bias || folded ? made : rowwise("batchnorm", `${name}.norm`, [made], 2);
      return activated(normalized, activation);
    },
    pooling(name: string, from: Feature, pool: Pooling["pool"], options: PoolingOptions): Feature {
      const { kernel, stride, padding = 0, ceil = false } = options;
      const pooling: Pooling = {
        kind: "pooling",
        pool,
        batch,
        height: from.height,
        width: from.width,
        channels: from.channels,
        kernel: [kernel, kernel],
        stride: [stride, stride],
        padding: [padding, padding],
        dilation: [1, 1],
        ceil,
      };
      ops.push({ name, inputs: [from.name], ...pooling });
      const { height, width } = sized(name, pooling);
      return { name, height, width, channels: from.channels };
    },
    /** The mean of each channel. */
    globalAverage(name: string, from: Feature): Feature {
      return this.pooling(name, from, "average", { kernel: from.height, stride: from.height });
    },
    /** A matrix on all features of an image. */
    dense(name: string, from: Feature, outputs: number, activation: Activation = "none"): Feature {
      ops.push({
        name,
        inputs: [from.name],
        kind: "matmul",
        count: 1,
        rows: batch,
        inner: from.height * from.width * from.channels,
        columns: outputs,
        right: "parameters",
        bias: true,
      });
      return activated({ name, height: 1, width: 1, channels: outputs }, activation);
    },
  };
}

/** @throws RangeError when the image is too small for the window */
function sized(name: string, op: Convolution | Pooling): ImageSize {
  const size = outputSize(op);
  if (size.height < 1 || size.width < 1)
    throw new RangeError(`an image of more rows and columns: nothing is left for ${name}`);
  return size;
}
