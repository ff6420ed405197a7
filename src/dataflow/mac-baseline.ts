/**
 * The dense machine that FABNet is compared with: multipliers for queries, keys and values, for scores, and for contexts, all
 * of which share the other products. Fourier and butterfly layers run as the dense products that they stand for.
 * Models: loads, projections and attention of groups of heads overlapped; attention and norms row by row.
 * Ignores: residuals and activations; a norm behind a Fourier transform is not charged, as in the authors' model.
 * Source: the authors' performance model of the MAC baseline, FABNet, MICRO 2022.
 */
import { z } from "zod";
import type { Hardware } from "../arch/hardware.ts";
import { type Program, repeat } from "../program.ts";
import type { Workload } from "../workload/graph.ts";
import type { Dataflow } from "./dataflow.ts";
import { machineOf, misfitsOf } from "./mac-baseline-fit.ts";
import { layer, type MacScope } from "./mac-baseline-layer.ts";
import { machineOf as programMachine } from "./pattern.ts";

const fields = z.strictObject({
  name: z.literal("mac-baseline"),
  normPasses: z
    .enum(["once", "per tile"])
    .describe("how often the norm reads a row: once, or for each tile of columns as in the authors' model"),
  sequenceTransform: z
    .enum(["sequence", "hidden"])
    .describe(
      "size of the product that stands for the transform along the sequence: its own, or the hidden size",
    ),
});

export const macBaseline: Dataflow<"mac-baseline", typeof fields> = {
  name: "mac-baseline",
  summary: "encoders on dense multipliers, as FABNet is compared with",
  fields,
  check: (hardware, _, workload) => misfitsOf(hardware, workload),
  lower: (hardware, options, workload) => programOf(hardware, options, workload),
};

function programOf(hardware: Hardware, options: MacScope["options"], workload: Workload): Program {
  const machine = machineOf(hardware);
  const body = workload.phases.map((phase) => {
    const first = phase.blocks.map((block) => block.name);
    const layers = phase.blocks.map((block) =>
      repeat(block.times, layer({ machine, options, block, blocks: first })),
    );
    return repeat(1, layers, phase.name);
  });
  return { ...programMachine(hardware), body };
}
