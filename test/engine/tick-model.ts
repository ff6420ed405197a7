/**
 * The checking model: the same machine, stepped tick by tick. It shares no code and no idea with the engine: it unrolls
 * the program, keeps queues, and at every tick dispatches, starts, serves and ends what it can. Slow, and meant to be read.
 */
import type { Amount, Dependency, Item, Program, Task } from "../../src/program.ts";

export interface TickResult {
  finish: number;
  marks: number[];
  /** By place. */
  places: {
    instances: number;
    busy: number;
    counts: Record<string, number>;
    finishing: { occupancy: number; latency: number };
    stalls: { dispatch: number; after: number[]; contention: number };
  }[];
  units: { name: string; busy: number; starved: number; idle: number; freeAt: number }[];
  /** When the last instance of each task was done. */
  lastDone: Map<string, number>;
  /** Of each memory, the highest level in program order and the last. */
  levels: Map<string, { peak: number; last: number }>;
}

interface Instance {
  place: number;
  task: Task;
  phase: number;
  occupancy: number;
  counts: Record<string, number>;
  holds: Record<string, number>;
  waitsFor: (Instance | undefined)[];
  dispatchedAt: number | undefined;
  startedAt: number | undefined;
  left: number;
  endedAt: number | undefined;
  doneAt: number | undefined;
  contention: number;
}

/** Who gets a tick of a shared server: the oldest in program order, or whoever came first. */
export type Policy = "oldest" | "first-come";

export function tickModel(program: Program, policy: Policy = "oldest"): TickResult {
  const instances = unrolled(program);
  const units = program.units.map((unit) => ({
    ...unit,
    waiting: [] as Instance[],
    current: undefined as Instance | undefined,
    freeAt: 0,
    busy: 0,
  }));
  const unitOf = (instance: Instance) => {
    const unit = units.find(({ name }) => name === instance.task.unit);
    if (unit === undefined) throw new Error("no unit");
    return unit;
  };
  const sequencers = [...new Set(units.map(({ sequencer }) => sequencer))].map((name) =>
    instances.filter((instance) => unitOf(instance).sequencer === name),
  );
  const order = new Map(instances.map((instance, index) => [instance, index]));
  const open = () => units.flatMap(({ current }) => current ?? []);
  let now = 0;
  for (; instances.some(({ doneAt }) => doneAt === undefined || doneAt > now); now++) {
    if (now > 1e6) throw new Error("the tick model does not end");
    // What happens at this very tick may let more happen at this tick, until nothing does.
    for (let moved = true; moved; ) {
      moved = false;
      for (const queue of sequencers) {
        const next = queue[0];
        if (next === undefined || unitOf(next).waiting.length >= unitOf(next).depth) continue;
        next.dispatchedAt = now;
        unitOf(next).waiting.push(next);
        queue.shift();
        moved = true;
      }
      for (const unit of units) {
        const head = unit.waiting[0];
        if (unit.current === undefined && head?.waitsFor.every((other) => isDone(other, now))) {
          head.startedAt = now;
          unit.waiting.shift();
          unit.current = head;
          moved = true;
        }
        const { current } = unit;
        if (current !== undefined && current.left === 0) {
          current.endedAt = now;
          current.doneAt = now + current.task.latency;
          unit.freeAt = now;
          unit.current = undefined;
          moved = true;
        }
      }
    }
    for (const server of [undefined, ...program.servers.map(({ name }) => name)]) {
      // In the order of the units, which a stable sort keeps among equals.
      const requests = open()
        .filter((instance) => unitOf(instance).server === server)
        .sort((a, b) =>
          policy === "oldest"
            ? (order.get(a) ?? 0) - (order.get(b) ?? 0)
            : (a.startedAt ?? 0) - (b.startedAt ?? 0),
        );
      requests.forEach((request, rank) => {
        if (server !== undefined && rank > 0) {
          request.contention++;
          return;
        }
        request.left--;
        unitOf(request).busy++;
      });
    }
  }
  return summary(program, instances, units);
}

/** Whether another is done at `now`; a producer that was never issued is not waited for. */
const isDone = (other: Instance | undefined, now: number): boolean =>
  other === undefined || (other.doneAt !== undefined && other.doneAt <= now);

function summary(
  program: Program,
  instances: Instance[],
  units: { name: string; freeAt: number; busy: number }[],
): TickResult {
  const finish = Math.max(0, ...instances.map(({ doneAt }) => doneAt ?? 0));
  const places = placesOf(program.body).map((task) => ({
    instances: 0,
    busy: 0,
    counts: Object.fromEntries(Object.keys(task.counts).map((action) => [action, 0])),
    finishing: { occupancy: 0, latency: 0 },
    stalls: { dispatch: 0, after: task.after.map(() => 0), contention: 0 },
  }));
  const starved = new Map(units.map(({ name }) => [name, 0]));
  const freeAt = new Map(units.map(({ name }) => [name, 0]));
  for (const instance of instances) {
    const place = places[instance.place];
    if (place === undefined) throw new Error("no place");
    place.instances++;
    place.busy += instance.occupancy;
    for (const [action, amount] of Object.entries(instance.counts))
      place.counts[action] = (place.counts[action] ?? 0) + amount;
    place.stalls.contention += instance.contention;
    const { unit } = instance.task;
    const gap = (instance.startedAt ?? 0) - (freeAt.get(unit) ?? 0);
    freeAt.set(unit, instance.endedAt ?? 0);
    starved.set(unit, (starved.get(unit) ?? 0) + gap + instance.contention);
    if (gap > 0) {
      // Who came last; the dispatch first and then the order of the list decide between equals.
      const comings = [
        instance.dispatchedAt ?? 0,
        ...instance.waitsFor.map((other) => other?.doneAt ?? Number.NEGATIVE_INFINITY),
      ];
      const cause = comings.indexOf(Math.max(...comings));
      if (cause === 0) place.stalls.dispatch += gap;
      else place.stalls.after[cause - 1] = (place.stalls.after[cause - 1] ?? 0) + gap;
    }
  }
  // Each tick belongs to the first instance in program order that is done at its end or later.
  for (let tick = 1; tick <= finish; tick++) {
    const owner = instances.find(({ doneAt }) => (doneAt ?? 0) >= tick);
    const place = places[owner?.place ?? -1];
    if (owner === undefined || place === undefined) throw new Error("a tick without an owner");
    if (tick <= (owner.endedAt ?? 0)) place.finishing.occupancy++;
    else place.finishing.latency++;
  }
  return {
    finish,
    marks: program.body.map((_, phase) =>
      Math.max(0, ...instances.filter((one) => one.phase <= phase).map(({ doneAt }) => doneAt ?? 0)),
    ),
    places,
    units: units.map(({ name, busy, freeAt }) => ({
      name,
      busy,
      starved: starved.get(name) ?? 0,
      idle: finish - freeAt,
      freeAt,
    })),
    levels: levelsOf(instances),
    lastDone: new Map(instances.map(({ task, doneAt }) => [task.id, doneAt ?? 0])),
  };
}

function levelsOf(instances: readonly Instance[]): Map<string, { peak: number; last: number }> {
  const levels = new Map<string, { peak: number; last: number }>();
  for (const { holds } of instances)
    for (const [memory, amount] of Object.entries(holds)) {
      const { peak, last } = levels.get(memory) ?? { peak: 0, last: 0 };
      levels.set(memory, { peak: Math.max(peak, last + amount), last: last + amount });
    }
  return levels;
}

export function unrolled(program: Program): Instance[] {
  const text = placesOf(program.body);
  const instances: Instance[] = [];
  const issued = new Map<string, Instance[]>();
  const walk = (
    items: readonly Item[],
    first: number,
    iterations: Map<string, number>,
    phase: number,
  ): number => {
    let place = first;
    for (const item of items) {
      if (item.kind === "repeat") {
        for (let i = 0; i < item.times; i++)
          walk(item.body, place, new Map(iterations).set(item.name ?? "", i), phase);
        place += placesOf(item.body).length;
        continue;
      }
      const value = (amount: Amount): number => {
        if (typeof amount === "number") return amount;
        const { loop, base, step, per, every = 1, offset = 0 } = amount;
        const steps = Math.floor(((iterations.get(loop) ?? 0) + offset) / every);
        return Math.ceil((base + steps * step) / per);
      };
      const waitsFor = item.after.map((dependency) => {
        const id = typeof dependency === "string" ? dependency : dependency.task;
        const all = issued.get(id) ?? [];
        return all[all.length - 1 - ageOf(dependency, text, place)];
      });
      const occupancy = value(item.occupancy);
      const values = (amounts: Readonly<Record<string, Amount>>) =>
        Object.fromEntries(Object.entries(amounts).map(([key, amount]) => [key, value(amount)]));
      const instance: Instance = {
        place,
        task: item,
        phase,
        occupancy,
        counts: values(item.counts),
        holds: values(item.holds ?? {}),
        waitsFor,
        dispatchedAt: undefined,
        startedAt: undefined,
        left: occupancy,
        endedAt: undefined,
        doneAt: undefined,
        contention: 0,
      };
      instances.push(instance);
      issued.set(item.id, [...(issued.get(item.id) ?? []), instance]);
      place++;
    }
    return place;
  };
  let place = 0;
  program.body.forEach((item, phase) => {
    place = walk([item], place, new Map(), phase);
  });
  return instances;
}

function ageOf(dependency: Dependency, text: readonly Task[], consumer: number): number {
  if (typeof dependency === "string") return 0;
  if ("age" in dependency) return dependency.age;
  const issuedThisIteration = text.slice(0, consumer).some(({ id }) => id === dependency.task);
  return issuedThisIteration ? dependency.back : dependency.back - 1;
}

function placesOf(items: readonly Item[]): Task[] {
  return items.flatMap((item) => (item.kind === "task" ? [item] : placesOf(item.body)));
}
