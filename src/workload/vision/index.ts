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
  resnet18: resNet18,
  resnet50: resNet50,
  vgg16,
  "vit-b-16": vitB16,
} as const satisfies Readonly<Record<string, (options: VisionOptions) => readonly Op[]>>;
