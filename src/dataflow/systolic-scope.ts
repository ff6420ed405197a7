/**
 * What the groups of a block share: where results lie, which tasks bring them, what is taken and given back of memories.
 * Models: results on chip once the vector unit has made them, in memory once they are stored; room taken from first to last use.
 * Ignores: tiles under way in the operand buffers, whose room is theirs.
 * Source: ours.
 */
import { ddr } from "../arch/memory.ts";
import type { Dependency, Task } from "../program.ts";
import { isFar } from "../workload/far-reads.ts";
import { type Block, networkInput } from "../workload/graph.ts";
import { deviceTask, taskName, unitName } from "./pattern.ts";
import type { Group } from "./systolic-group.ts";
import type { Piece } from "./systolic-repetition.ts";
import { fullName, givenTo, type Residence } from "./systolic-residence.ts";
import type { System } from "./systolic-system.ts";

export interface Scope {
  readonly system: System;
  readonly blocks: readonly Piece[];
  readonly index: number;
  readonly residence: Residence;
  readonly step: number;
  readonly batch: number;
  /** The first block reads what the last one made in the step before (the next token), not an input of the run. */
  readonly generates: boolean;
}

/** The task of the host that brings the network's input on chip. */
export const hostInput = "host.input";

export const blockOf = ({ blocks, index }: Scope): Piece => {
  const block = blocks[index];
  if (block === undefined) throw new Error(`there is no block ${index}`);
  return block;
};

/** The full name of what an op of this block calls so. */
export const nameOf = (scope: Scope, input: string): string => fullName(scope.blocks, scope.index, input);

/** Rows that join a cache are always in memory, whoever reads them. */
const joinsCache = ({ ops }: Block, name: string): boolean =>
  ops.some((op) => op.name === name && op.kind === "cacheWrite");

/** Whether what an op of this block calls so are keys or values of a cache. */
export function isCache(scope: Scope, input: string): boolean {
  const { block } = blockOf(scope);
  if (isFar(block, input)) {
    const from = farResult(scope, input);
    return from !== undefined && joinsCache(from.block, from.result);
  }
  if (input !== "input") return joinsCache(blockOf(scope).block, input);
  const before = scope.blocks[scope.index - 1]?.block;
  return before !== undefined && joinsCache(before, before.ops.at(-1)?.name ?? "");
}

export const isOnChip = (scope: Scope, input: string): boolean =>
  !isCache(scope, input) && scope.residence.isResident(nameOf(scope, input));

export const bytesOf = (scope: Scope, input: string): number => scope.residence.bytesOf(nameOf(scope, input));

/** Where a result of an earlier block is made; undefined for what the network is given. */
function farResult(
  { blocks }: Scope,
  input: string,
): { readonly block: Block; readonly result: string } | undefined {
  const from = blocks.find(({ block }) => block.ops.some(({ name }) => `${block.name}.${name}` === input));
  return from === undefined
    ? undefined
    : { block: from.block, result: input.slice(from.block.name.length + 1) };
}

/** The id of the task that brings a result of a block to where it lies. */
export const resultTask = (scope: Scope, block: Block, result: string): string => {
  const name = `${block.name}.${result}`;
  const placed = joinsCache(block, result) || scope.residence.isResident(name);
  return taskName(0, placed ? name : `${name}.store`);
};

const lastTask = (scope: Scope, block: Block): string =>
  resultTask(scope, block, block.ops.at(-1)?.name ?? "");

/** What to wait for before an input may be read. */
export function waitsFor(scope: Scope, input: string): readonly string[] {
  const { blocks, index, generates } = scope;
  const { block } = blockOf(scope);
  const brought = scope.residence.isResident("input") ? [taskName(0, hostInput)] : [];
  if (isFar(block, input)) {
    const from = farResult(scope, input);
    return from === undefined ? brought : [resultTask(scope, from.block, from.result)];
  }
  if (input !== "input") return [resultTask(scope, block, input)];
  const before = blocks[index - 1] ?? (generates ? blocks.at(-1) : undefined);
  const given = before === undefined ? [] : [lastTask(scope, before.block)];
  const host = index === 0 && !generates ? brought : [];
  // Of a block that repeats, the latest result counts: its own, once it has one.
  const own = block.times > 1 ? [lastTask(scope, block)] : [];
  return [...host, ...new Set([...given, ...own])];
}

/** A transfer of the machine's memory, and what it does to an operand buffer. */
export function transfer(
  scope: Scope,
  direction: "read" | "write",
  what: {
    readonly op: string;
    readonly name: string;
    readonly bytes: number;
    readonly walk: "weights" | "activations" | "cache";
    readonly after: readonly Dependency[];
    readonly also?: Readonly<Record<string, number>>;
    readonly holds?: Readonly<Record<string, number>>;
  },
): Task {
  const { bytes, walk, ...task } = what;
  const cost = ddr.cost(scope.system.memory, { direction, bytes, walk });
  return deviceTask(0, { unit: `memory.${direction}`, cost, ...task });
}

/** Room that a group's result takes. */
export function taken(scope: Scope, result: string): Readonly<Record<string, number>> {
  const last = scope.index === scope.blocks.length - 1 && result === blockOf(scope).block.ops.at(-1)?.name;
  if (scope.generates && last) return {};
  return { [holderOf(scope, result)]: bytesOf(scope, result) };
}

/** Room that is given back when the group is done, since none of its block reads the result again. */
export function returned(scope: Scope, group: Group): Readonly<Record<string, number>> {
  const { groups, block } = blockOf(scope);
  const position = groups.indexOf(group);
  const reads = ({ op, followers }: Group): readonly string[] =>
    [op, ...followers].flatMap(({ inputs }) => inputs);
  const inside = new Set([group.op, ...group.followers].map(({ name }) => name));
  const held: Record<string, number> = {};
  for (const input of new Set(reads(group))) {
    if (inside.has(input) || isCache(scope, input)) continue;
    if (input === "input" && scope.index === 0 && scope.generates) continue;
    if (input === block.ops.at(-1)?.name) continue;
    if (isNeededLater(scope, input)) continue;
    if (groups.slice(position + 1).some((later) => reads(later).includes(input))) continue;
    const holder = holderOf(scope, input);
    held[holder] = (held[holder] ?? 0) - bytesOf(scope, input);
  }
  return position === 0 ? together(held, returnedAfterTurns(scope)) : held;
}

/** Whether a later turn or block reads it by its full name. */
function isNeededLater(scope: Scope, input: string): boolean {
  const { block } = blockOf(scope);
  const far = scope.residence.far.get(isFar(block, input) ? input : farName(scope, input));
  return far !== undefined && (far.last > scope.index || (far.last === scope.index && block.times > 1));
}

const farName = (scope: Scope, input: string): string =>
  input === "input" && scope.index === 0 ? networkInput : nameOf(scope, input);

/** Room of what all turns of the block before have read, and nobody behind it. */
function returnedAfterTurns(scope: Scope): Readonly<Record<string, number>> {
  const before = scope.blocks[scope.index - 1]?.block;
  if (before === undefined || before.times === 1) return {};
  const given = givenTo(scope.blocks, scope.index);
  const held = [...scope.residence.far].flatMap(([name, { last, made }]) =>
    last === scope.index - 1 && made < last && name !== given
      ? [{ [holderOf(scope, name)]: -bytesOf(scope, name) }]
      : [],
  );
  return together(...held);
}

const holderOf = (scope: Scope, input: string): string =>
  unitName(0, isOnChip(scope, input) ? "activations" : "memory");

/** The sum of what is taken and what is given back. */
export function together(
  ...all: readonly Readonly<Record<string, number>>[]
): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const each of all)
    for (const [memory, bytes] of Object.entries(each)) sums[memory] = (sums[memory] ?? 0) + bytes;
  return Object.fromEntries(Object.entries(sums).filter(([, bytes]) => bytes !== 0));
}
