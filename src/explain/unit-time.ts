/** Every tick of every unit: busy, starved of something that has a name, or idle. */
import type { Program } from "../program.ts";
import { splitUnit } from "../report/fold.ts";
import type { PlaceStats, Stats } from "../stats.ts";

/** In whole ticks: busy, idle and all of `starved` together are the run. */
export interface UnitTime {
  readonly device: number;
  readonly unit: string;
  readonly busy: number;
  /** Nothing left to do. */
  readonly idle: number;
  /** Free, with work of its own still to come; largest first. */
  readonly starved: readonly Starved[];
}

export interface Starved {
  /**
   * `result`: of a result that another unit was still making; `dispatch`: the sequencer stood before a full queue of some unit;
   * `contention`: the memory worked for the units in `unit`.
   */
  readonly cause: "result" | "dispatch" | "contention";
  /** Who made it wait, "device1.ring" where that is another device; the sequencer for a dispatch. */
  readonly unit: string;
  /** The awaited op; of a dispatch and of contention, the op that waited. */
  readonly op: string;
  readonly ticks: number;
}

export function unitTimes(program: Program, stats: Stats): readonly UnitTime[] {
  const standsAt = new Map<string, number[]>();
  stats.places.forEach(({ task }, index) => {
    const at = standsAt.get(task.id);
    if (at === undefined) standsAt.set(task.id, [index]);
    else at.push(index);
  });
  // Of several places of one task, the last before who waits in the program's text; of a loop's next iteration, the last of all.
  const producerOf = (id: string, waiting: number): PlaceStats["task"] | undefined => {
    const at = standsAt.get(id) ?? [];
    return stats.places[at.findLast((index) => index < waiting) ?? at.at(-1) ?? -1]?.task;
  };
  const waits = new Map(stats.units.map(({ name }) => [name, new Map<string, Starved>()]));
  for (const [index, place] of stats.places.entries())
    for (const wait of waitsOf(place, program, (id) => producerOf(id, index))) {
      if (wait.ticks === 0) continue;
      const own = waits.get(place.task.unit);
      const key = [wait.cause, wait.unit, wait.op].join(" ");
      const before = own?.get(key)?.ticks ?? 0;
      own?.set(key, { ...wait, ticks: before + wait.ticks });
    }
  return stats.units.map(({ name, busy, idle }) => ({
    ...splitUnit(name),
    busy,
    idle,
    starved: [...(waits.get(name)?.values() ?? [])].sort((a, b) => b.ticks - a.ticks),
  }));
}

function waitsOf(
  { task, stalls }: PlaceStats,
  { units }: Program,
  producerOf: (id: string) => PlaceStats["task"] | undefined,
): readonly Starved[] {
  const own = units.find(({ name }) => name === task.unit);
  const sharing = units.filter(({ name, server }) => server === own?.server && name !== task.unit);
  const { op } = task;
  const seen = (unit: string): string => seenFrom(task.unit, unit);
  return [
    { cause: "dispatch", unit: own?.sequencer ?? "", op, ticks: stalls.dispatch },
    {
      cause: "contention",
      unit: stalls.contention === 0 ? "" : sharing.map(({ name }) => seen(name)).join(", "),
      op,
      ticks: stalls.contention,
    },
    ...stalls.after.map((ticks, edge): Starved => {
      const dependency = task.after[edge];
      const producer = producerOf(typeof dependency === "object" ? dependency.task : (dependency ?? ""));
      return { cause: "result", unit: seen(producer?.unit ?? ""), op: producer?.op ?? "", ticks };
    }),
  ];
}

/** Without the device where it is the same. */
function seenFrom(own: string, other: string): string {
  const there = splitUnit(other);
  return there.device === splitUnit(own).device ? there.unit : other;
}
