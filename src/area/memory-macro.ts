/** The silicon of a memory, from macros whose areas are known. */

export interface Macro {
  readonly bits: number;
  readonly area: number;
}

/**
 * Log-log between two known macros; a larger memory is of several of the largest.
 * @param macros smallest first, at least two
 * @throws RangeError for a memory below the smallest: that one is of registers
 */
export function macroArea(macros: readonly Macro[], bits: number): number {
  const largest = macros.at(-1);
  if (largest !== undefined && bits >= largest.bits) return (bits / largest.bits) * largest.area;
  const above = macros.findIndex((macro) => macro.bits > bits);
  const [low, high] = [macros[above - 1], macros[above]];
  if (low === undefined || high === undefined)
    throw new RangeError(`no macro of the table is as small as ${bits} bit`);
  const position = Math.log(bits / low.bits) / Math.log(high.bits / low.bits);
  return low.area * (high.area / low.area) ** position;
}
