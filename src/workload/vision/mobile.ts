/** Networks of depthwise convolutions between two of 1 x 1: MobileNetV2 and EfficientNet-B0. */
import type { Op } from "../op.ts";
import { type Activation, type Feature, imageNetwork, type Network, type VisionOptions } from "./network.ts";

/** A row of the paper's table: equal blocks, of which the first has the stride. */
interface Stage {
  readonly expansion: number;
  readonly filters: number;
  readonly blocks: number;
  readonly stride: number;
  readonly kernel: number;
}

/** Sandler et al. (arXiv 1801.04381), table 2. */
export function mobileNetV2(options: VisionOptions): readonly Op[] {
  const stage = (expansion: number, filters: number, blocks: number, stride: number): Stage => ({
    expansion,
    filters,
    blocks,
    stride,
    kernel: 3,
  });
  const stages = [
    stage(1, 16, 1, 1),
    stage(6, 24, 2, 2),
    stage(6, 32, 3, 2),
    stage(6, 64, 4, 2),
    stage(6, 96, 3, 1),
    stage(6, 160, 3, 2),
    stage(6, 320, 1, 1),
  ];
  return mobile(options, stages, "relu", false);
}

/** Tan and Le (arXiv 1905.11946), table 1. */
export function efficientNetB0(options: VisionOptions): readonly Op[] {
  const stage = (
    expansion: number,
    kernel: number,
    stride: number,
    filters: number,
    blocks: number,
  ): Stage => ({
    expansion,
    filters,
    blocks,
    stride,
    kernel,
  });
  const stages = [
    stage(1, 3, 1, 16, 1),
    stage(6, 3, 2, 24, 2),
    stage(6, 5, 2, 40, 2),
    stage(6, 3, 2, 80, 3),
    stage(6, 5, 1, 112, 3),
    stage(6, 5, 2, 192, 4),
    stage(6, 3, 1, 320, 1),
  ];
  return mobile(options, stages, "silu", true);
}

function mobile(
  options: VisionOptions,
  stages: readonly Stage[],
  activation: Activation,
  squeezed: boolean,
): readonly Op[] {
  const net = imageNetwork(options);
  let feature = net.convolution("stem", net.image, { filters: 32, kernel: 3, stride: 2, activation });
  for (const [index, stage] of stages.entries())
    for (let block = 0; block < stage.blocks; block += 1) {
      const stride = block === 0 ? stage.stride : 1;
      feature = inverted(
        net,
        `stage${index + 1}_${block + 1}`,
        feature,
        { ...stage, stride },
        activation,
        squeezed,
      );
    }
  const last = net.convolution("last", feature, { filters: 1280, kernel: 1, activation });
  net.dense("dense", net.globalAverage("pool", last), 1000);
  return net.ops;
}

function inverted(
  net: Network,
  name: string,
  from: Feature,
  { expansion, filters, stride, kernel }: Stage,
  activation: Activation,
  squeezed: boolean,
): Feature {
  const channels = from.channels * expansion;
  const wide =
    expansion === 1
      ? from
      : net.convolution(`${name}.expand`, from, { filters: channels, kernel: 1, activation });
  const depthwise = { filters: channels, kernel, stride, groups: channels, activation };
  const spread = net.convolution(`${name}.depthwise`, wide, depthwise);
  const weighed = squeezed ? squeezeExcite(net, name, spread, from.channels / 4, activation) : spread;
  const projected = net.convolution(`${name}.project`, weighed, { filters, kernel: 1, activation: "none" });
  if (stride !== 1 || from.channels !== filters) return projected;
  return net.rowwise("residual", `${name}.residual`, [from, projected]);
}

/** Weighs each channel by what two small matrices make of the channels' means. */
function squeezeExcite(
  net: Network,
  name: string,
  from: Feature,
  squeezed: number,
  activation: Activation,
): Feature {
  const means = net.globalAverage(`${name}.squeeze`, from);
  const inner = net.dense(`${name}.reduce`, means, Math.max(1, Math.floor(squeezed)), activation);
  const weights = net.dense(`${name}.excite`, inner, from.channels, "sigmoid");
  return net.rowwise("elementwise", `${name}.weigh`, [from, weights]);
}
