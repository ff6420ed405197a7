/** AlexNet (one column, as torchvision has it) and VGG-16. */
import type { Op } from "../op.ts";
import { type Feature, imageNetwork, type VisionOptions } from "./network.ts";

/** Krizhevsky, "One weird trick for parallelizing convolutional neural networks" (arXiv 1404.5997). */
export function alexNet(options: VisionOptions): readonly Op[] {
  const net = imageNetwork(options);
  const pool = { kernel: 3, stride: 2 };
  const convolve = (name: string, from: Feature, filters: number, kernel: number): Feature =>
    net.convolution(name, from, { filters, kernel, bias: true });
  const first = net.convolution("conv1", net.image, {
    filters: 64,
    kernel: 11,
    stride: 4,
    padding: 2,
    bias: true,
  });
  const second = convolve("conv2", net.pooling("pool1", first, "max", pool), 192, 5);
  const third = convolve("conv3", net.pooling("pool2", second, "max", pool), 384, 3);
  const fifth = convolve("conv5", convolve("conv4", third, 256, 3), 256, 3);
  const features = net.pooling("pool5", fifth, "max", pool);
  const hidden = net.dense("dense7", net.dense("dense6", features, 4096, "relu"), 4096, "relu");
  net.dense("dense8", hidden, 1000);
  return net.ops;
}

/** Simonyan and Zisserman (arXiv 1409.1556), configuration D. */
export function vgg16(options: VisionOptions): readonly Op[] {
  const net = imageNetwork(options);
  const stages = [
    [64, 64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ];
  let feature = net.image;
  for (const [stage, widths] of stages.entries()) {
    for (const [index, filters] of widths.entries())
      feature = net.convolution(`conv${stage + 1}_${index + 1}`, feature, { filters, kernel: 3, bias: true });
    feature = net.pooling(`pool${stage + 1}`, feature, "max", { kernel: 2, stride: 2 });
  }
  const hidden = net.dense("dense7", net.dense("dense6", feature, 4096, "relu"), 4096, "relu");
  net.dense("dense8", hidden, 1000);
  return net.ops;
}
