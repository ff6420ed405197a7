/**
 * A product on the array, tile by tile, and what follows it on the vector unit.
 * Models: loads of both operands where they lie in memory, the array, sums that leave through the vector unit, stores.
 * Ignores: alignment of tiles in memory.
 * Source: loop blocking; systolic-turn.ts.
 */
import { type Cost, roundUp } from "../arch/component.ts";
import { keptInner } from "../arch/nm-systolic.ts";
import { bufferAccesses, macAction } from "../arch/systolic.ts";
import type { Dependency, Item, Task } from "../program.ts";
import { macsOf, outputElements } from "../workload/count.ts";
import type { Op } from "../workload/op.ts";
import { loopsOf } from "./loops.ts";
import { deviceTask, taskName } from "./pattern.ts";
import { type Group, resultOf } from "./systolic-group.ts";
import { pacedBy, portsOf } from "./systolic-port.ts";
import {
  bytesOf,
  isCache,
  isOnChip,
  nameOf,
  returned,
  type Scope,
  taken,
  transfer,
  waitsFor,
} from "./systolic-scope.ts";
import { type Turn, turnsOf } from "./systolic-turn.ts";
import { leaveChain, opChain, type Part, vectorCost } from "./systolic-vector.ts";
import { skipped, wordsOf } from "./systolic-weights.ts";
import type { ProductOp } from "./systolic-window.ts";
import { rightOf, type Tilings, type Work, workOf } from "./systolic-work.ts";

/** All products share these names, so that a load of the next op waits for the buffer that the op before has used. */
const onArray = "array.tile";
const loading = { weights: "array.weights", inputs: "array.inputs" } as const;
type Operand = keyof typeof loading;
const operands = ["weights", "inputs"] as const;

export function productItems(scope: Scope, group: Group, op: ProductOp, tilings: Tilings): readonly Item[] {
  const work = workOf(scope, group, op, tilings);
  const { buffering } = scope.system;
  const { turns, lengths, ...ahead } = turnsOf(work.product.whole, work.tiling, work.bytes, buffering);
  const last = turns.length - 1;
  const spread = turns.reduce((sum, { tile }) => sum + work.macs(tile), 0);
  const rest = macsOf(op, scope.step) - spread;
  const leaves = turns.findIndex((turn) => turn.last);
  const keys = turns.map((turn, index) => keyOf(turn, index === 0, index === leaves, index === last));
  const prologue = operands.flatMap((operand) =>
    loadTasks(work, operand, ahead[operand], [
      { task: taskName(0, onArray), age: buffering - 1 },
      ...operandInputs(work, operand).flatMap((input) => waitsFor(scope, input)),
    ]),
  );
  const items = loopsOf(keys, lengths, (index) => {
    const turn = turns[index];
    if (turn === undefined) return [];
    const place = { first: index === 0, leaves: index === leaves, last: index === last };
    return turnItems(work, turn, { ...place, rest: index === 0 ? rest : 0 });
  });
  return [...prologue, ...items];
}

/** Which of the op's inputs are the operand. */
const operandInputs = ({ op }: Work, operand: Operand): readonly string[] =>
  (operand === "inputs" ? [op.inputs[0] ?? "input"] : [rightOf(op)]).flatMap((input) => input ?? []);

/** Turns of one key have the same tasks. */
function keyOf({ tile, first, last, weights, inputs }: Turn, ...place: readonly boolean[]): string {
  const flags = [first, last, weights.fresh, inputs.fresh, ...place].map(Number).join("");
  return `${tile.count} ${tile.rows} ${tile.inner} ${tile.columns} ${weights.load} ${inputs.load} ${flags}`;
}

interface Place {
  readonly first: boolean;
  /** The first whose sums leave. */
  readonly leaves: boolean;
  readonly last: boolean;
  /** Useful MACs that no tile's share has. */
  readonly rest: number;
}

function turnItems(work: Work, turn: Turn, place: Place): readonly Task[] {
  const { scope, group, op } = work;
  const { buffering } = scope.system;
  const loads = operands.flatMap((operand) => {
    const { load, begins } = turn[operand];
    return loadTasks(work, operand, load, begins ? [{ task: taskName(0, onArray), age: 0 }] : []);
  });
  const fetched = operands.flatMap((operand): readonly Dependency[] => {
    const { fresh, load } = turn[operand];
    const own =
      operand === "weights" ? work.bytes.weights(turn.tile, turn.first) : work.bytes.inputs(turn.tile);
    // Since the tile of this turn, a part of the next one may have been issued.
    return fresh && own > 0
      ? [{ task: taskName(0, loading[operand]), age: load > 0 && buffering === 2 ? 1 : 0 }]
      : [];
  });
  const given = place.first
    ? op.inputs.filter((input) => isOnChip(scope, input)).flatMap((input) => waitsFor(scope, input))
    : [];
  const free = turn.first ? [{ task: taskName(0, leaving(work)), age: buffering - 1 }] : [];
  const product = deviceTask(0, {
    unit: "array",
    op: work.name,
    name: onArray,
    after: [...fetched, ...given, ...free],
    ...onTheArray(work, turn, place.rest),
    ...(place.first ? { holds: taken(scope, resultOf(group).name) } : {}),
  });
  return turn.last ? [...loads, product, ...leavingTasks(work, turn, place)] : [...loads, product];
}

/** The first op on the vector unit: with it sums leave the result buffer. */
const leaving = ({ scope, group, op }: Work): string => nameOf(scope, (group.followers[0] ?? op).name);

function loadTasks(
  work: Work,
  operand: Operand,
  bytes: number,
  after: readonly Dependency[],
): readonly Task[] {
  if (bytes === 0) return [];
  const { scope, op, name } = work;
  const [input] = operandInputs(work, operand);
  const cached =
    operand === "weights" && op.right === "activations" && (input === undefined || isCache(scope, input));
  const walk = cached ? "cache" : operand === "weights" && input === undefined ? "weights" : "activations";
  const also = { [`${operand}.writeBytes`]: bytes };
  return [transfer(scope, "read", { op: name, name: loading[operand], bytes, walk, after, also })];
}

function onTheArray({ scope, placement, macs }: Work, { tile, first }: Turn, rest: number) {
  const { system } = scope;
  const { array, precision, elementBytes, sumBytes, issue } = system;
  const { inputs, weights, stored } = placement;
  const words = wordsOf(stored, tile.inner);
  const ports = portsOf(system, placement, words, !first);
  const work = { ...tile, ...skipped(stored), macs: 0, precision, ports: ports.cycles };
  const { occupancy, latency } = system.product(work);
  const accesses = bufferAccesses(array, { ...tile, inner: keptInner(tile.inner, stored.pattern) });
  const counts: readonly (readonly [string, number])[] = [
    [
      inputs === "chip" ? "activations.readBytes" : "inputs.readBytes",
      accesses.inputReads * words.spread * elementBytes,
    ],
    [
      weights === "chip" ? "activations.readBytes" : "weights.readBytes",
      accesses.weightReads * words.weightBytes,
    ],
    ["results.writeBytes", accesses.resultWrites * sumBytes],
    // Sums of the inner tiles before come back as well.
    ["results.readBytes", (accesses.resultReads + (first ? 0 : tile.rows * tile.columns)) * sumBytes],
  ];
  const also: Record<string, number> = {};
  for (const [action, bytes] of counts) also[action] = (also[action] ?? 0) + roundUp(tile.count * bytes);
  const cost: Cost = { occupancy, latency, counts: { [macAction(array, precision)]: macs(tile) + rest } };
  const slowest = pacedBy(system, work, ports);
  return { cost, issue, also, ...(slowest === undefined ? {} : { pacedBy: slowest }) };
}

/** What the vector unit does with the tile's sums, and where its result goes. */
function leavingTasks(work: Work, { tile }: Turn, { leaves, last }: Place): readonly Task[] {
  const { scope, group, op, product } = work;
  const { system, step } = scope;
  const { whole } = product;
  const elements = tile.count * tile.rows * tile.columns;
  const share = elements / (whole.count * whole.rows * whole.columns);
  const part: Part = { rows: tile.count * tile.rows, columns: tile.columns, share };
  const result = resultOf(group);
  const kept = scope.residence.isResident(nameOf(scope, result.name));
  const steps: readonly Op[] = group.followers.length === 0 ? [op] : group.followers;
  const tasks: Task[] = [];
  let before = taskName(0, onArray);
  for (const [index, each] of steps.entries()) {
    const name = nameOf(scope, each.name);
    const chain = each === op ? leaveChain(elements) : opChain(each, step, part);
    const others = each === op ? [] : operandTasks(work, each, steps[index - 1] ?? op, share, leaves);
    const bytes = Math.ceil(outputElements(each, step) * share * system.elementBytes);
    const isLast = each === result;
    const final = isLast && last && kept;
    const task = deviceTask(0, {
      unit: "vector",
      op: name,
      name,
      ...vectorCost(system, chain),
      after: [before, ...others.flatMap(({ after }) => after)],
      ...(final ? { holds: returned(scope, group) } : {}),
      also: {
        ...(index === 0 ? { "results.readBytes": Math.ceil(elements * system.sumBytes) } : {}),
        ...(isLast && kept ? { "activations.writeBytes": bytes } : {}),
        ...(others.some(({ onChip }) => onChip) ? { "activations.readBytes": bytes } : {}),
      },
    });
    tasks.push(...others.flatMap(({ tasks }) => tasks), task);
    before = task.id;
  }
  if (kept) return tasks;
  const stored = bytesOf(scope, result.name) * share;
  return [
    ...tasks,
    transfer(scope, "write", {
      op: nameOf(scope, result.name),
      name: `${nameOf(scope, result.name)}.store`,
      bytes: Math.ceil(stored),
      walk: "activations",
      after: [before],
      ...(last ? { holds: returned(scope, group) } : {}),
    }),
  ];
}

/**
 * Other operands of an op that follows a product: on chip, or loaded tile by tile. The first tile waits for what makes them, and the
 * others come after it: a wait of their own would be for this very op where its result is what the block's next turn is given.
 */
function operandTasks({ scope }: Work, op: Op, before: Op, share: number, first: boolean) {
  return op.inputs
    .filter((input) => input !== before.name)
    .map((input) => {
      const made = first ? waitsFor(scope, input) : [];
      if (isOnChip(scope, input)) return { onChip: true, tasks: [], after: made };
      const id = `${nameOf(scope, op.name)}.${input}`;
      const bytes = Math.ceil(bytesOf(scope, input) * share);
      const task = transfer(scope, "read", {
        op: nameOf(scope, op.name),
        name: id,
        bytes,
        walk: "activations",
        after: [...made, { task: taskName(0, onArray), age: 1 }],
      });
      return { onChip: false, tasks: [task], after: [task.id] };
    });
}
