/** From names to indices: units, sequencers, servers, shift registers and dependencies. */
import type { Dependency, Program, Task } from "../program.ts";
import { item } from "./cells.ts";
import { type Place, taskName } from "./scan.ts";

export interface Wiring {
  readonly sequencers: readonly string[];
  readonly servers: readonly WiredServer[];
  readonly units: readonly WiredUnit[];
  /** One shift register for each task id: the times when its last `length` instances were done. */
  readonly registers: readonly Register[];
  /** In the order of the places. */
  readonly places: readonly WiredPlace[];
}

export interface WiredServer {
  readonly name: string;
  /** The one that feeds it; undefined when no unit does. */
  readonly sequencer: number | undefined;
}

export interface WiredUnit {
  readonly name: string;
  readonly sequencer: number;
  readonly depth: number;
  /** Undefined: its own. */
  readonly server: number | undefined;
}

export interface Register {
  readonly task: string;
  readonly length: number;
}

export interface WiredPlace {
  readonly unit: number;
  readonly register: number;
  /** In the order of `task.after`; age 0 is the latest instance issued before. */
  readonly after: readonly Edge[];
}

export interface Edge {
  readonly register: number;
  readonly age: number;
}

export function wire(program: Program, places: readonly Place[]): Wiring {
  const sequencers = [...new Set(program.units.map(({ sequencer }) => sequencer))];
  const { servers, units } = wireUnits(program, sequencers);
  const unitOf = new Map(units.map(({ name }, index) => [name, index]));
  const registerOf = new Map<string, number>();
  const own = places.map(({ task: { id } }) => {
    const known = registerOf.get(id);
    if (known !== undefined) return known;
    registerOf.set(id, registerOf.size);
    return registerOf.size - 1;
  });
  const lengths = Array.from(registerOf, () => 1);
  // Only iterations ask where a task stands.
  let standing: readonly (readonly number[])[] | undefined;
  const placesOf = (register: number): readonly number[] => {
    standing ??= placesBy(own, registerOf.size);
    return item(standing, register);
  };
  const wired = places.map(({ task }, index): WiredPlace => {
    const unit = unitOf.get(task.unit);
    if (unit === undefined)
      throw new Error(`${taskName(task)}: no such unit; the program has ${names(units)}`);
    const after = task.after.map((dependency): Edge => {
      const id = typeof dependency === "string" ? dependency : dependency.task;
      const register = registerOf.get(id);
      if (register === undefined)
        throw new Error(`${taskName(task)}: waits for "${id}", which is no task of the program`);
      const edge = { register, age: age(task, dependency, () => placesOf(register), index) };
      if (edge.age >= item(lengths, register)) lengths[register] = edge.age + 1;
      return edge;
    });
    return { unit, register: item(own, index), after };
  });
  const registers = Array.from(registerOf, ([task, index]) => ({ task, length: item(lengths, index) }));
  return { sequencers, servers, units, registers, places: wired };
}

/** The places by register. */
function placesBy(own: readonly number[], registers: number): readonly (readonly number[])[] {
  const places = Array.from({ length: registers }, (): number[] => []);
  own.forEach((register, place) => {
    item(places, register).push(place);
  });
  return places;
}

/**
 * How many instances older than the latest one issued before. Iterations become an age by the producer's place: what
 * stands before the consumer has issued this iteration's instance, what stands at or after it has not yet.
 * @param producersOf the places of the awaited task
 */
function age(
  task: Task,
  dependency: Dependency,
  producersOf: () => readonly number[],
  consumer: number,
): number {
  if (typeof dependency === "string") return 0;
  const count = "age" in dependency ? dependency.age : dependency.back;
  if (!Number.isSafeInteger(count) || count < 0)
    throw new Error(
      `${taskName(task)}: waits for "${dependency.task}" with ${"age" in dependency ? "age" : "back"} ${count}, expected a whole number from 0`,
    );
  if ("age" in dependency) return count;
  const producers = producersOf();
  const before = producers.filter((place) => place < consumer).length;
  if (before > 0 && before < producers.length)
    throw new Error(
      `${taskName(task)}: waits for "${dependency.task}" by iterations, but that stands both before it and at or after it; give the age`,
    );
  if (before === 0 && count === 0)
    throw new Error(
      `${taskName(task)}: waits for "${dependency.task}" of the same iteration, which is issued later: a forward dependency`,
    );
  return before > 0 ? count : count - 1;
}

function wireUnits(program: Program, sequencers: readonly string[]): Pick<Wiring, "servers" | "units"> {
  unique("server", program.servers);
  unique("unit", program.units);
  const feeders = new Map<string, number>();
  const units = program.units.map(({ name, sequencer, depth, server }): WiredUnit => {
    if (!Number.isSafeInteger(depth) || depth < 1)
      throw new Error(`unit "${name}": depth is ${depth}, expected a whole number from 1`);
    const feeder = sequencers.indexOf(sequencer);
    if (server === undefined) return { name, sequencer: feeder, depth, server };
    const index = program.servers.findIndex((candidate) => candidate.name === server);
    if (index < 0)
      throw new Error(`unit "${name}": no server "${server}"; the program has ${names(program.servers)}`);
    const other = feeders.get(server);
    if (other !== undefined && other !== feeder)
      throw new Error(
        `server "${server}" is fed by sequencers "${item(sequencers, other)}" and "${sequencer}"; it must belong to one (put a link unit in between)`,
      );
    feeders.set(server, feeder);
    return { name, sequencer: feeder, depth, server: index };
  });
  return { units, servers: program.servers.map(({ name }) => ({ name, sequencer: feeders.get(name) })) };
}

function unique(kind: string, list: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of list) {
    if (seen.has(name)) throw new Error(`${kind} "${name}" is declared twice`);
    seen.add(name);
  }
}

const names = (list: readonly { readonly name: string }[]): string =>
  list.length === 0 ? "none" : list.map(({ name }) => name).join(", ");
