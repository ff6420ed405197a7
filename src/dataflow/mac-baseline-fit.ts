/**
 * What the dense baseline asks of a machine and a workload.
 * Models: units, number format, ops that it runs.
 * Ignores: size of its on-chip memories.
 * Source: the MAC baseline of FABNet, MICRO 2022.
 */
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import type { MacTreeSpec } from "../arch/mac-tree.ts";
import type { MemorySpec } from "../arch/memory.ts";
import type { ScratchpadSpec } from "../arch/scratchpad.ts";
import type { SoftmaxSpec } from "../arch/softmax.ts";
import type { VectorSpec } from "../arch/vector.ts";
import { bytesOf } from "../precision.ts";
import type { Block, Workload } from "../workload/graph.ts";
import type { Misfit } from "./dataflow.ts";

/** The units by the names that the machine's YAML must use. */
export interface MacMachine {
  readonly memory: MemorySpec;
  readonly activations: ScratchpadSpec;
  /** Query, key and value side by side, each with a group of lanes for every head in parallel. */
  readonly linear: MacTreeSpec;
  readonly queryKey: MacTreeSpec;
  readonly scoreValue: MacTreeSpec;
  readonly softmax: SoftmaxSpec;
  readonly norm: VectorSpec;
  readonly bytesPerElement: number;
}

/** @throws Error when `misfitsOf` has anything to say */
export function machineOf(hardware: Hardware): MacMachine {
  const found = unitsOf(hardware);
  if (found === undefined) throw new Error(`mac-baseline cannot run on ${hardware.name}: check says why`);
  return found;
}

function unitsOf({ units }: Hardware): MacMachine | undefined {
  const { memory, activations, linear, queryKey, scoreValue, softmax, norm } = units;
  if (!isKind(memory, "hbm") || !isKind(activations, "scratchpad") || !isKind(linear, "mac-tree"))
    return undefined;
  if (!isKind(queryKey, "mac-tree") || !isKind(scoreValue, "mac-tree")) return undefined;
  if (!isKind(softmax, "softmax") || !isKind(norm, "vector")) return undefined;
  return {
    memory: memory.spec,
    activations: activations.spec,
    linear: linear.spec,
    queryKey: queryKey.spec,
    scoreValue: scoreValue.spec,
    softmax: softmax.spec,
    norm: norm.spec,
    bytesPerElement: bytesOf(linear.spec.precision),
  };
}

const needed = {
  memory: "hbm",
  activations: "scratchpad",
  linear: "mac-tree",
  queryKey: "mac-tree",
  scoreValue: "mac-tree",
  softmax: "softmax",
  norm: "vector",
} as const;

export function misfitsOf(hardware: Hardware, workload: Workload): readonly Misfit[] {
  const machine = unitsOf(hardware);
  if (machine === undefined)
    return Object.entries(needed).flatMap(([unit, kind]) =>
      unless(
        isKind(hardware.units[unit], kind),
        `the MAC baseline needs a unit "${unit}" of kind ${kind}`,
        `${hardware.name} has ${hardware.units[unit]?.kind ?? "none"}`,
      ),
    );
  const { precision, task, phases } = workload;
  const blocks = phases.flatMap((phase) => phase.blocks);
  return [
    ...unless(task.kind === "inference", "the MAC baseline runs encoders", `workload: ${task.kind}`),
    ...unless(task.batch === 1, "the MAC baseline runs one sequence at a time", `batch ${task.batch} > 1`),
    ...unless(hardware.devices === 1, "the MAC baseline is one card", `devices ${hardware.devices} > 1`),
    ...unless(
      precision === machine.linear.precision,
      "the multipliers have another number format",
      `workload in ${precision}, multipliers in ${machine.linear.precision}`,
    ),
    ...blocks.flatMap(layerMisfits).slice(0, 1),
  ];
}

const feedForward = ["expand", "activation", "contract", "feedForwardResidual", "feedForwardNorm"];
const attention = ["query", "key", "value", "scores", "softmax", "context", "projection"];
const fourier = ["fourierSequence", "fourierHidden"];

/** The baseline is a model of whole encoder layers; ops that no such layer has are named. */
function layerMisfits({ name, ops }: Block): readonly Misfit[] {
  const isFourier = ops.some(({ kind }) => kind === "fft");
  const layer = [...(isFourier ? fourier : attention), "mixingResidual", "mixingNorm", ...feedForward];
  const found = ops.map((op) => op.name);
  const other = found.filter((op) => !layer.includes(op));
  const missing = layer.filter((op) => !found.includes(op));
  const told = (what: string, ops: readonly string[]): readonly string[] =>
    ops.length > 0 ? [`${what} ${ops.join(", ")}`] : [];
  return unless(
    other.length === 0 && missing.length === 0,
    "the MAC baseline runs layers of encoders with attention or Fourier transforms",
    `block ${name} ${[...told("has", other), ...told("lacks", missing)].join("; ")}`,
  );
}

const unless = (fits: boolean, what: string, arithmetic: string): readonly Misfit[] =>
  fits ? [] : [{ what, arithmetic }];
