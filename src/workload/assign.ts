/** Gives weight matrices their encodings. Layers that differ become blocks of their own, "attention[0-5]" and "attention[6-11]". */
import type { Convolution } from "./convolution.ts";
import type { Encoding } from "./encoding.ts";
import type { Block, Phase } from "./graph.ts";
import type { MatMul, Op } from "./op.ts";

/** The encoding of a matrix by block, op and layer of the block; undefined leaves it dense. */
export type Choose = (block: string, op: string, layer: number) => Encoding | undefined;

export const withEncodings = (phases: readonly Phase[], choose: Choose): readonly Phase[] =>
  phases.map((phase) => ({ ...phase, blocks: phase.blocks.flatMap((block) => split(block, choose)) }));

/** Weight matrices of a workload, filters of a convolution included. */
export const isWeights = (op: Op): op is Op & (MatMul | Convolution) =>
  (op.kind === "matmul" && op.right === "parameters") ||
  (op.kind === "convolution" && op.right !== "activations");

function split(block: Block, choose: Choose): readonly Block[] {
  const layers = Array.from({ length: block.times }, (_, layer) =>
    block.ops.map((op) => encodedOp(op, choose(block.name, op.name, layer))),
  );
  const runs: { first: number; times: number; key: string; ops: readonly Op[] }[] = [];
  for (const [first, ops] of layers.entries()) {
    const key = JSON.stringify(ops);
    const run = runs.at(-1);
    if (run?.key === key) run.times += 1;
    else runs.push({ first, times: 1, key, ops });
  }
  return runs.map(({ first, times, ops }) => ({
    ...block,
    name: runs.length === 1 ? block.name : `${block.name}[${rangeText(first, first + times - 1)}]`,
    times,
    ops,
  }));
}

const encodedOp = (op: Op, encoding: Encoding | undefined): Op =>
  encoding === undefined || !isWeights(op) ? op : { ...op, encoding };

const rangeText = (first: number, last: number): string => (first === last ? `${first}` : `${first}-${last}`);
