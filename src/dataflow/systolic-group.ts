/**
 * Ops that run together: a product, and what follows it on its tiles.
 * Models: chains of ops that read nothing but the op before and what is there already; each result between has no other reader.
 * Ignores: chains behind ops that are no products; a window that reaches over the edge of a tile.
 * Source: the usual operator fusion of compilers for such machines (TPU v1's activate, Gemmini's move-out).
 */
import { outputElements } from "../workload/count.ts";
import { isFar } from "../workload/far-reads.ts";
import type { Block } from "../workload/graph.ts";
import type { Op } from "../workload/op.ts";
import { operandElements } from "../workload/operand.ts";
import type { Product } from "./systolic-window.ts";
import { isProduct, productOf } from "./systolic-window.ts";

export interface Group {
  readonly op: Op;
  /** In order; each reads the one before it. */
  readonly followers: readonly Op[];
}

/** Whether tiles of a product may be so wide that its rows are whole. */
export type HoldsRows = (product: Product) => boolean;

/** In an order in which every op finds its inputs; all ops of the block, each once. */
export function groupsOf(block: Block, step: number, fuse: boolean, holdsRows: HoldsRows): readonly Group[] {
  const readers = new Map<string, Op[]>();
  for (const op of block.ops)
    for (const input of new Set(op.inputs)) readers.set(input, [...(readers.get(input) ?? []), op]);
  const done = new Set([
    "input",
    ...block.ops.flatMap(({ inputs }) => inputs.filter((each) => isFar(block, each))),
  ]);
  return block.ops.flatMap((op): readonly Group[] => {
    if (done.has(op.name)) return [];
    const followers: Op[] = [];
    let last = op;
    while (fuse && isProduct(op)) {
      const next = readers.get(last.name) ?? [];
      const [only] = next;
      if (next.length !== 1 || only === undefined || !follows(only, last, done, step)) break;
      if (needsRows(only) && !holdsRows(productOf(op, step))) break;
      followers.push(only);
      last = only;
    }
    for (const { name } of [op, ...followers]) done.add(name);
    return [{ op, followers }];
  });
}

/** The op whose result the group makes. */
export const resultOf = ({ op, followers }: Group): Op => followers.at(-1) ?? op;

/** Ops that work on whole rows, of which a tile has to have all columns. */
export const needsRows = ({ kind }: Op): boolean =>
  kind === "softmax" || kind === "layernorm" || kind === "rmsnorm";

function follows(op: Op, last: Op, done: ReadonlySet<string>, step: number): boolean {
  const others = op.inputs.filter((input) => input !== last.name);
  return (
    canFollow(op) &&
    others.every((input) => done.has(input)) &&
    operandElements(op, step) === outputElements(last, step)
  );
}

function canFollow({ kind }: Op): boolean {
  switch (kind) {
    case "relu":
    case "gelu":
    case "silu":
    case "sigmoid":
    case "batchnorm":
    case "residual":
    case "elementwise":
    case "rotary":
    case "argmax":
    case "pooling":
    case "softmax":
    case "layernorm":
    case "rmsnorm":
      return true;
    default:
      return false;
  }
}
