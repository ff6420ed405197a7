/** Operators between numbers and their quantised forms. Of constants they cost nothing; on data each element is handled. */
import { type Call, input } from "../call.ts";
import { elementType, float32, uint8 } from "../element-type.ts";
import type { Operator, Operators } from "../operator.ts";
import { rowwise } from "../shapes-of-work.ts";
import type { Result, Value } from "../value.ts";

export const quantizationOperators: Operators = {
  QuantizeLinear: quantized("quantize", (call) => [
    { type: quantizedType(call), shape: input(call, 0).shape },
  ]),
  DequantizeLinear: quantized("dequantize", (call) => [
    { type: call.inputs[1]?.type ?? float32, shape: input(call, 0).shape },
  ]),
  DynamicQuantizeLinear: quantized("quantize", (call) => [
    { type: uint8, shape: input(call, 0).shape },
    { type: float32, shape: [] },
    { type: uint8, shape: [] },
  ]),
};

/** That of the zero point, else of the attribute, else uint8. */
function quantizedType(call: Call): Result["type"] {
  const given = call.node.attributes.get("output_dtype")?.int ?? 0;
  return call.inputs[2]?.type ?? (given === 0 ? uint8 : elementType(given, call.where));
}

function quantized(operation: string, infer: (call: Call) => readonly Result[]): Operator {
  return {
    becomes: "elementwise; of the operands of quantised products, free",
    infer,
    work: (_: Call, [made]: readonly Value[]) =>
      made === undefined ? [] : [{ shape: rowwise("elementwise", made.shape, { operation }) }],
  };
}
