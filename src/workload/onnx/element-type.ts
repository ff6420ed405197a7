/** The element types of tensors by their number in TensorProto.DataType, with their width in bits. */
import type { Precision } from "../../precision.ts";
import { Refused } from "./refused.ts";

export interface ElementType {
  readonly name: string;
  readonly bits: number;
  readonly kind: "float" | "integer" | "bool" | "string" | "complex";
  /** The format that a machine computes in for such elements. */
  readonly precision?: Precision;
}

const types: Readonly<Record<number, ElementType>> = {
  1: { name: "float32", bits: 32, kind: "float", precision: "fp32" },
  2: { name: "uint8", bits: 8, kind: "integer", precision: "int8" },
  3: { name: "int8", bits: 8, kind: "integer", precision: "int8" },
  4: { name: "uint16", bits: 16, kind: "integer", precision: "int16" },
  5: { name: "int16", bits: 16, kind: "integer", precision: "int16" },
  6: { name: "int32", bits: 32, kind: "integer" },
  7: { name: "int64", bits: 64, kind: "integer" },
  8: { name: "string", bits: 0, kind: "string" },
  9: { name: "bool", bits: 8, kind: "bool" },
  10: { name: "float16", bits: 16, kind: "float", precision: "fp16" },
  11: { name: "float64", bits: 64, kind: "float" },
  12: { name: "uint32", bits: 32, kind: "integer" },
  13: { name: "uint64", bits: 64, kind: "integer" },
  14: { name: "complex64", bits: 64, kind: "complex" },
  15: { name: "complex128", bits: 128, kind: "complex" },
  16: { name: "bfloat16", bits: 16, kind: "float", precision: "bf16" },
  17: { name: "float8e4m3fn", bits: 8, kind: "float", precision: "fp8" },
  18: { name: "float8e4m3fnuz", bits: 8, kind: "float", precision: "fp8" },
  19: { name: "float8e5m2", bits: 8, kind: "float", precision: "fp8" },
  20: { name: "float8e5m2fnuz", bits: 8, kind: "float", precision: "fp8" },
  21: { name: "uint4", bits: 4, kind: "integer", precision: "int4" },
  22: { name: "int4", bits: 4, kind: "integer", precision: "int4" },
  23: { name: "float4e2m1", bits: 4, kind: "float" },
};

/** @throws Refused for a number that names none */
export function elementType(code: number, where: string): ElementType {
  const type = types[code];
  if (type === undefined) throw new Refused(where, "an element type from 1 to 23", String(code));
  return type;
}

const named = (code: number): ElementType => elementType(code, "");
export const float32 = named(1);
export const uint8 = named(2);
export const int32 = named(6);
export const int64 = named(7);
export const bool = named(9);
