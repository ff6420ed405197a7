/** `papillon-sim/node`: configs from files, for scripts on Node. */
export { explain } from "./explain.ts";
export { fileLibrary } from "./library.ts";
export { onnxGraph } from "./onnx.ts";
export { plan, planOf } from "./plan.ts";
