/** Results that blocks read of others than the one before them: a mask, a table of positions, what the network was given. */
import { outputElements } from "./count.ts";
import { type Block, networkInput } from "./graph.ts";
import type { Op } from "./op.ts";
import { operandElements } from "./operand.ts";

export interface FarRead {
  /** The block that makes it; 0 for what the network is given. */
  readonly made: number;
  /** The last block that reads it. */
  readonly last: number;
  readonly elements: number;
}

interface Made {
  readonly block: number;
  readonly op: Op;
}

/** By full name, "graph.mask" or `networkInput`. */
export function farReads(blocks: readonly Block[], step = 0): ReadonlyMap<string, FarRead> {
  const made = new Map(
    blocks.flatMap(({ name, ops }, block) =>
      ops.map((op): [string, Made] => [`${name}.${op.name}`, { block, op }]),
    ),
  );
  const found = new Map<string, FarRead>();
  for (const [last, block] of blocks.entries())
    for (const op of block.ops)
      for (const input of op.inputs.filter((each) => isFar(block, each))) {
        const from = made.get(input);
        const elements =
          from === undefined
            ? Math.max(found.get(input)?.elements ?? 0, operandElements(op, step))
            : outputElements(from.op, step);
        found.set(input, { made: from?.block ?? 0, last, elements });
      }
  return found;
}

/** Whether what an op calls so comes from neither its block nor the block or turn before it. */
export const isFar = ({ ops }: Block, input: string): boolean =>
  input !== "input" && (input === networkInput || !ops.some(({ name }) => name === input));
