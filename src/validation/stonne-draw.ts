/**
 * The matrices that STONNE draws: its rows give only a sparsity, and the draw is the C library's `rand` from its first seed.
 * The generator is the additive feedback that glibc documents (x[i] = x[i-3] + x[i-31], the lowest bit dropped).
 */

/** Weights that each of `rows` rows of length `inner` keeps at a sparsity in per cent. */
export function drawnRows(rows: number, inner: number, sparsity: number): readonly number[] {
  const random = glibcRandom();
  return Array.from({ length: rows }, () => {
    let kept = 0;
    for (let position = 0; position < inner; position += 1)
      if (random() % 100 > sparsity) {
        kept += 1;
        random(); // The weight's value.
      }
    return kept;
  });
}

function glibcRandom(): () => number {
  const [seed, multiplier, modulus] = [1, 16807, 2 ** 31 - 1];
  const state: number[] = [seed];
  for (let i = 1; i < 31; i += 1) state.push(((state[i - 1] ?? 0) * multiplier) % modulus);
  for (let i = 31; i < 34; i += 1) state.push(state[i - 31] ?? 0);
  const next = (): number => {
    const sum = ((state.at(-3) ?? 0) + (state.at(-31) ?? 0)) % 2 ** 32;
    state.push(sum);
    return sum;
  };
  for (let i = 34; i < 344; i += 1) next();
  return () => Math.floor(next() / 2);
}
