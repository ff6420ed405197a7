/** The formats that `papillon import` knows. A new one is a file beside this one, and a line here. */
import type { ImportFormat } from "./format.ts";
import { onnxFormat } from "./onnx.ts";
import { scalesimFormat } from "./scalesim.ts";
import { zigzagFormat } from "./zigzag.ts";

export const importFormats: readonly ImportFormat[] = [onnxFormat, scalesimFormat, zigzagFormat];
