/**
 * The choice that the writer most likely meant: the same word in another case, else the one fewest edits away.
 * Where more than a third of the letters differ it is the first that begins with the word, else none.
 */
export function nearest(word: string, choices: Iterable<string>): string | undefined {
  let best = word.length < 2 ? undefined : [...choices].find((choice) => choice.startsWith(word));
  let least = Math.max(1, Math.floor(word.length / 3)) + 0.5;
  for (const choice of choices) {
    const sameLetters = choice.toLowerCase() === word.toLowerCase();
    const edits = sameLetters ? 0.5 : distance(word.slice(0, 80), choice);
    if (edits < least) {
      best = choice;
      least = edits;
    }
  }
  return best;
}

/** Edits (a letter more, less, other, or two neighbours swapped) between two words. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (above[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = above;
    above = current;
  }
  return above[b.length] ?? 0;
}
