/** The networks for images that are built in, by name. */
import type { Op } from "../op.ts";
import { alexNet, vgg16 } from "./classic.ts";
import { googLeNet } from "./googlenet.ts";
import { efficientNetB0, mobileNetV2 } from "./mobile.ts";
import type { VisionOptions } from "./network.ts";
import { resNet18, resNet50 } from "./resnet.ts";
import { vitB16 } from "./vit.ts";

export const visionNetworks = {
  alexnet: alexNet,
  "efficientnet-b0": efficientNetB0,
  googlenet: googLeNet,
  "mobilenet-v2": mobileNetV2,
  "resnet-18": resNet18,
  "resnet-50": resNet50,
  "vgg-16": vgg16,
  "vit-b": vitB16,
} as const satisfies Readonly<Record<string, (options: VisionOptions) => readonly Op[]>>;

export type VisionName = keyof typeof visionNetworks;

export const visionNames = [
  "alexnet",
  "efficientnet-b0",
  "googlenet",
  "mobilenet-v2",
  "resnet-18",
  "resnet-50",
  "vgg-16",
  "vit-b",
] as const satisfies readonly VisionName[];
