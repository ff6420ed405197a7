/**
 * A loop in which the first half of a turn is issued some turns before the rest, as hardware fetches or computes ahead.
 * Models: issue order.
 * Ignores: nothing; it adds no work.
 * Source: software pipelining.
 */
import { type Item, repeat, type Task } from "../program.ts";

/**
 * Turns 0 .. times - 1 in issue order: the leading tasks of turn i + ahead stand before the rest of turn i. Equal neighbours become
 * a loop.
 * @param rest `age` is how many leading parts of later turns have been issued since the turn's own
 */
export function staggered(
  times: number,
  ahead: number,
  lead: (turn: number) => readonly Task[],
  rest: (turn: number, age: number) => readonly Item[],
): readonly Item[] {
  const prologue = Array.from({ length: Math.min(ahead, times) }, (_, turn) => lead(turn)).flat();
  const turns = Array.from({ length: times }, (_, turn) => [
    ...(turn + ahead < times ? lead(turn + ahead) : []),
    ...rest(turn, Math.min(ahead, times - 1 - turn)),
  ]);
  return [...prologue, ...folded(turns)];
}

function folded(turns: readonly (readonly Item[])[]): readonly Item[] {
  const runs: { times: number; readonly key: string; readonly items: readonly Item[] }[] = [];
  for (const items of turns) {
    const key = JSON.stringify(items);
    const run = runs.at(-1);
    if (run?.key === key) run.times += 1;
    else runs.push({ times: 1, key, items });
  }
  return runs.flatMap(({ times, items }): readonly Item[] => (times === 1 ? items : [repeat(times, items)]));
}
