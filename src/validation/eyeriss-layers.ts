/** Convolutional layers of the networks that Eyeriss ran, as their authors published them. */
import { type Problem, sizesOf } from "../mapping/problem.ts";

/** Filters, channels of a group, rows of the result, rows of the filter, stride, rows of the stored input, groups. */
type Shape = readonly [
  k: number,
  c: number,
  out: number,
  filter: number,
  stride: number,
  input: number,
  groups: number,
];

/** Krizhevsky et al., NIPS 2012: two groups in layers 2, 4 and 5. */
const alexnet: readonly Shape[] = [
  [96, 3, 55, 11, 4, 227, 1],
  [128, 48, 27, 5, 1, 27, 2],
  [384, 256, 13, 3, 1, 13, 1],
  [192, 192, 13, 3, 1, 13, 2],
  [128, 192, 13, 3, 1, 13, 2],
];

/** Simonyan and Zisserman, ICLR 2015, configuration D. */
const vgg16: readonly Shape[] = [
  [64, 3, 224, 3, 1, 224, 1],
  [64, 64, 224, 3, 1, 224, 1],
  [128, 64, 112, 3, 1, 112, 1],
  [128, 128, 112, 3, 1, 112, 1],
  [256, 128, 56, 3, 1, 56, 1],
  [256, 256, 56, 3, 1, 56, 1],
  [256, 256, 56, 3, 1, 56, 1],
  [512, 256, 28, 3, 1, 28, 1],
  [512, 512, 28, 3, 1, 28, 1],
  [512, 512, 28, 3, 1, 28, 1],
  [512, 512, 14, 3, 1, 14, 1],
  [512, 512, 14, 3, 1, 14, 1],
  [512, 512, 14, 3, 1, 14, 1],
];

const networks: Readonly<Record<string, readonly Shape[]>> = { alexnet, "vgg-16": vgg16 };

/** Layers as nests over `batch` images, in 16 bit. @throws Error for a network that is not here */
export function eyerissLayers(network: string, batch: number): readonly Problem[] {
  const shapes = networks[network];
  if (shapes === undefined)
    throw new Error(`network ${network} is none of ${Object.keys(networks).join(", ")}`);
  return shapes.map(([K, C, out, filter, stride, input, G], index) => ({
    name: `${network} conv${index + 1}`,
    sizes: sizesOf({ B: batch, G, K, C, OY: out, OX: out, FY: filter, FX: filter }),
    stride: { x: stride, y: stride },
    dilation: { x: 1, y: 1 },
    input: { x: input, y: input },
    bits: { W: 16, I: 16, O: 16, partial: 16 },
  }));
}
