/**
 * Which results stay on chip from the op that makes them to the last one that reads them, and which go through memory.
 * Models: results in data order, each kept while there is room for it as long as it lives; a concatenation is the place where its
 *   parts are written, so that they stay or go together. Blocks stand for one repetition here: see systolic-repetition.ts.
 * Ignores: keeping a part of a result; moving a result out when another needs the room.
 * Source: linear scan; unified buffers as TPU v1's (ISCA 2017).
 */
import { outputElements } from "../workload/count.ts";
import { type FarRead, farReads, isFar } from "../workload/far-reads.ts";
import { type Block, networkInput } from "../workload/graph.ts";
import { at } from "../workload/op.ts";
import { blockInput } from "../workload/operand.ts";
import { type Group, resultOf } from "./systolic-group.ts";

export interface PlacedBlock {
  readonly block: Block;
  readonly groups: readonly Group[];
}

/** "conv1.relu"; what the first block is given is "input". */
export type ResultName = string;

export interface Residence {
  readonly isResident: (name: ResultName) => boolean;
  readonly bytesOf: (name: ResultName) => number;
  /** What blocks read of others than the one before. */
  readonly far: ReadonlyMap<string, FarRead>;
}

interface Life {
  readonly bytes: number;
  /** Positions of groups at which it is there, over all blocks in order. */
  readonly from: number;
  readonly to: number;
}

export const givenTo = (blocks: readonly PlacedBlock[], index: number): ResultName => {
  const before = blocks[index - 1]?.block;
  return before === undefined ? "input" : lastResult(before);
};

/** What an op of a block calls so. */
export function fullName(blocks: readonly PlacedBlock[], index: number, input: string): ResultName {
  const block = blocks[index]?.block;
  if (input === "input" || block === undefined) return givenTo(blocks, index);
  if (!isFar(block, input)) return `${block.name}.${input}`;
  return input === networkInput ? "input" : input;
}

export const lastResult = ({ name, ops }: Block): ResultName => `${name}.${ops.at(-1)?.name}`;

/** @param capacity bytes; 0 where nothing can stay */
export function residenceOf(
  blocks: readonly PlacedBlock[],
  step: number,
  elementBytes: number,
  capacity: number,
): Residence {
  const far = farReads(
    blocks.map(({ block }) => block),
    step,
  );
  const lives = livesOf(blocks, step, elementBytes, far);
  const together = classesOf(blocks);
  const members = new Map<ResultName, Life[]>();
  for (const [name, life] of lives) {
    const key = together(name);
    members.set(key, [...(members.get(key) ?? []), life]);
  }
  const positions = blocks.reduce((sum, { groups }) => sum + groups.length, 0);
  const taken = new Array<number>(positions + 1).fill(0);
  const kept = new Set<ResultName>();
  for (const [key, all] of members) {
    // Parts of a concatenation lie side by side in the room of the whole.
    const bytes = Math.max(...all.map((life) => life.bytes));
    const at = new Set(all.flatMap(({ from, to }) => range(from, to)));
    if (![...at].every((position) => (taken[position] ?? 0) + bytes <= capacity)) continue;
    kept.add(key);
    for (const position of at) taken[position] = (taken[position] ?? 0) + bytes;
  }
  return {
    isResident: (name) => kept.has(together(name)),
    bytesOf: (name) => lives.get(name)?.bytes ?? 0,
    far,
  };
}

function livesOf(
  blocks: readonly PlacedBlock[],
  step: number,
  elementBytes: number,
  far: Residence["far"],
): ReadonlyMap<ResultName, Life> {
  const lives = new Map<ResultName, Life>();
  const bytes = (elements: number): number => Math.ceil(elements * elementBytes);
  let start = 0;
  for (const [index, { block, groups }] of blocks.entries()) {
    const lastRead = (name: string): number =>
      groups.findLastIndex(({ op, followers }) =>
        [op, ...followers].some(({ inputs }) => inputs.includes(name)),
      );
    const given = givenTo(blocks, index);
    const until = lastRead("input");
    const before = lives.get(given);
    if (before !== undefined) lives.set(given, { ...before, to: Math.max(before.to, start + until) });
    else {
      const elements = Math.max(blockInput(block, step), far.get(networkInput)?.elements ?? 0);
      lives.set(given, { bytes: bytes(elements), from: start, to: start + until });
    }
    for (const [position, group] of groups.entries()) {
      const result = resultOf(group);
      // Rows of a cache lie in memory.
      if (result.kind === "cacheWrite") continue;
      const last = Math.max(position, lastRead(result.name));
      // Of an argmax one number for each row is left.
      const elements =
        result.kind === "argmax" ? result.count * at(result.rows, step) : outputElements(result, step);
      lives.set(`${block.name}.${result.name}`, {
        bytes: bytes(elements),
        from: start + position,
        to: start + last,
      });
    }
    for (const [name, { last }] of far) {
      const life = lives.get(name === networkInput ? "input" : name);
      if (last !== index || life === undefined) continue;
      const to = start + (block.times > 1 ? groups.length - 1 : lastRead(name));
      lives.set(name === networkInput ? "input" : name, { ...life, to: Math.max(life.to, to) });
    }
    start += groups.length;
  }
  return lives;
}

/** The name that stands for all results that stay or go together. */
function classesOf(blocks: readonly PlacedBlock[]): (name: ResultName) => ResultName {
  const parent = new Map<ResultName, ResultName>();
  const root = (name: ResultName): ResultName => {
    const above = parent.get(name);
    return above === undefined ? name : root(above);
  };
  const join = (a: ResultName, b: ResultName): void => {
    const [first, second] = [root(a), root(b)];
    if (first !== second) parent.set(second, first);
  };
  for (const [index, { block, groups }] of blocks.entries()) {
    const nameOf = (input: string): ResultName => fullName(blocks, index, input);
    for (const { op } of groups)
      if (op.kind === "concat" || op.kind === "split")
        for (const input of op.inputs) join(nameOf(input), `${block.name}.${op.name}`);
  }
  return root;
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
