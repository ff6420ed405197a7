/**
 * Any network on an array of multipliers with a memory hierarchy, each product by a mapping: found, or written by hand.
 * Models: on-loading, computing with the stalls of the worst port, off-loading, op after op; what is no product on the vector unit.
 * Ignores: overlap of one op with the next, layers fused on the chip. Decode steps are mapped one by one.
 * Source: the cost model of ZigZag (Mei et al., IEEE Transactions on Computers 2021; DATE 2022).
 */
import { z } from "zod";
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import { objectives } from "../mapping/objective.ts";
import { dimensions } from "../mapping/problem.ts";
import type { OpProof } from "../mapping/proof.ts";
import { writtenMapping } from "../mapping/written-mapping.ts";
import { type Program, repeat } from "../program.ts";
import { count } from "../schema/field.ts";
import { opsOf, type Workload } from "../workload/graph.ts";
import type { Dataflow, Misfit } from "./dataflow.ts";
import { type MappedMachine, type MappedOptions, misfitsOf } from "./mapped-choice.ts";
import { blockItems } from "./mapped-layer.ts";
import { isNest, nestMisfit, nestOf } from "./mapped-op.ts";
import { mappingProofs } from "./mapped-proof.ts";
import { machineOf } from "./pattern.ts";

const fields = z.strictObject({
  name: z.literal("mapped"),
  objective: z.enum(objectives).describe("what mappings minimise: latency, energy, or their product"),
  unroll: z
    .record(z.string(), z.array(z.union([z.enum(dimensions), z.array(z.enum(dimensions)).min(1)])).min(1))
    .describe(
      "by dimension of the array: loops that may be unrolled on it; `[FY, K]` as one choice share it",
    ),
  choices: count.describe("unrollings searched for each layer, those with the fewest cycles"),
  steps: count.describe("places that the search looks at for each of them"),
  mappings: z
    .record(z.string(), writtenMapping)
    .optional()
    .describe("mappings written by hand, by op such as conv1; all other ops are searched"),
});

export const mapped: Dataflow<"mapped", typeof fields> = {
  name: "mapped",
  summary: "any network by loop nests mapped on an array and its memories",
  fields,
  check,
  lower,
  mappings,
};

function check(hardware: Hardware, options: MappedOptions, workload: Workload): readonly Misfit[] {
  const found = machineWith(hardware, options);
  if ("misfits" in found) return found.misfits;
  const { machine } = found;
  const { precision } = workload;
  if (machine.array.passes[precision] === undefined)
    return [
      {
        what: "the multipliers have another number format",
        arithmetic: `workload in ${precision}, multipliers in ${Object.keys(machine.array.passes).join(", ")}`,
      },
    ];
  if (hardware.devices !== 1)
    return [{ what: "mapped machines are one device", arithmetic: `devices ${hardware.devices} > 1` }];
  const ops = opsOf(workload);
  const refused = ops.flatMap(({ name, op }) => {
    const why = nestMisfit(op);
    return why === undefined ? [] : [{ what: `${name} cannot be mapped`, arithmetic: why }];
  });
  const unknown = unknownMappings(options, workload);
  if (refused.length + unknown.length > 0) return [...refused, ...unknown];
  const last = ops.flatMap(({ name, op, phase }) =>
    isNest(op) ? [{ name, op, step: phase.steps - 1 }] : [],
  );
  return last.flatMap(({ name, op, step }) =>
    misfitsOf(machine, options, name, nestOf(op, step, precision, machine.array)),
  );
}

/** Mappings written for an op that the workload has not: nothing would read them. */
function unknownMappings({ mappings = {} }: MappedOptions, workload: Workload): readonly Misfit[] {
  const names = opsOf(workload).flatMap(({ name, op }) => (isNest(op) ? [name] : []));
  const known = (written: string): boolean =>
    names.some((name) => name === written || name.slice(name.indexOf(".") + 1) === written);
  return Object.keys(mappings)
    .filter((written) => !known(written))
    .map((written) => ({
      what: `${workload.name} has no op ${written} to map`,
      arithmetic: `its products are ${[...new Set(names)].join(", ")}`,
    }));
}

function lower(hardware: Hardware, options: MappedOptions, workload: Workload): Program {
  const found = machineWith(hardware, options);
  if ("misfits" in found) throw new Error(found.misfits[0]?.what);
  const { machine } = found;
  const body = workload.phases.map((phase) =>
    repeat(1, blockItems({ machine, options, phase, precision: workload.precision }), phase.name),
  );
  return { ...machineOf(hardware), body };
}

function mappings(hardware: Hardware, options: MappedOptions, workload: Workload): readonly OpProof[] {
  const found = machineWith(hardware, options);
  if ("misfits" in found) throw new Error(found.misfits[0]?.what);
  return mappingProofs(found.machine, options, workload);
}

function machineWith(
  { name, units, sequencer }: Hardware,
  options: MappedOptions,
): { readonly machine: MappedMachine } | { readonly misfits: readonly Misfit[] } {
  const { array, vector } = units;
  if (!isKind(array, "mac-array") || !isKind(vector, "vector"))
    return {
      misfits: [
        {
          what: 'mapped needs a unit "array" of kind mac-array and a unit "vector" of kind vector',
          arithmetic: `${name} has array ${array?.kind ?? "none"}, vector ${vector?.kind ?? "none"}`,
        },
      ],
    };
  const known = array.spec.hierarchy.array.map((each) => each.name);
  const unknown = Object.keys(options.unroll).filter((each) => !known.includes(each));
  if (unknown.length > 0)
    return {
      misfits: [
        { what: `unroll names ${unknown.join(", ")}`, arithmetic: `the array has ${known.join(", ")}` },
      ],
    };
  return { machine: { array: array.spec, vector: vector.spec, issue: sequencer.issue } };
}
