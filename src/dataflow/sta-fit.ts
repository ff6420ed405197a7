/**
 * What an STA-like machine asks of a workload, what stays on chip, and why a design does not fit.
 * Models: buffers for weights, activations and scores; the memory's capacity; number formats.
 * Ignores: the buffers' banks, instruction memory.
 * Source: STA (IEEE TVLSI 2022): scores stay on chip; what happens to activations that do not fit is assumed.
 */
import type { Hardware } from "../arch/hardware.ts";
import { bitsOf } from "../precision.ts";
import { countWorkload, outputElements } from "../workload/count.ts";
import type { Encoding } from "../workload/encoding.ts";
import { type Block, opsOf, type Phase, type Workload } from "../workload/graph.ts";
import type { Op } from "../workload/op.ts";
import type { Misfit } from "./dataflow.ts";
import { resultElements, stepsOf } from "./sta-layer.ts";
import { neededUnits, type Options, type System, systemOf } from "./sta-system.ts";
import { stripBytes } from "./sta-tile.ts";

export function misfitsOf(hardware: Hardware, options: Options, workload: Workload): readonly Misfit[] {
  const system = systemOf(hardware, options);
  if (system === undefined) return missingUnits(hardware);
  const { precision, task } = workload;
  const positions = task.kind === "generation" ? task.inputTokens + task.outputTokens : task.sequence;
  return [
    ...unless(hardware.devices === 1, "STA is one device", `${hardware.devices} devices`),
    ...unless(
      precision === system.matrix.precision && precision === system.softmax.precision,
      "the engines have another number format",
      `workload in ${precision}, matrix engine in ${system.matrix.precision}, softmax in ${system.softmax.precision}`,
    ),
    ...positionMisfits(task.model, positions),
    ...opsOf(workload).flatMap(({ name, block, op }) => opMisfits(system, workload, name, block, op)),
    ...memoryMisfits(system, workload, positions),
  ];
}

/** A graph of ops has no table of positions. */
const positionMisfits = (model: Workload["task"]["model"], positions: number): readonly Misfit[] =>
  model.kind === "graph"
    ? []
    : unless(
        positions <= model.positions,
        "positions exceed the model's table",
        `${positions} positions > ${model.positions}`,
      );

/** Bytes of a phase's activations that have to be on chip at the same time, were none of them to leave it. */
export function liveBytes(system: System, { blocks, steps }: Phase): number {
  const last = steps - 1;
  return Math.max(...blocks.map((block) => liveIn(block, last))) * system.bytesPerElement;
}

/** Scores live in the softmax module, keys and values of a cache in memory, results that are consumed tile by tile nowhere. */
function liveIn(block: Block, step: number): number {
  const absent = new Set(
    stepsOf(block).flatMap((each): readonly string[] => {
      if (each.kind === "attention") return [each.attention.scores.name, each.attention.softmax.name];
      if (each.kind === "product") return each.follower === undefined ? [] : [each.op.name];
      return each.op.kind === "cacheWrite" ? [each.op.name] : [];
    }),
  );
  const lastUse = (name: string): number => block.ops.findLastIndex(({ inputs }) => inputs.includes(name));
  const input = Math.max(...block.ops.slice(0, 1).map((op) => outputElements(op, step)), 0);
  const live = block.ops.map((_, now) =>
    block.ops.reduce(
      (sum, op, born) => {
        const used = born === block.ops.length - 1 ? now : lastUse(op.name);
        return born <= now && now <= used && !absent.has(op.name) ? sum + resultElements(op, step) : sum;
      },
      now <= lastUse("input") ? input : 0,
    ),
  );
  return Math.max(...live);
}

function opMisfits(
  system: System,
  { precision }: Workload,
  name: string,
  block: Block,
  op: Op,
): readonly Misfit[] {
  switch (op.kind) {
    case "fft":
    case "butterflyLinear":
    case "cacheRead":
    case "convolution":
    case "pooling":
    case "batchnorm":
    case "sigmoid":
    case "reduction":
    case "movement":
    case "allGather":
    case "allReduce":
    case "reduceScatter":
      return [{ what: "STA has no unit for an op", arithmetic: `${name} is ${op.kind}` }];
    case "matmul": {
      if (op.experts !== undefined)
        return [{ what: "STA has no unit for an op", arithmetic: `${name} is a mixture of experts` }];
      if (op.right === "activations") {
        const known = stepsOf(block).some(
          (step) => step.kind === "attention" && [step.attention.scores, step.attention.context].includes(op),
        );
        return unless(known, "a product of activations is not attention", `${name} has no softmax beside it`);
      }
      const strip = stripBytes(system, op, precision);
      const bits = Math.max(...valueBits(op.encoding));
      return [
        ...unless(
          2 * strip <= system.weights.capacity,
          "two strips of a weight matrix exceed the weight buffer",
          `${name}: 2 * ${strip} B > ${system.weights.capacity} B`,
        ),
        ...unless(
          bits <= bitsOf(system.matrix.precision),
          "stored values are wider than the multipliers",
          `${name}: ${bits} bit > ${bitsOf(system.matrix.precision)} bit`,
        ),
      ];
    }
    default:
      return [];
  }
}

function valueBits(encoding: Encoding | undefined): readonly number[] {
  if (encoding === undefined) return [0];
  if (encoding.kind === "mixed") return encoding.parts.map(({ encoding: { bits } }) => bits);
  return [encoding.bits];
}

function memoryMisfits({ memory }: System, workload: Workload, positions: number): readonly Misfit[] {
  const { parameterBytes, cacheBytesPerToken } = countWorkload(workload);
  const cache = positions * workload.task.batch * cacheBytesPerToken;
  return unless(
    parameterBytes + cache <= memory.capacity,
    "weights, keys and values exceed the memory",
    `${parameterBytes} B + ${cache} B > ${memory.capacity} B`,
  );
}

const missingUnits = ({ units, name }: Hardware): readonly Misfit[] =>
  Object.entries(neededUnits).flatMap(([unit, kinds]) => {
    const kind = units[unit]?.kind;
    return unless(
      kinds.some((each) => each === kind),
      `STA needs a unit "${unit}" of kind ${kinds.join(" or ")}`,
      `${name} has ${kind ?? "none"}`,
    );
  });

const unless = (fits: boolean, what: string, arithmetic: string): readonly Misfit[] =>
  fits ? [] : [{ what, arithmetic }];
