/** GoogLeNet without its training heads: Szegedy et al. (arXiv 1409.4842), table 1, with batch normalisation and 3 x 3 in the place of 5 x 5 as torchvision has it. */
import type { Op } from "../op.ts";
import { type Feature, imageNetwork, type Network, type VisionOptions } from "./network.ts";

/** Filters: 1 x 1; reduction and 3 x 3; reduction and 5 x 5; behind the pooling. */
type Inception = readonly [number, number, number, number, number, number];

const stages: readonly (readonly Inception[])[] = [
  [
    [64, 96, 128, 16, 32, 32],
    [128, 128, 192, 32, 96, 64],
  ],
  [
    [192, 96, 208, 16, 48, 64],
    [160, 112, 224, 24, 64, 64],
    [128, 128, 256, 24, 64, 64],
    [112, 144, 288, 32, 64, 64],
    [256, 160, 320, 32, 128, 128],
  ],
  [
    [256, 160, 320, 32, 128, 128],
    [384, 192, 384, 48, 128, 128],
  ],
];

export function googLeNet(options: VisionOptions): readonly Op[] {
  const net = imageNetwork(options);
  const pool = { kernel: 3, stride: 2, ceil: true };
  const first = net.convolution("conv1", net.image, { filters: 64, kernel: 7, stride: 2 });
  const reduced = net.convolution("conv2", net.pooling("pool1", first, "max", pool), {
    filters: 64,
    kernel: 1,
  });
  const third = net.convolution("conv3", reduced, { filters: 192, kernel: 3 });
  let feature = net.pooling("pool3", third, "max", pool);
  for (const [stage, blocks] of stages.entries()) {
    for (const [index, widths] of blocks.entries())
      feature = inception(net, `inception${stage + 3}${"abcde"[index]}`, feature, widths);
    if (stage < stages.length - 1)
      feature = net.pooling(`pool${stage + 4}`, feature, "max", stage === 0 ? pool : { ...pool, kernel: 2 });
  }
  net.dense("dense", net.globalAverage("average", feature), 1000);
  return net.ops;
}

function inception(net: Network, name: string, from: Feature, widths: Inception): Feature {
  const [single, reduce3, filters3, reduce5, filters5, behindPool] = widths;
  const convolve = (part: string, of: Feature, filters: number, kernel: number): Feature =>
    net.convolution(`${name}.${part}`, of, { filters, kernel });
  const pooled = net.pooling(`${name}.pool`, from, "max", { kernel: 3, stride: 1, padding: 1, ceil: true });
  return net.rowwise("concat", `${name}.concat`, [
    convolve("1x1", from, single, 1),
    convolve("3x3", convolve("reduce3", from, reduce3, 1), filters3, 3),
    convolve("5x5", convolve("reduce5", from, reduce5, 1), filters5, 3),
    convolve("behindPool", pooled, behindPool, 1),
  ]);
}
