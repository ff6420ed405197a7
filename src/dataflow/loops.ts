/**
 * Loops out of a sequence of turns.
 * Models: issue order; equal turns in a row are a loop, and so are equal runs of turns of a known length.
 * Ignores: nothing; it adds no work.
 * Source: run-length coding, level by level.
 */
import { type Item, repeat } from "../program.ts";

interface Run {
  /** Equal for runs of equal turns. */
  readonly key: number;
  readonly items: () => readonly Item[];
}

/**
 * @param keys of each turn; turns of one key have the same items
 * @param lengths turns of an innermost loop, inner loops in the loop around it, and so on
 */
export function loopsOf(
  keys: readonly string[],
  lengths: readonly number[],
  itemsOf: (turn: number) => readonly Item[],
): readonly Item[] {
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  };
  const made = new Map<number, readonly Item[]>();
  let runs = keys.map((text, turn): Run => {
    const key = numberOf(text);
    return {
      key,
      items: () => {
        const items = made.get(key) ?? itemsOf(turn);
        made.set(key, items);
        return items;
      },
    };
  });
  for (const length of [...lengths, runs.length]) {
    const groups = Array.from({ length: Math.ceil(runs.length / length) }, (_, index) =>
      coded(runs.slice(index * length, (index + 1) * length)),
    );
    runs = groups.map(
      (parts): Run => ({
        key: numberOf(parts.map(({ times, run }) => `${times}x${run.key}`).join(" ")),
        items: () =>
          parts.flatMap(({ times, run }): readonly Item[] =>
            times === 1 ? run.items() : [repeat(times, run.items())],
          ),
      }),
    );
    if (runs.length <= 1) break;
  }
  return runs.flatMap(({ items }) => items());
}

function coded(runs: readonly Run[]): readonly { readonly times: number; readonly run: Run }[] {
  const parts: { times: number; readonly run: Run }[] = [];
  for (const run of runs) {
    const part = parts.at(-1);
    if (part?.run.key === run.key) part.times += 1;
    else parts.push({ times: 1, run });
  }
  return parts;
}
