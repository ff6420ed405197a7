/** Number formats and their widths. */
export const precisions = {
  fp32: 32,
  tf32: 32,
  fp16: 16,
  bf16: 16,
  fp8: 8,
  int16: 16,
  int8: 8,
  int4: 4,
} as const;

export type Precision = keyof typeof precisions;

export const bitsOf = (precision: Precision): number => precisions[precision];
export const bytesOf = (precision: Precision): number => precisions[precision] / 8;
