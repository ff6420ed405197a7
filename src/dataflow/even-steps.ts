/**
 * Loops out of steps that are lowered one by one: tokens of a growing cache.
 * Models: issue order; steps in a row that grow evenly in how long their tasks take, what they count and what they hold are one loop.
 * Ignores: nothing; each step is compared, so that it adds no work and leaves none out.
 * Source: amounts that grow with a loop (amount.ts).
 */
import type { Amount } from "../amount.ts";
import { type Item, repeat, type Task } from "../program.ts";

/** @param itemsOf what a step is made of; what steps share may be the same objects, which saves comparing them */
export function evenSteps(
  steps: number,
  itemsOf: (step: number) => readonly Item[],
  loop: string,
): readonly Item[] {
  const items: Item[] = [];
  let run: Run | undefined;
  for (let step = 0; step < steps; step += 1) {
    const next = itemsOf(step);
    if (run !== undefined && goesOn(run, next))
      run = { first: run.first, second: run.second ?? next, last: next, times: run.times + 1 };
    else {
      items.push(...itemsOfRun(run, loop));
      run = { first: next, last: next, times: 1 };
    }
  }
  return [...items, ...itemsOfRun(run, loop)];
}

/** Steps in a row, the first two of which tell how they grow. */
interface Run {
  readonly first: readonly Item[];
  readonly second?: readonly Item[];
  readonly last: readonly Item[];
  readonly times: number;
}

const goesOn = ({ first, second, last }: Run, next: readonly Item[]): boolean =>
  second === undefined ? areEven(first, next, first, next) : areEven(first, second, last, next);

function itemsOfRun(run: Run | undefined, loop: string): readonly Item[] {
  if (run === undefined) return [];
  const { first, second, times } = run;
  return second === undefined ? first : [repeat(times, grown(first, second, loop), loop)];
}

type Items = readonly Item[];

/** Whether the fourth differs from the third as the second from the first. */
const areEven = (a: Items, b: Items, c: Items, d: Items): boolean =>
  [b, c, d].every(({ length }) => length === a.length) &&
  a.every((item, index) => isEven(item, b[index], c[index], d[index]));

function isEven(a: Item, b: Item | undefined, c: Item | undefined, d: Item | undefined): boolean {
  if (a === b && a === c && a === d) return true;
  if (a.kind === "repeat") {
    if (b?.kind !== "repeat" || c?.kind !== "repeat" || d?.kind !== "repeat") return false;
    return (
      [b, c, d].every(({ times, name }) => times === a.times && name === a.name) &&
      areEven(a.body, b.body, c.body, d.body)
    );
  }
  if (b?.kind !== "task" || c?.kind !== "task" || d?.kind !== "task") return false;
  return (
    [b, c, d].every((each) => isSameTask(a, each)) &&
    isEvenAmount(a.occupancy, b.occupancy, c.occupancy, d.occupancy) &&
    areEvenAmounts(a.counts, b.counts, c.counts, d.counts) &&
    areEvenAmounts(a.holds ?? {}, b.holds ?? {}, c.holds ?? {}, d.holds ?? {})
  );
}

const isSameTask = (a: Task, b: Task): boolean =>
  a.id === b.id &&
  a.unit === b.unit &&
  a.op === b.op &&
  a.latency === b.latency &&
  JSON.stringify(a.after) === JSON.stringify(b.after);

type Amounts = Readonly<Record<string, Amount>>;

const areEvenAmounts = (a: Amounts, b: Amounts, c: Amounts, d: Amounts): boolean =>
  [b, c, d].every((each) => Object.keys(each).join() === Object.keys(a).join()) &&
  Object.entries(a).every(([key, amount]) => isEvenAmount(amount, b[key], c[key], d[key]));

/** Plain numbers only: what grows with a loop inside is left to the loop inside. */
const isEvenAmount = (a: Amount, b?: Amount, c?: Amount, d?: Amount): boolean =>
  typeof a === "number" &&
  typeof b === "number" &&
  typeof c === "number" &&
  typeof d === "number" &&
  d - c === b - a;

const grown = (first: Items, second: Items, loop: string): Items =>
  first.map((item, index) => {
    const next = second[index];
    if (item.kind === "repeat" && next?.kind === "repeat")
      return { ...item, body: grown(item.body, next.body, loop) };
    return item.kind === "task" && next?.kind === "task" ? grownTask(item, next, loop) : item;
  });

function grownTask(first: Task, second: Task, loop: string): Task {
  const between = (base: Amount, next: Amount | undefined): Amount =>
    typeof base !== "number" || typeof next !== "number" || next === base
      ? base
      : { loop, base, step: next - base, per: 1 };
  const all = (amounts: Amounts, next: Amounts = {}): Amounts =>
    Object.fromEntries(Object.entries(amounts).map(([key, base]) => [key, between(base, next[key])]));
  const { occupancy, counts, holds } = first;
  return {
    ...first,
    occupancy: between(occupancy, second.occupancy),
    counts: all(counts, second.counts),
    ...(holds === undefined ? {} : { holds: all(holds, second.holds) }),
  };
}
