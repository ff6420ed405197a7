/** Folds a run's places into sums: for an op, a layer kind, a phase, a device, or the whole. */
import { counts as countPlaces } from "../engine/counts.ts";
import type { Item, Program, Task } from "../program.ts";
import type { PlaceStats, Stats } from "../stats.ts";
import type { Bound } from "./report.ts";

/** A place with what it counted and the phase that it stands in. */
export interface PlaceTally {
  readonly stats: PlaceStats;
  readonly counts: Readonly<Record<string, number>>;
  /** The name of the top-level loop around it, or "host" outside of all. */
  readonly phase: string;
  readonly device: number;
  /** Its unit or queue without the device, "hbm.read". */
  readonly unit: string;
}

export function tallies(program: Program, stats: Stats): readonly PlaceTally[] {
  const counted = countPlaces(program);
  const phases = program.body.flatMap((item) => tasksOf(item).map(() => phaseOf(item)));
  return stats.places.map((place, index): PlaceTally => {
    const counts = counted[index]?.counts ?? {};
    return { stats: place, counts, phase: phases[index] ?? "host", ...splitUnit(place.task.unit) };
  });
}

const phaseOf = (item: Item): string =>
  item.kind === "repeat" && item.name !== undefined ? item.name : "host";

const tasksOf = (item: Item): readonly Task[] => (item.kind === "task" ? [item] : item.body.flatMap(tasksOf));

/** "device3.hbm.read" is unit "hbm.read" of device 3. */
export function splitUnit(name: string): { readonly device: number; readonly unit: string } {
  const dot = name.indexOf(".");
  return { device: Number(name.slice("device".length, dot)), unit: name.slice(dot + 1) };
}

/** Groups in the order in which their keys first appear. */
export function groupBy<T>(
  list: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Ticks by which the group moved the finish line. */
export const finishingTicks = (group: readonly PlaceTally[]): number =>
  group.reduce((sum, { stats: { finishing } }) => sum + finishing.occupancy + finishing.latency, 0);

/** Counts of the group, summed by name. */
export function sumCounts(group: readonly PlaceTally[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { counts } of group)
    for (const [name, amount] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + amount;
  return sums;
}

/** The group's time by what it went to, largest first; a group without time is bound by nothing. */
export function boundsOf(group: readonly PlaceTally[]): readonly Bound[] {
  const total = finishingTicks(group);
  const parts = group.flatMap(({ unit, stats: { finishing } }) => [
    { unit, limit: "rate" as const, ticks: finishing.occupancy },
    { unit, limit: "latency" as const, ticks: finishing.latency },
  ]);
  const byCause = groupBy(parts, ({ unit, limit }) => `${unit} ${limit}`);
  return [...byCause.values()]
    .flatMap((same): Bound[] => {
      const ticks = same.reduce((sum, part) => sum + part.ticks, 0);
      const [first] = same;
      return first === undefined || ticks === 0
        ? []
        : [{ unit: first.unit, limit: first.limit, share: ticks / total }];
    })
    .sort((a, b) => b.share - a.share);
}

/** Busy ticks by unit. */
export const busyByUnit = (group: readonly PlaceTally[]): ReadonlyMap<string, number> =>
  sumBy(group.map(({ unit, stats }) => [unit, stats.busy]));

/** Ticks that units stood free, by what the group's tasks waited for: the unit of the awaited task, the dispatch, or older work. */
export function stallsByCause(
  group: readonly PlaceTally[],
  unitOf: (task: string) => string,
): ReadonlyMap<string, number> {
  const causes = group.flatMap(({ stats: { task, stalls } }): [string, number][] => [
    ["dispatch", stalls.dispatch],
    ["contention", stalls.contention],
    ...stalls.after.map((ticks, index): [string, number] => {
      const dependency = task.after[index];
      const id = typeof dependency === "object" ? dependency.task : (dependency ?? "");
      return [unitOf(id), ticks];
    }),
  ]);
  return sumBy(causes.filter(([, ticks]) => ticks > 0));
}

function sumBy(pairs: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [key, amount] of pairs) sums.set(key, (sums.get(key) ?? 0) + amount);
  return sums;
}
