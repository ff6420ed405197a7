/**
 * What a systolic machine asks of a workload, and why a design does not fit.
 * Models: units, number formats, encodings, the smallest tile against the buffers, the memory's capacity.
 * Ignores: instruction memory, the host.
 * Source: systolic-plan.ts: a product runs as soon as one row, one column and one channel fit.
 */
import type { Hardware } from "../arch/hardware.ts";
import { passesOf } from "../arch/systolic.ts";
import { countWorkload } from "../workload/count.ts";
import { opsOf, type Workload } from "../workload/graph.ts";
import type { Op } from "../workload/op.ts";
import type { Misfit } from "./dataflow.ts";
import { smallestOverflow } from "./systolic-plan.ts";
import { neededUnits, type Options, type System, systemOf } from "./systolic-system.ts";
import { encodingMisfits, expandedBytes, storedWeights } from "./systolic-weights.ts";
import { isProduct, type ProductOp, productOf } from "./systolic-window.ts";

export function misfitsOf(hardware: Hardware, options: Options, workload: Workload): readonly Misfit[] {
  const { precision, task } = workload;
  const system = systemOf(hardware, options, precision);
  if (system === undefined) return missingUnits(hardware);
  const { array } = system;
  const positions = task.kind === "generation" ? task.inputTokens + task.outputTokens : task.sequence;
  const table = task.model.kind === "graph" ? positions : task.model.positions;
  return [
    ...unless(hardware.devices === 1, "a systolic machine is one device", `${hardware.devices} devices`),
    ...unless(
      passesOf(array, precision) !== undefined,
      "the array does not compute in the number format",
      `workload in ${precision}, array in ${[array.precision, ...Object.keys(array.passes)].join(", ")}`,
    ),
    ...unless(positions <= table, "positions exceed the model's table", `${positions} positions > ${table}`),
    ...encodingMisfits(system, workload),
    ...opsOf(workload).flatMap(({ name, phase, op }) => opMisfits(system, name, op, phase.steps - 1)),
    ...memoryMisfits(system, workload, positions),
  ];
}

function opMisfits(system: System, name: string, op: Op, step: number): readonly Misfit[] {
  switch (op.kind) {
    case "fft":
    case "butterflyLinear":
    case "cacheRead":
    case "allGather":
    case "allReduce":
    case "reduceScatter":
      return [{ what: "a systolic machine has no unit for an op", arithmetic: `${name} is ${op.kind}` }];
    default:
      return isProduct(op) ? tileMisfits(system, name, op, step) : [];
  }
}

const tileMisfits = (system: System, name: string, op: ProductOp, step: number): readonly Misfit[] =>
  smallestOverflow(system, productOf(op, step), storedWeights(system, op)).map(({ buffer, bytes }) => ({
    what: `the smallest tile of a product exceeds the buffer "${buffer}"`,
    arithmetic: `${name}: ${system.buffering} of one row, one column and one channel, ${bytes} B > ${system[buffer].capacity} B`,
  }));

function memoryMisfits(system: System, workload: Workload, positions: number): readonly Misfit[] {
  const { memory } = system;
  const { cacheBytesPerToken, ...stored } = countWorkload(workload);
  const parameterBytes = stored.parameterBytes + expandedBytes(system, workload);
  const cache = positions * workload.task.batch * cacheBytesPerToken;
  return unless(
    parameterBytes + cache <= memory.capacity,
    "weights, keys and values exceed the memory",
    `${parameterBytes} B + ${cache} B > ${memory.capacity} B`,
  );
}

function missingUnits({ units, name }: Hardware): readonly Misfit[] {
  const missing = Object.entries(neededUnits).flatMap(([unit, kinds]) => {
    const kind = units[unit]?.kind;
    return unless(
      kinds.some((each) => each === kind),
      `a systolic machine needs a unit "${unit}" of kind ${kinds.join(" or ")}`,
      `${name} has ${kind ?? "none"}`,
    );
  });
  const kept = units["activations"]?.kind;
  return [
    ...missing,
    ...unless(
      kept === undefined || kept === "scratchpad",
      'the unit "activations" of a systolic machine is a scratchpad',
      `${name} has ${kept}`,
    ),
  ];
}

const unless = (fits: boolean, what: string, arithmetic: string): readonly Misfit[] =>
  fits ? [] : [{ what, arithmetic }];
