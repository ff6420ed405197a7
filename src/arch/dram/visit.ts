/** When a sequential stream comes to a bank. */
import type { Run } from "./mapping.ts";

/** First transaction from `from` on whose bits, gathered by the runs, give `bank`; may lie beyond the last address. */
export function nextVisit(runs: readonly Run[], from: number, bank: number): number {
  let fixed = 0;
  let wanted = 0;
  for (const { shift, mask, to } of runs) {
    fixed += mask * 2 ** shift;
    wanted += ((bank >>> to) & mask) * 2 ** shift;
  }
  const difference = ((from & fixed) ^ wanted) >>> 0;
  if (difference === 0) return from;
  const top = 31 - Math.clz32(difference);
  if ((wanted & (1 << top)) !== 0) return placed(from, top, fixed, wanted);
  // The bank's bits must fall, so a free bit above them must rise.
  let rise = top + 1;
  while (((fixed >>> rise) & 1) === 1 || ((from >>> rise) & 1) === 1) rise += 1;
  return placed(from + 2 ** rise, rise, fixed, wanted);
}

/** Keeps the free bits from `bit` on, clears those below, and sets the bank's bits. */
function placed(from: number, bit: number, fixed: number, wanted: number): number {
  const free = Math.floor(from / 2 ** bit) * 2 ** bit;
  return ((free & ~fixed) | wanted) >>> 0;
}
