/** How long results are needed, by the edges of the graph: what a residual or a branch keeps alive while others compute. */
import { bytesOf } from "../precision.ts";
import { inputElements } from "./convolution.ts";
import { outputElements } from "./count.ts";
import type { Block, Workload } from "./graph.ts";
import { at, type Op } from "./op.ts";

/** Elements of the operand that an op takes from the op before it. */
export function operandElements(op: Op, step = 0): number {
  switch (op.kind) {
    case "matmul":
      return op.count * at(op.rows, step) * at(op.inner, step);
    case "convolution":
    case "pooling":
      return inputElements(op);
    case "movement":
      return op.inputElements;
    case "reduction":
      return op.count * at(op.rows, step) * at(op.width, step);
    case "embedding":
      return at(op.rows, step);
    case "butterflyLinear":
      return at(op.rows, step) * op.inner;
    case "fft":
      return at(op.rows, step) * op.length * (op.input === "complex" ? 2 : 1);
    default:
      return outputElements(op, step);
  }
}

/** Elements of what the block is given: as many as the op of it that reads most takes. */
export const blockInput = ({ ops }: Block, step = 0): number =>
  Math.max(0, ...ops.filter(({ inputs }) => inputs.includes("input")).map((op) => operandElements(op, step)));

/** By name of a result, the index of the last op that reads it. */
export const lastUses = ({ ops }: Block): ReadonlyMap<string, number> =>
  new Map(ops.flatMap(({ inputs }, index) => inputs.map((input): [string, number] => [input, index])));

/** Elements that are needed while each op of the block runs: its operands, its result, and what later ops still read. */
export function liveElements(block: Block, step = 0): readonly number[] {
  const { ops } = block;
  const last = lastUses(block);
  const ends = ops.map(() => 0);
  let live = last.has("input") ? blockInput(block, step) : 0;
  const given = live;
  return ops.map((op, now) => {
    const elements = outputElements(op, step);
    // The last result is what the next block is given.
    const end = now === ops.length - 1 ? now : Math.max(now, last.get(op.name) ?? now);
    ends[end] = (ends[end] ?? 0) + elements;
    live += elements;
    const during = live;
    live -= (ends[now] ?? 0) + (last.get("input") === now ? given : 0);
    return during;
  });
}

/** The most bytes of activations that are needed at one time, were every result kept until its last use and none longer. Caches are not among them. */
export function peakActivationBytes({ phases, precision }: Workload): number {
  const peak = Math.max(
    0,
    ...phases.flatMap(({ blocks, steps }) => blocks.flatMap((block) => liveElements(block, steps - 1))),
  );
  return Math.ceil(peak * bytesOf(precision));
}
