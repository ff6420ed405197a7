/**
 * The ops of a phase, one after another: loading, computing, storing on the array, or a chain on the vector unit.
 * Models: a task for each part of a mapping's time on the port or the multipliers that take it.
 * Ignores: overlap between ops.
 * Source: src/mapping.
 */
import { macArray } from "../arch/mac-array.ts";
import { vector } from "../arch/vector.ts";
import type { MappingCost } from "../mapping/cost.ts";
import type { Precision } from "../precision.ts";
import { type Dependency, type Item, repeat, type Task } from "../program.ts";
import { times } from "../quantity.ts";
import { macsOf } from "../workload/count.ts";
import type { Block, Phase } from "../workload/graph.ts";
import { isGrowing, type Op } from "../workload/op.ts";
import { type MappedMachine, type MappedOptions, mappingOf } from "./mapped-choice.ts";
import { isNest, type NestOp, nestOf } from "./mapped-op.ts";
import { vectorChain } from "./mapped-vector.ts";
import { deviceTask } from "./pattern.ts";

interface Scope {
  readonly machine: MappedMachine;
  readonly options: MappedOptions;
  readonly phase: Phase;
  readonly precision: Precision;
}

/** Steps of a phase that differ are written out; blocks repeat. */
export function blockItems(scope: Scope): readonly Item[] {
  const { phase } = scope;
  const grows = phase.blocks.some(({ ops }) => ops.some(isGrowing));
  if (!grows) return [repeat(phase.steps, blocksAt(scope, 0))];
  return Array.from({ length: phase.steps }, (_, step) => blocksAt(scope, step)).flat();
}

const blocksAt = (scope: Scope, step: number): readonly Item[] =>
  scope.phase.blocks.map((block) =>
    repeat(
      block.times,
      block.ops.flatMap((op) =>
        isNest(op) ? nestTasks(scope, block, op, step) : [vectorTask(scope, block, op, step)],
      ),
    ),
  );

/** Everything waits for the task before it, whatever op that was of: all are issued in order. */
const done = "done";
const afterLast: readonly Dependency[] = [`device0.${done}`];

function vectorTask({ machine }: Scope, block: Block, op: Exclude<Op, NestOp>, step: number): Task {
  const chain = vectorChain(op, step);
  return deviceTask(0, {
    unit: "vector",
    op: `${block.name}.${op.name}`,
    name: done,
    cost: vector.cost(machine.vector, { chain }),
    issue: times(chain.length, machine.issue),
    after: afterLast,
  });
}

function nestTasks(scope: Scope, block: Block, op: NestOp, step: number): readonly Task[] {
  const { machine, options, precision } = scope;
  const name = `${block.name}.${op.name}`;
  const problem = nestOf(op, step, precision, machine.array);
  const chosen = mappingOf(machine, options, name, problem);
  if ("misfits" in chosen) throw new Error(`${name}: ${chosen.misfits[0]?.what}`);
  const { cost } = chosen;
  const passes = machine.array.passes[precision] ?? 1;
  const part = (
    queue: string,
    cycles: number,
    macs: number,
    traffic: Readonly<Record<string, number>>,
  ): Task =>
    deviceTask(0, {
      unit: `array.${queue}`,
      op: name,
      name: done,
      cost: macArray.cost(machine.array, { cycles, macs, traffic }),
      after: afterLast,
    });
  const worst = [...cost.ports].sort((a, b) => b.stall - a.stall)[0];
  const loading = busiestEnd(cost, "toLower");
  const storing = busiestEnd(cost, "fromLower");
  const compute = part("multipliers", cost.computeCycles * passes, macsOf(op, step), trafficOf(cost));
  return [
    ...(cost.onloadCycles > 0 ? [part(loading, cost.onloadCycles, 0, {})] : []),
    compute,
    ...(worst !== undefined && cost.stallCycles > 0
      ? [part(`${worst.memory}-${worst.port}`, stallOf(cost, passes), 0, {})]
      : []),
    ...(cost.offloadCycles > 0 ? [part(storing, cost.offloadCycles, 0, {})] : []),
  ];
}

/** With several passes for each product the ports have more time: what is left of the stall. */
const stallOf = ({ computeCycles, stallCycles }: MappingCost, passes: number): number =>
  Math.max(0, stallCycles - (passes - 1) * computeCycles);

/** The port that brings the operands, or takes the results, from the outermost memory. */
function busiestEnd(cost: MappingCost, way: "toLower" | "fromLower"): string {
  const ends = cost.ports.filter(({ transfers }) => transfers.some((each) => each.way === way));
  const last = ends.at(-1);
  if (last === undefined) throw new Error(`no port for ${way}`);
  return `${last.memory}-${last.port}`;
}

function trafficOf({ traffic, hops }: MappingCost): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const add = (key: string, amount: number): void => {
    counts[key] = (counts[key] ?? 0) + amount;
  };
  for (const { memory, way, words, bytes } of traffic) {
    const reads = way === "toLower" || way === "toHigher";
    add(`${memory}.${reads ? "reads" : "writes"}`, Math.round(words));
    add(`${memory}.${reads ? "readBytes" : "writeBytes"}`, bytes);
  }
  if (hops > 0) counts["hops"] = Math.round(hops);
  return counts;
}
