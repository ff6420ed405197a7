/**
 * What stays on chip in each repetition of a block, and repetitions in which the same does, as one.
 * Models: a block that repeats as its repetitions one after another, decided result by result; the first may take its input from
 *   elsewhere, the last may be read for longer.
 * Ignores: nothing: where the second and the third repetition agree, those up to the last are like them.
 * Source: ours.
 */
import { farReads, isFar } from "../workload/far-reads.ts";
import type { Block } from "../workload/graph.ts";
import { resultOf } from "./systolic-group.ts";
import { givenTo, type PlacedBlock, type Residence, residenceOf } from "./systolic-residence.ts";

/** Some repetitions of a block. Its name is its own, for the names of tasks; ops have that of the block. */
export interface Piece extends PlacedBlock {
  readonly of: Block;
}

export interface Placed {
  readonly pieces: readonly Piece[];
  readonly residence: Residence;
}

/** @param capacity bytes; 0 where nothing can stay */
export function placedBlocks(
  blocks: readonly PlacedBlock[],
  step: number,
  elementBytes: number,
  capacity: number,
): Placed {
  const few = repetitions(blocks, fewest);
  const decided = residenceOf(few, step, elementBytes, capacity);
  if (settles(few, decided)) return folded(few, decided, step);
  const all = repetitions(blocks, Number.POSITIVE_INFINITY);
  return folded(all, residenceOf(all, step, elementBytes, capacity), step);
}

/** The first, the second, the third, which stands for those up to the last, and the last. */
const fewest = 4;

interface Repetition extends Piece {
  /** So many like it. */
  readonly stands: number;
}

function repetitions(blocks: readonly PlacedBlock[], most: number): readonly Repetition[] {
  const last = (name: string): string => {
    const from = blocks.find(({ block }) => name.startsWith(`${block.name}.`))?.block;
    return from === undefined || from.times === 1
      ? name
      : `${nameOf(from, Math.min(from.times, most) - 1)}${name.slice(from.name.length)}`;
  };
  return blocks.flatMap(({ block, groups }): readonly Repetition[] => {
    const placed = { groups: groups.map((group) => renamed(group, block, last)) };
    const turns = Math.min(block.times, most);
    return Array.from({ length: turns }, (_, turn) => ({
      ...placed,
      block: { ...withInputs(block, last), name: nameOf(block, turn), times: 1 },
      of: block,
      stands: turns < block.times && turn === turns - 2 ? block.times - turns + 1 : 1,
    }));
  });
}

const nameOf = ({ name, times }: Block, turn: number): string => (times === 1 ? name : `${name}@${turn}`);

type Rename = (name: string) => string;

const withInputs = (block: Block, rename: Rename): Block => ({
  ...block,
  ops: block.ops.map((op) => withFar(op, block, rename)),
});

const withFar = <Given extends Block["ops"][number]>(op: Given, block: Block, rename: Rename): Given =>
  op.inputs.some((input) => isFar(block, input) && rename(input) !== input)
    ? { ...op, inputs: op.inputs.map((input) => (isFar(block, input) ? rename(input) : input)) }
    : op;

const renamed = (
  { op, followers }: PlacedBlock["groups"][number],
  block: Block,
  rename: Rename,
): PlacedBlock["groups"][number] => ({
  op: withFar(op, block, rename),
  followers: followers.map((each) => withFar(each, block, rename)),
});

/** Whether the third repetition of each block that stands for more is like the second. */
const settles = (few: readonly Repetition[], residence: Residence): boolean =>
  few.every(
    ({ stands }, index) => stands === 1 || keyOf(few, index, residence) === keyOf(few, index - 1, residence),
  );

/** What of its input and its results is on chip. */
function keyOf(all: readonly PlacedBlock[], index: number, { isResident }: Residence): string {
  const placed = all[index];
  const own = placed?.groups.map((group) => `${placed.block.name}.${resultOf(group).name}`) ?? [];
  return [givenTo(all, index), ...own].map((name) => Number(isResident(name))).join("");
}

function folded(all: readonly Repetition[], residence: Residence, step: number): Placed {
  const pieces: Piece[] = [];
  const names = new Map<string, string>();
  let key = "";
  for (const [index, { of, block, groups, stands }] of all.entries()) {
    const before = pieces.at(-1);
    const own = keyOf(all, index, residence);
    if (before?.of === of && own === key)
      pieces[pieces.length - 1] = {
        ...before,
        block: { ...before.block, times: before.block.times + stands },
      };
    else pieces.push({ of, groups, block: { ...block, times: stands } });
    names.set(block.name, pieces.at(-1)?.block.name ?? block.name);
    key = own;
  }
  const rename = (name: string): string => {
    const [from, to] =
      [...names].find(([each, piece]) => each !== piece && name.startsWith(`${each}.`)) ?? [];
    return from === undefined || to === undefined ? name : `${to}${name.slice(from.length)}`;
  };
  const named = pieces.map(
    (piece): Piece => ({
      ...piece,
      block: withInputs(piece.block, rename),
      groups: piece.groups.map((group) => renamed(group, piece.block, rename)),
    }),
  );
  const far = farReads(
    named.map(({ block }) => block),
    step,
  );
  return { pieces: named, residence: { ...residence, far } };
}
