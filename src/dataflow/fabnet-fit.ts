/**
 * What the butterfly accelerator asks of a machine and a workload, and why one does not fit the other.
 * Models: units, number format, vectors that a bank holds, blocks that the machine has units for.
 * Ignores: size of the memories outside, which no published network fills.
 * Source: adaptable butterfly accelerator of FABNet, MICRO 2022.
 */
import type { ButterflySpec } from "../arch/butterfly.ts";
import type { Hardware } from "../arch/hardware.ts";
import { isKind, type ResolvedUnit } from "../arch/index.ts";
import type { MemorySpec } from "../arch/memory.ts";
import { bytesOf } from "../precision.ts";
import { opsOf, type Workload } from "../workload/graph.ts";
import type { Op } from "../workload/op.ts";
import type { Misfit } from "./dataflow.ts";
import { type AttentionUnits, attentionUnitsOf } from "./fabnet-attention.ts";
import { type Charges, passesOf } from "./fabnet-pass.ts";

/** The units by the names that the machine's YAML must use. */
export interface ButterflyMachine {
  readonly engine: ButterflySpec;
  readonly input: MemorySpec;
  readonly coefficients: MemorySpec;
  readonly output: MemorySpec;
  readonly bytesPerElement: number;
  readonly attention?: AttentionUnits;
}

/** @throws Error when `misfitsOf` has anything to say */
export function machineOf(hardware: Hardware): ButterflyMachine {
  const found = unitsOf(hardware);
  if (found === undefined) throw new Error(`fabnet cannot run on ${hardware.name}: check says why`);
  return found;
}

function unitsOf(hardware: Hardware): ButterflyMachine | undefined {
  const { units } = hardware;
  const { engine } = units;
  const attention = attentionUnitsOf(hardware);
  const [input, coefficients, output] = [units["input"], units["coefficients"], units["output"]].map(memory);
  if (!isKind(engine, "butterfly")) return undefined;
  if (input === undefined || coefficients === undefined || output === undefined) return undefined;
  return {
    engine: engine.spec,
    input,
    coefficients,
    output,
    bytesPerElement: bytesOf(engine.spec.precision),
    ...(attention === undefined ? {} : { attention }),
  };
}

const memory = (unit: ResolvedUnit | undefined): MemorySpec | undefined =>
  isKind(unit, "hbm") || isKind(unit, "ddr") ? unit.spec : undefined;

export function misfitsOf(hardware: Hardware, charges: Charges, workload: Workload): readonly Misfit[] {
  const machine = unitsOf(hardware);
  if (machine === undefined) return missingUnits(hardware);
  const { task, precision } = workload;
  if (task.kind !== "inference")
    return [{ what: "the butterfly accelerator runs encoders", arithmetic: `workload: ${task.kind}` }];
  const unknown = opsOf(workload).filter(({ op }) => !runsOn(machine, op));
  const { bankElements } = machine.engine;
  const passes = workload.phases.flatMap(({ blocks }) => blocks.flatMap((block) => passesOf(block, charges)));
  const wide = passes.filter(({ transform }) => transform.points > bankElements);
  return [
    ...unless(
      precision === machine.engine.precision,
      "the engines have another number format",
      `workload in ${precision}, engines in ${machine.engine.precision}`,
    ),
    ...unless(
      hardware.devices === 1,
      "the butterfly accelerator is one card",
      `devices ${hardware.devices} > 1`,
    ),
    ...unknown.map(({ name, op }) => ({
      what: "no unit of the butterfly accelerator runs it",
      arithmetic: `${name}: ${op.kind}`,
    })),
    ...wide.map(({ op, transform }) => ({
      what: "a vector exceeds a bank",
      arithmetic: `${op}: ${transform.points} points > ${bankElements} elements`,
    })),
  ];
}

function runsOn({ attention }: ButterflyMachine, op: Op): boolean {
  if (op.kind === "softmax") return attention !== undefined;
  if (op.kind === "matmul") return attention !== undefined && op.right === "activations";
  return butterflyOps.has(op.kind);
}

const butterflyOps: ReadonlySet<Op["kind"]> = new Set([
  "fft",
  "butterflyLinear",
  "layernorm",
  "residual",
  "gelu",
  "relu",
]);

function missingUnits({ name, units }: Hardware): readonly Misfit[] {
  const kinds = { engine: ["butterfly"], input: memories, coefficients: memories, output: memories };
  return Object.entries(kinds).flatMap(([unit, choice]) =>
    unless(
      choice.includes(units[unit]?.kind ?? "none"),
      `FABNet needs a unit "${unit}" of kind ${choice.join(" or ")}`,
      `${name} has ${units[unit]?.kind ?? "none"}`,
    ),
  );
}

const memories = ["hbm", "ddr"];

const unless = (fits: boolean, what: string, arithmetic: string): readonly Misfit[] =>
  fits ? [] : [{ what, arithmetic }];
