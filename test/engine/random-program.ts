/** Random nested programs, each the pure function of a seed. */
import {
  type Amount,
  type Dependency,
  type Item,
  type Program,
  repeat,
  type Task,
  type Unit,
} from "../../src/program.ts";
import { ticks } from "../../src/quantity.ts";

export interface Shape {
  /** Tasks in the unrolled program, about. */
  readonly instances: number;
  /** Largest occupancy. */
  readonly occupancy: number;
  /** Most iterations of one loop. */
  readonly times: number;
}

type Loops = readonly { readonly name: string; readonly times: number }[];

export function randomProgram(seed: number, shape: Shape): Program {
  const random = generator(seed);
  const below = (n: number) => Math.floor(random() * n);
  const chance = (p: number) => random() < p;
  const pick = <T>(list: readonly T[], otherwise: T): T => list[below(list.length)] ?? otherwise;
  const sequencers = ["a", "b", "c"].slice(0, 1 + below(3));
  const servers = ["hbm", "ddr"]
    .slice(0, below(3))
    .map((name) => ({ name, sequencer: pick(sequencers, "a") }));
  const units = Array.from({ length: 2 + below(4) }, (_, index): Unit => {
    const sequencer = pick(sequencers, "a");
    const server = chance(0.7) ? servers.find((candidate) => candidate.sequencer === sequencer) : undefined;
    const unit = { name: `u${index}`, sequencer, depth: pick([1, 1, 2, 3, 4, 8], 1) };
    return server === undefined ? unit : { ...unit, server: server.name };
  });
  const ids = Array.from({ length: 2 + below(6) }, (_, index) => `t${index}`);
  const growth = chance(0.5) ? 0.4 : 0;
  // Equal speeds make ties, which is where rules of order show.
  const speeds = chance(0.3) ? [1, 2] : undefined;
  let loopCount = 0;

  const plain = () => (speeds === undefined ? below(shape.occupancy + 1) : pick(speeds, 1));
  const amount = (loops: Loops): Amount => {
    const loop = pick(loops, { name: "", times: 0 });
    if (loop.times === 0 || !chance(growth)) return chance(0.1) ? 0 : plain();
    const per = pick([1, 1, 2, 3, 4, 6], 1);
    const step = pick([1, 1, 2, 3, 5, -1], 1);
    const every = chance(0.3) ? pick([1, 2, 5, 16, 40], 1) : undefined;
    const offset = every !== undefined && chance(0.5) ? below(2 * every) : undefined;
    const most = Math.floor((loop.times - 1 + (offset ?? 0)) / (every ?? 1));
    const base = Math.max(0, -step * most) + below(shape.occupancy + 1) * per;
    return {
      loop: loop.name,
      base,
      step,
      per,
      ...(every === undefined ? {} : { every }),
      ...(offset === undefined ? {} : { offset }),
    };
  };
  const dependency = (): Dependency => {
    const task = pick(ids, "t0");
    const kind = below(4);
    if (kind === 0) return { task, age: below(4) };
    if (kind === 1) return { task, back: 1 + below(3) };
    return task;
  };
  const task = (loops: Loops): Task => ({
    kind: "task",
    id: pick(ids, "t0"),
    unit: pick(units, { name: "u0", sequencer: "a", depth: 1 }).name,
    op: "op",
    occupancy: amount(loops),
    latency: ticks(chance(0.5) ? 0 : below(6)),
    after: Array.from({ length: pick([0, 1, 1, 2, 3], 1) }, dependency),
    counts: chance(0.3) ? { bytes: amount(loops), fixed: 3 } : {},
    // Drawn as given back, too, but never more than is held: every program begins by taking plenty.
    ...(chance(0.3) ? { holds: { sram: amount(loops), ...(chance(0.5) ? { dram: -below(4) } : {}) } } : {}),
  });
  const body = (depth: number, loops: Loops, budget: number): Item[] =>
    Array.from({ length: 1 + below(4) }, () => {
      if (depth === 0 || budget < 4 || chance(0.5)) return task(loops);
      const most = Math.min(shape.times, Math.max(2, Math.floor(budget / 4)));
      const times = chance(0.05) ? 0 : 1 + below(chance(0.5) ? Math.min(most, 8) : most);
      const name = `loop${loopCount++}`;
      const inner = body(depth - 1, [...loops, { name, times }], budget / Math.max(1, times) / 2);
      return repeat(times, inner, name);
    });
  const first = { ...task([]), holds: { sram: 5, dram: 1e9 } };
  const made = [first, ...body(3, [], shape.instances)];
  return { units, servers: servers.map(({ name }) => ({ name })), body: backOnlyWhereClear(made, ids) };
}

/** `back` is refused where the producer stands on both sides, and some tasks may not have been drawn at all. */
function backOnlyWhereClear(body: readonly Item[], ids: readonly string[]): readonly Item[] {
  const order: string[] = [];
  const collect = (items: readonly Item[]): void => {
    for (const item of items)
      if (item.kind === "task") order.push(item.id);
      else collect(item.body);
  };
  collect(body);
  let place = 0;
  const known = new Set(ids.filter((id) => order.includes(id)));
  const clear = (dependency: Dependency, at: number): Dependency => {
    if (typeof dependency === "string" || "age" in dependency) return dependency;
    const before = order.slice(0, at).filter((id) => id === dependency.task).length;
    const all = order.filter((id) => id === dependency.task).length;
    return before === 0 || before === all ? dependency : { task: dependency.task, age: dependency.back };
  };
  const rebuild = (items: readonly Item[]): Item[] =>
    items.map((item) => {
      if (item.kind === "repeat") return { ...item, body: rebuild(item.body) };
      const at = place++;
      const after = item.after
        .filter((dependency) => known.has(typeof dependency === "string" ? dependency : dependency.task))
        .map((dependency) => clear(dependency, at));
      return { ...item, after };
    });
  return rebuild(body);
}

/** mulberry32. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
