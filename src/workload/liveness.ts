/** How long results are needed, by the edges of the graph: what a residual or a branch keeps alive while others compute. */
import { bytesOf } from "../precision.ts";
import { outputElements } from "./count.ts";
import { type FarRead, farReads } from "./far-reads.ts";
import { type Block, networkInput, type Phase, type Workload } from "./graph.ts";
import { blockInput } from "./operand.ts";

/** By name of a result, the index of the last op that reads it. */
const lastUses = ({ ops }: Block): ReadonlyMap<string, number> =>
  new Map(ops.flatMap(({ inputs }, index) => inputs.map((input): [string, number] => [input, index])));

/** Elements that are needed while each op of the block runs: its operands, its result, and what later ops still read. */
export const liveElements = (block: Block, step = 0): readonly number[] =>
  liveIn(block, lastUses(block), blockInput(block, step), step);

/** @param last by name, the last op that needs a result; the number of ops for one that a later block reads */
function liveIn(
  { ops }: Block,
  last: ReadonlyMap<string, number>,
  given: number,
  step: number,
): readonly number[] {
  const ends = ops.map(() => 0);
  let live = last.has("input") ? given : 0;
  return ops.map((op, now) => {
    const elements = outputElements(op, step);
    const read = last.get(op.name) ?? now;
    // The last result is what the next block is given.
    const end = now === ops.length - 1 && read < ops.length ? now : Math.max(now, read);
    ends[end] = (ends[end] ?? 0) + elements;
    live += elements;
    const during = live;
    live -= (ends[now] ?? 0) + (last.get("input") === now ? given : 0);
    return during;
  });
}

/** The same for each block of a phase, with what passes it on the way from an earlier block to a later one. */
function liveInPhase({ blocks }: Phase, step: number): readonly number[] {
  const far = farReads(blocks, step);
  return blocks.flatMap((block, index) => {
    const last = new Map(lastUses(block));
    for (const { name } of block.ops) if (far.has(`${block.name}.${name}`)) last.set(name, block.ops.length);
    const before = blocks[index - 1];
    const source = before === undefined ? networkInput : `${before.name}.${before.ops.at(-1)?.name}`;
    const given = far.get(source);
    if (before === undefined && given !== undefined) last.set("input", block.ops.length);
    // What comes from afar is counted below, also where it is what the block is given.
    const counted = before !== undefined && (given?.last ?? 0) >= index;
    const own = counted
      ? 0
      : Math.max(blockInput(block, step), before === undefined ? (given?.elements ?? 0) : 0);
    const passing = [...far].filter(([, { made, last: until }]) => made < index && until >= index);
    return liveIn(block, last, own, step).map(
      (live, now) =>
        live + passing.reduce((sum, [name, read]) => sum + passingAt(name, read, { block, index, now }), 0),
    );
  });
}

/** A block that repeats needs it to its end. */
function passingAt(
  name: string,
  { last, elements }: FarRead,
  { block, index, now }: { readonly block: Block; readonly index: number; readonly now: number },
): number {
  const done = index === last && block.times === 1 && now > (lastUses(block).get(name) ?? 0);
  return done ? 0 : elements;
}

/** The most bytes of activations that are needed at one time, were every result kept until its last use and none longer. Caches are not among them. */
export function peakActivationBytes({ phases, precision }: Workload): number {
  const peak = Math.max(0, ...phases.flatMap((phase) => liveInPhase(phase, phase.steps - 1)));
  return Math.ceil(peak * bytesOf(precision));
}
