/**
 * The ops of one block in data order: products tile by tile with the element-wise op that follows, attention, norms, caches.
 * Models: double-buffered weight tiles across ops and layers; element-wise ops on the tile before; streamed activations.
 * Ignores: overlap of an op with the next one but for its weights; the host's embedding and head of an encoder.
 * Source: STA (IEEE TVLSI 2022), layer by layer; the order of tiles is assumed.
 */
import { ddr } from "../arch/memory.ts";
import { softmax } from "../arch/softmax.ts";
import type { Precision } from "../precision.ts";
import type { Dependency, Item, Task } from "../program.ts";
import { outputElements } from "../workload/count.ts";
import type { Block } from "../workload/graph.ts";
import { at, type MatMul, type Op, type Rowwise } from "../workload/op.ts";
import { deviceTask, taskName, unitName } from "./pattern.ts";
import { attentionItems } from "./sta-attention.ts";
import { type Attention, activationTraffic, type Moment, memoryTask } from "./sta-score.ts";
import type { System } from "./sta-system.ts";
import { tilesOf } from "./sta-tile.ts";
import { followsTiles, vectorTask } from "./sta-vector.ts";
import { staggered } from "./staggered.ts";

/** What all blocks of a pass share. */
export interface Pass {
  readonly system: System;
  readonly precision: Precision;
  readonly blocks: readonly Block[];
  /** A layer's activations do not fit on chip: every op reads them from memory and writes them back. */
  readonly streamed: boolean;
  /** Keys and values of earlier tokens lie in memory. */
  readonly cached: boolean;
  /** Query heads that share a head of keys and values. */
  readonly sharing: number;
}

/** Ops that are scheduled together. */
export type Step =
  | { readonly kind: "attention"; readonly attention: Attention }
  | { readonly kind: "product"; readonly op: Op & MatMul; readonly follower?: Follower }
  | { readonly kind: "single"; readonly op: Op };

type Follower = Op & Rowwise & { readonly kind: Exclude<Rowwise["kind"], "softmax"> };

export function stepsOf(block: Block): readonly Step[] {
  const steps: Step[] = [];
  const ops = [...block.ops];
  for (let op = ops.shift(); op !== undefined; op = ops.shift()) {
    const [next, afterNext] = ops;
    if (op.kind !== "matmul") steps.push({ kind: "single", op });
    else if (op.right === "activations" && next?.kind === "softmax" && afterNext?.kind === "matmul") {
      steps.push({
        kind: "attention",
        attention: { block: block.name, scores: op, softmax: next, context: afterNext },
      });
      ops.splice(0, 2);
    } else if (op.right === "activations") steps.push({ kind: "single", op });
    else if (next !== undefined && followsTiles(next) && next.inputs.includes(op.name)) {
      steps.push({ kind: "product", op, follower: next });
      ops.shift();
    } else steps.push({ kind: "product", op });
  }
  return steps;
}

export const blockItems = (pass: Pass, block: Block, moment: Moment): readonly Item[] =>
  stepsOf(block).flatMap((step, index) => stepItems(pass, block, step, index, moment));

function stepItems(pass: Pass, block: Block, step: Step, index: number, moment: Moment): readonly Item[] {
  switch (step.kind) {
    case "attention": {
      const { streamed, cached, sharing } = pass;
      const operands = { streamed, cached, sharing, waits: waitsIn(pass, block) };
      return attentionItems(pass.system, step.attention, moment, operands);
    }
    case "product":
      return productItems(pass, block, index, step.op, step.follower, moment.step);
    case "single":
      return singleItems(pass, block, step.op, moment.step);
  }
}

type Waits = (input: string) => readonly Dependency[];

/** The task that brings an op's result; of several blocks that may come before, the latest one counts. */
const waitsIn =
  ({ blocks, streamed }: Pass, block: Block): Waits =>
  (input) => {
    const resultOf = (of: Block, op: Op): string =>
      taskName(
        0,
        streamed && op.kind !== "cacheWrite" ? `${of.name}.${op.name}.result` : `${of.name}.${op.name}`,
      );
    if (input !== "input")
      return block.ops.filter(({ name }) => name === input).map((op) => resultOf(block, op));
    return blocks.flatMap((of) => of.ops.slice(-1).map((op) => resultOf(of, op)));
  };

function productItems(
  pass: Pass,
  block: Block,
  index: number,
  op: Op & MatMul,
  follower: Follower | undefined,
  step: number,
): readonly Item[] {
  const { system, streamed } = pass;
  const { matrix, bytesPerElement } = system;
  const waits = waitsIn(pass, block);
  const name = `${block.name}.${op.name}`;
  const [rows, inner] = [at(op.rows, step), at(op.inner, step)];
  const buffer = unitName(0, "weights");
  const inputs = op.inputs.flatMap(waits);
  const tiles = tilesOf(system, op, pass.precision);
  const free = (turn: number): readonly Dependency[] =>
    turn > 1 ? [taskName(0, name)] : released(pass, block, index, 1 - turn);
  const lead = (turn: number): readonly Task[] => {
    const { bytes = 0 } = tiles[turn] ?? {};
    const cost = ddr.cost(system.memory, { direction: "read", bytes, walk: "weights" });
    const weights = deviceTask(0, {
      unit: "memory.read",
      op: name,
      name: `${name}.weights`,
      after: free(turn),
      cost,
      holds: { [buffer]: bytes },
      also: { "weights.writeBytes": bytes },
    });
    const read = rows * inner * bytesPerElement;
    const input = memoryTask(system, "read", "activations", name, `${name}.input`, read, inputs);
    return streamed ? [weights, input] : [weights];
  };
  const rest = (turn: number, age: number): readonly Task[] => {
    const tile = tiles[turn];
    if (tile === undefined) return [];
    const { columns, bytes, kept, pattern } = tile;
    const passes = Math.ceil(columns / matrix.lanes);
    const product = deviceTask(0, {
      unit: "matrix",
      op: name,
      after: [
        { task: taskName(0, `${name}.weights`), age },
        ...(streamed ? [{ task: taskName(0, `${name}.input`), age }] : inputs),
      ],
      cost: matrix.cost({
        count: 1,
        rows,
        inner,
        columns,
        macs: kept * rows,
        ...(pattern === undefined ? {} : { pattern }),
      }),
      issue: system.issue,
      holds: { [buffer]: -bytes },
      also: {
        "weights.readBytes": bytes * Math.max(1, Math.ceil(rows / matrix.rows)),
        ...activationTraffic(system, rows * inner * passes, rows * columns),
      },
    });
    const result = rows * columns * bytesPerElement;
    if (follower === undefined)
      return streamed
        ? [product, memoryTask(system, "write", "tiles", name, `${name}.result`, result, [product.id])]
        : [product];
    return [product, ...followed(pass, block, op, follower, { rows, width: columns }, product.id)];
  };
  return staggered(tiles.length, 1, lead, rest);
}

/** The element-wise op on a tile that has just left the matrix engine. */
function followed(
  pass: Pass,
  block: Block,
  op: Op,
  follower: Follower,
  size: { readonly rows: number; readonly width: number },
  product: string,
): readonly Task[] {
  const { system, streamed } = pass;
  const waits = waitsIn(pass, block);
  const name = `${block.name}.${follower.name}`;
  const bytes = size.rows * size.width * system.bytesPerElement;
  const kept = follower.kind === "argmax" ? size.rows * system.bytesPerElement : bytes;
  const others = follower.inputs.filter((input) => input !== op.name);
  const reads = others.map((input) =>
    memoryTask(system, "read", "tiles", name, `${name}.${input}`, bytes, waits(input)),
  );
  const ready = streamed ? reads.map(({ id }) => id) : others.flatMap(waits);
  const task = vectorTask(system, name, follower.kind, size, [product, ...ready]);
  if (!streamed) return [task];
  return [...reads, task, memoryTask(system, "write", "tiles", name, `${name}.result`, kept, [task.id])];
}

/**
 * The product that last used the weight buffer's half: `back` = 0 the last tile before this op, 1 the one before that. Where
 * the ops of this block do not reach back so far, it is in the layer or block before.
 */
function released(
  { system, precision, blocks }: Pass,
  block: Block,
  index: number,
  back: number,
): readonly Dependency[] {
  const within = stepsOf(block).slice(0, index);
  const inside = lastTile(system, precision, block, within, back);
  if ("task" in inside) return [inside];
  return blocks.flatMap((of) => {
    const found = lastTile(system, precision, of, stepsOf(of), inside.left);
    return "task" in found ? [found] : [];
  });
}

/** The tile that far from the end of the steps, or how much farther it is. */
function lastTile(
  system: System,
  precision: Precision,
  block: Block,
  steps: readonly Step[],
  back: number,
): { readonly task: string; readonly age: number } | { readonly left: number } {
  let left = back;
  for (const step of steps.toReversed()) {
    if (step.kind !== "product") continue;
    const tiles = tilesOf(system, step.op, precision).length;
    if (left < tiles) return { task: taskName(0, `${block.name}.${step.op.name}`), age: left };
    left -= tiles;
  }
  return { left };
}

/** Elements that later ops may read: of an argmax one for each row. */
export const resultElements = (op: Op, step: number): number =>
  op.kind === "argmax" ? op.count * at(op.rows, step) : outputElements(op, step);

function singleItems(pass: Pass, block: Block, op: Op, step: number): readonly Item[] {
  const { system, streamed } = pass;
  const waits = waitsIn(pass, block);
  const name = `${block.name}.${op.name}`;
  const bytes = resultElements(op, step) * system.bytesPerElement;
  const inputs = op.inputs.flatMap(waits);
  const result = (after: string): readonly Task[] =>
    streamed ? [memoryTask(system, "write", "activations", name, `${name}.result`, bytes, [after])] : [];
  switch (op.kind) {
    case "cacheWrite":
      return [
        {
          ...memoryTask(system, "write", "cache", name, name, bytes, inputs),
          holds: { [unitName(0, "memory")]: bytes },
        },
      ];
    case "embedding": {
      const vectors = bytes * op.entries.length;
      return [
        memoryTask(system, "read", "embedding", name, name, vectors, inputs),
        ...result(taskName(0, name)),
      ];
    }
    case "softmax": {
      const cost = softmax.cost(system.softmax, {
        rows: op.count * at(op.rows, step),
        width: at(op.width, step),
      });
      const task = deviceTask(0, { unit: "softmax", op: name, after: inputs, cost, issue: system.issue });
      return [task, ...result(task.id)];
    }
    case "layernorm":
    case "rmsnorm":
    case "rotary":
    case "gelu":
    case "relu":
    case "silu":
    case "residual":
    case "elementwise":
    case "argmax":
    case "concat":
    case "split": {
      const width = at(op.width, step);
      const read = outputElements(op, step) * system.bytesPerElement;
      const trained = op.parametersPerElement * width * system.bytesPerElement;
      const parameters =
        trained === 0 ? [] : [memoryTask(system, "read", "weights", name, `${name}.parameters`, trained, [])];
      const reads = streamed
        ? op.inputs.map((input) =>
            memoryTask(system, "read", "activations", name, `${name}.${input}`, read, waits(input)),
          )
        : [];
      const after = [...parameters.map(({ id }) => id), ...(streamed ? reads.map(({ id }) => id) : inputs)];
      const task = vectorTask(system, name, op.kind, { rows: op.count * at(op.rows, step), width }, after);
      return [...parameters, ...reads, task, ...result(task.id)];
    }
    default:
      throw new Error(`task ${name}: sta has no unit for ${op.kind}`);
  }
}
