/** Where elements lie in a bank, and which pairs each cycle of a stage takes. */

/** The RAM of element n: each row is rotated by the ones in the lowest `rotationBits` bits of its number. */
export function ramOf(n: number, units: number, rotationBits: number): number {
  const rams = 2 * units;
  const row = Math.floor(n / rams) % 2 ** rotationBits;
  return ((n % rams) + ones(row)) % rams;
}

const ones = (n: number): number => (n === 0 ? 0 : (n % 2) + ones(Math.floor(n / 2)));

/**
 * The pairs of one cycle by their upper elements. Where partners lie in different rows, every second element of a row goes
 * first and the others in the next cycle; where they lie in one row, the row goes at once.
 */
export function uppersOf(group: number, stride: number, units: number): readonly number[] {
  const rams = 2 * units;
  if (stride < rams) {
    const all = Array.from({ length: rams }, (_, index) => group * rams + index);
    return all.filter((n) => Math.floor(n / stride) % 2 === 0);
  }
  const groupsInBlock = stride / units;
  const block = Math.floor(group / groupsInBlock) * 2 * stride;
  const within = group % groupsInBlock;
  const first = block + Math.floor(within / 2) * rams + (within % 2);
  return Array.from({ length: units }, (_, index) => first + 2 * index);
}

/**
 * A transform by halving: z^N - 1 splits into factors z^s - w^e, each into two. The exponent e of a factor, in units of a
 * full turn / points; those of the last stage are the frequencies at the positions where the results lie.
 */
export function exponentOf(stage: number, block: number, points: number): number {
  if (stage === 0) return 0;
  const parent = exponentOf(stage - 1, Math.floor(block / 2), points);
  return parent / 2 + (block % 2 === 1 ? points / 2 : 0);
}
