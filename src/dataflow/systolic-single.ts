/**
 * An op by itself, without the array: on the vector unit, or between memory and buffers only.
 * Models: operands loaded and results stored piece by piece where they lie in memory; concatenations and splits as places.
 * Ignores: order of the pieces.
 * Source: systolic-vector.ts.
 */
import type { Item, Task } from "../program.ts";
import { ticks } from "../quantity.ts";
import { outputElements, parametersRead } from "../workload/count.ts";
import { at, type Op } from "../workload/op.ts";
import { deviceTask, taskName, unitName } from "./pattern.ts";
import { staggered } from "./staggered.ts";
import type { Group } from "./systolic-group.ts";
import {
  bytesOf,
  isOnChip,
  nameOf,
  returned,
  type Scope,
  taken,
  together,
  transfer,
  waitsFor,
} from "./systolic-scope.ts";
import { opChain, type Part, vectorCost } from "./systolic-vector.ts";

export function singleItems(scope: Scope, group: Group): readonly Item[] {
  const { op } = group;
  switch (op.kind) {
    case "cacheWrite":
      return cacheItems(scope, group);
    case "concat":
    case "split":
      return [placed(scope, group)];
    default:
      return vectorItems(scope, group);
  }
}

/** Rows of keys or values join those of earlier tokens in memory. */
function cacheItems(scope: Scope, group: Group): readonly Item[] {
  const name = nameOf(scope, group.op.name);
  const bytes = Math.ceil(outputElements(group.op, scope.step) * scope.system.elementBytes);
  return [
    transfer(scope, "write", {
      op: name,
      name,
      bytes,
      walk: "cache",
      after: group.op.inputs.flatMap((input) => waitsFor(scope, input)),
      holds: together({ [unitName(0, "memory")]: bytes }, returned(scope, group)),
    }),
  ];
}

/** Its parts were written where the whole lies. */
function placed(scope: Scope, group: Group): Task {
  const name = nameOf(scope, group.op.name);
  const kept = scope.residence.isResident(name);
  return deviceTask(0, {
    unit: kept ? "vector" : "memory.write",
    op: name,
    name: kept ? name : `${name}.store`,
    cost: { occupancy: 0, latency: ticks(0), counts: {} },
    after: group.op.inputs.flatMap((input) => waitsFor(scope, input)),
    holds: together(taken(scope, group.op.name), returned(scope, group)),
  });
}

function vectorItems(scope: Scope, group: Group): readonly Item[] {
  const { system } = scope;
  const { op } = group;
  const name = nameOf(scope, op.name);
  const kept = scope.residence.isResident(name);
  const moved = [...sourcesOf(scope, op), ...(kept ? [] : [bytesOf(scope, op.name)])];
  const room = system.inputs.capacity / system.buffering;
  const pieces = Math.max(1, Math.ceil(Math.max(...moved, 0) / room));
  const partOf = (piece: number, bytes: number): number =>
    Math.floor((bytes * (piece + 1)) / pieces) - Math.floor((bytes * piece) / pieces);
  const lead = (piece: number): readonly Task[] => {
    const free = { task: taskName(0, name), age: system.buffering - 1 };
    const reads = readsOf(scope, op).map(({ what, bytes, walk, waits }) =>
      transfer(scope, "read", {
        op: name,
        name: `${name}.${what}`,
        bytes: partOf(piece, bytes),
        walk,
        after: [...(piece === 0 ? waits : []), free],
        also: { "inputs.writeBytes": partOf(piece, bytes) },
      }),
    );
    return reads;
  };
  const rest = (piece: number, age: number): readonly Task[] => {
    const last = piece === pieces - 1;
    const loaded = readsOf(scope, op).map(({ what }) => ({ task: taskName(0, `${name}.${what}`), age }));
    const onChip = op.inputs.filter((input) => isOnChip(scope, input));
    const bytes = partOf(piece, bytesOf(scope, op.name));
    const task = deviceTask(0, {
      unit: "vector",
      op: name,
      name,
      ...vectorCost(system, opChain(op, scope.step, partOfOp(op, scope.step, pieces, piece))),
      after: [...loaded, ...(piece === 0 ? onChip.flatMap((input) => waitsFor(scope, input)) : [])],
      holds: together(piece === 0 ? taken(scope, op.name) : {}, last && kept ? returned(scope, group) : {}),
      also: {
        ...(kept ? { "activations.writeBytes": bytes } : {}),
        ...(onChip.length > 0
          ? {
              "activations.readBytes": onChip.reduce(
                (sum, input) => sum + partOf(piece, bytesOf(scope, input)),
                0,
              ),
            }
          : {}),
      },
    });
    if (kept) return [task];
    return [
      task,
      transfer(scope, "write", {
        op: name,
        name: `${name}.store`,
        bytes,
        walk: "activations",
        after: [task.id],
        ...(last ? { holds: returned(scope, group) } : {}),
      }),
    ];
  };
  return staggered(pieces, system.buffering - 1, lead, rest);
}

/** Of as many equal pieces of rows; what is left over is in the last. */
function partOfOp(op: Op, step: number, pieces: number, piece: number): Part {
  const rows = rowsOf(op, step);
  const each = Math.floor(rows / pieces);
  const own = piece === pieces - 1 ? rows - each * (pieces - 1) : each;
  return { rows: own, columns: "width" in op ? at(op.width, step) : 1, share: rows === 0 ? 0 : own / rows };
}

function rowsOf(op: Op, step: number): number {
  if ("count" in op && "rows" in op) return op.count * at(op.rows, step);
  if ("rows" in op) return at(op.rows, step);
  return outputElements(op, step);
}

interface Read {
  readonly what: string;
  readonly bytes: number;
  readonly walk: "weights" | "activations";
  readonly waits: readonly string[];
}

/** What comes from memory: trained parameters, looked-up rows, and inputs that lie there. */
function readsOf(scope: Scope, op: Op): readonly Read[] {
  const { elementBytes } = scope.system;
  const bytes = (elements: number): number => Math.ceil(elements * elementBytes);
  if (op.kind === "embedding") {
    const looked = bytes(outputElements(op, scope.step) * op.entries.length);
    return [
      {
        what: "rows",
        bytes: looked,
        walk: "weights",
        waits: op.inputs.flatMap((each) => waitsFor(scope, each)),
      },
    ];
  }
  const trained = bytes(parametersRead(op));
  const given = op.inputs
    .filter((input) => !isOnChip(scope, input))
    .map(
      (input): Read => ({
        what: input,
        bytes: bytesOf(scope, input),
        walk: "activations",
        waits: waitsFor(scope, input),
      }),
    );
  return trained === 0
    ? given
    : [{ what: "parameters", bytes: trained, walk: "weights", waits: [] }, ...given];
}

const sourcesOf = (scope: Scope, op: Op): readonly number[] => readsOf(scope, op).map(({ bytes }) => bytes);
