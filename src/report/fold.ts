/** Folds a run's places into sums by op and device in one pass; layers, phases and the whole are sums of those. */
import type { Item, Program, Task } from "../program.ts";
import type { Stats } from "../stats.ts";
import type { Bound } from "./report.ts";

/** What an op did on a device in a phase, or the sum of several such. Times in ticks, by unit without the device. */
export interface Tally {
  /** By how much it moved the finish line, by cause: "hbm.read rate", "vector latency". */
  readonly finishing: ReadonlyMap<string, number>;
  readonly busy: ReadonlyMap<string, number>;
  /** Time that units stood free, by what was waited for: the unit of the awaited task, the dispatch, or older work. */
  readonly stalls: ReadonlyMap<string, number>;
  /** Actions, "hbm.readBytes". */
  readonly counts: ReadonlyMap<string, number>;
}

export interface OpTally extends Tally {
  /** The name of the top-level loop around it, or "host" outside of all. */
  readonly phase: string;
  readonly op: string;
  readonly device: number;
}

/** In the order in which they first stand in the program. */
export function tallies(program: Program, stats: Stats): readonly OpTally[] {
  const phases = phasesOf(program);
  const unitOf = new Map(stats.places.map(({ task }) => [task.id, splitUnit(task.unit).unit]));
  const ops = new Map<string, OpTally & Sums>();
  for (const [index, { task, busy, finishing, stalls, counts }] of stats.places.entries()) {
    const phase = phases[index] ?? outside;
    const { device, unit } = splitUnit(task.unit);
    const key = `${phase} ${task.op} ${device}`;
    const tally = ops.get(key) ?? { phase, op: task.op, device, ...noSums() };
    ops.set(key, tally);
    increase(tally.finishing, `${unit} rate`, finishing.occupancy);
    increase(tally.finishing, `${unit} latency`, finishing.latency);
    increase(tally.busy, unit, busy);
    increase(tally.stalls, "dispatch", stalls.dispatch);
    increase(tally.stalls, "contention", stalls.contention);
    for (const [edge, ticks] of stalls.after.entries()) {
      const dependency = task.after[edge];
      const awaited = typeof dependency === "object" ? dependency.task : (dependency ?? "");
      increase(tally.stalls, unitOf.get(awaited) ?? awaited, ticks);
    }
    for (const [action, amount] of Object.entries(counts)) increase(tally.counts, action, amount);
  }
  return [...ops.values()];
}

/** The sum of several tallies. */
export function sumOf(parts: readonly Tally[]): Tally {
  const sums = noSums();
  for (const part of parts)
    for (const kind of ["finishing", "busy", "stalls", "counts"] as const)
      for (const [key, amount] of part[kind]) increase(sums[kind], key, amount);
  return sums;
}

interface Sums {
  readonly finishing: Map<string, number>;
  readonly busy: Map<string, number>;
  readonly stalls: Map<string, number>;
  readonly counts: Map<string, number>;
}

const noSums = (): Sums => ({ finishing: new Map(), busy: new Map(), stalls: new Map(), counts: new Map() });

function increase(sums: Map<string, number>, key: string, amount: number): void {
  if (amount !== 0) sums.set(key, (sums.get(key) ?? 0) + amount);
}

/** Of each place, the name of the top-level loop around it, or "host" outside of all. */
export const phasesOf = ({ body }: Program): readonly string[] =>
  body.flatMap((item) => tasksOf(item).map(() => phaseOf(item)));

/** The phase of what stands outside of all loops. */
const outside = "host";

const phaseOf = (item: Item): string =>
  item.kind === "repeat" && item.name !== undefined ? item.name : outside;

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

/** Ticks by which it moved the finish line, all causes together. */
export const finishingTicks = ({ finishing }: Tally): number =>
  [...finishing.values()].reduce((sum, ticks) => sum + ticks, 0);

/** Its time by what it went to, largest first; what hid behind others entirely is bound by nothing. */
export function boundsOf(tally: Tally): readonly Bound[] {
  const total = finishingTicks(tally);
  return [...tally.finishing]
    .sort(([, a], [, b]) => b - a)
    .map(([cause, ticks]): Bound => {
      const [unit = "", limit] = cause.split(" ");
      return { unit, limit: limit === "rate" ? "rate" : "latency", share: ticks / total };
    });
}
