/** Number formats and their widths in bits. */
const bits = { fp32: 32, tf32: 32, fp16: 16, bf16: 16, fp8: 8, int16: 16, int8: 8, int4: 4 } as const;

export type Precision = keyof typeof bits;

export const precisionNames = [
  "fp32",
  "tf32",
  "fp16",
  "bf16",
  "fp8",
  "int16",
  "int8",
  "int4",
] as const satisfies readonly Precision[];

export const bitsOf = (precision: Precision): number => bits[precision];
export const bytesOf = (precision: Precision): number => bits[precision] / 8;
