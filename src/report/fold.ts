/** Folds a run's places into sums by op and device in one pass; layers, phases and the whole are sums of those. */
import type { Item, Program } from "../program.ts";
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
  const units = new Map(stats.units.map(({ name }) => [name, wordsOf(name)]));
  const unitOf = new Map<string, string>();
  for (const { task } of stats.places) unitOf.set(task.id, task.unit);
  const wordsFor = (unit: string): UnitWords => units.get(unit) ?? wordsOf(unit);
  const ops = new Map<string, OpTally & Sums>();
  let index = 0;
  let last: (OpTally & Sums) | undefined;
  for (const { task, busy, finishing, stalls, counts } of stats.places) {
    const phase = phases[index++] ?? outside;
    const { device, unit, latency } = wordsFor(task.unit);
    const { rate } = wordsFor(task.pacedBy ?? task.unit);
    // Most places stand beside others of the same op: no key is made for those.
    const same = last?.op === task.op && last.device === device && last.phase === phase;
    const tally = (same ? last : undefined) ?? tallyOf(ops, phase, task.op, device);
    last = tally;
    increase(tally.finishing, rate, finishing.occupancy);
    increase(tally.finishing, latency, finishing.latency);
    increase(tally.busy, unit, busy);
    increase(tally.stalls, "dispatch", stalls.dispatch);
    increase(tally.stalls, "contention", stalls.contention);
    for (let edge = 0; edge < stalls.after.length; edge++) {
      const ticks = stalls.after[edge] ?? 0;
      if (ticks === 0) continue;
      const dependency = task.after[edge];
      const awaited = typeof dependency === "object" ? dependency.task : (dependency ?? "");
      const there = unitOf.get(awaited);
      increase(tally.stalls, there === undefined ? awaited : wordsFor(there).unit, ticks);
    }
    for (const action in counts) increase(tally.counts, action, counts[action] ?? 0);
  }
  return [...ops.values()];
}

function tallyOf(
  ops: Map<string, OpTally & Sums>,
  phase: string,
  op: string,
  device: number,
): OpTally & Sums {
  const key = `${phase} ${op} ${device}`;
  const known = ops.get(key);
  if (known !== undefined) return known;
  const tally = { phase, op, device, ...noSums() };
  ops.set(key, tally);
  return tally;
}

/** What a tally calls a unit and its causes. */
interface UnitWords {
  readonly device: number;
  readonly unit: string;
  readonly rate: string;
  readonly latency: string;
}

function wordsOf(name: string): UnitWords {
  const { device, unit } = splitUnit(name);
  return { device, unit, rate: `${unit} rate`, latency: `${unit} latency` };
}

/** The sum of several tallies. */
export function sumOf(parts: readonly Tally[]): Tally {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
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
export function phasesOf({ body }: Program): readonly string[] {
  const phases: string[] = [];
  const name = (item: Item, phase: string): void => {
    if (item.kind === "task") phases.push(phase);
    else for (const part of item.body) name(part, phase);
  };
  for (const item of body) name(item, phaseOf(item));
  return phases;
}

/** The phase of what stands outside of all loops. */
const outside = "host";

const phaseOf = (item: Item): string =>
  item.kind === "repeat" && item.name !== undefined ? item.name : outside;

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
export function finishingTicks({ finishing }: Tally): number {
  let sum = 0;
  for (const ticks of finishing.values()) sum += ticks;
  return sum;
}

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
