/** Residual networks: He et al. (arXiv 1512.03385), with the stride on the 3 x 3 convolution as torchvision has it. */
import type { Op } from "../op.ts";
import { type Feature, imageNetwork, type Network, type VisionOptions } from "./network.ts";

export const resNet18 = (options: VisionOptions): readonly Op[] =>
  resNet(options, basicBlock, 1, [2, 2, 2, 2]);

export const resNet50 = (options: VisionOptions): readonly Op[] =>
  resNet(options, bottleneck, 4, [3, 4, 6, 3]);

type Body = (net: Network, name: string, from: Feature, width: number, stride: number) => Feature;

function resNet(
  options: VisionOptions,
  body: Body,
  expansion: number,
  depths: readonly number[],
): readonly Op[] {
  const net = imageNetwork(options);
  const stem = net.convolution("conv1", net.image, { filters: 64, kernel: 7, stride: 2 });
  let feature = net.pooling("pool1", stem, "max", { kernel: 3, stride: 2, padding: 1 });
  for (const [stage, depth] of depths.entries())
    for (let block = 0; block < depth; block += 1) {
      const name = `conv${stage + 2}_${block + 1}`;
      const width = 64 * 2 ** stage;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      const main = body(net, name, feature, width, stride);
      const same = stride === 1 && feature.channels === width * expansion;
      const filters = width * expansion;
      const shortcut = same
        ? feature
        : net.convolution(`${name}.shortcut`, feature, { filters, kernel: 1, stride, activation: "none" });
      feature = net.rowwise("relu", `${name}.relu`, [
        net.rowwise("residual", `${name}.residual`, [main, shortcut]),
      ]);
    }
  net.dense("dense", net.globalAverage("pool5", feature), 1000);
  return net.ops;
}

function basicBlock(net: Network, name: string, from: Feature, filters: number, stride: number): Feature {
  const first = net.convolution(`${name}.a`, from, { filters, kernel: 3, stride });
  return net.convolution(`${name}.b`, first, { filters, kernel: 3, activation: "none" });
}

function bottleneck(net: Network, name: string, from: Feature, filters: number, stride: number): Feature {
  const narrow = net.convolution(`${name}.a`, from, { filters, kernel: 1 });
  const middle = net.convolution(`${name}.b`, narrow, { filters, kernel: 3, stride });
  return net.convolution(`${name}.c`, middle, { filters: 4 * filters, kernel: 1, activation: "none" });
}
