/**
 * STA: transformers layer by layer on one N:M sparse matrix engine, a softmax module and a vector unit.
 *
 * Models: weights streamed in tiles through a double buffer, also from one matrix to the next; sparse products and, for attention,
 *   dense ones on the same engine; scores and softmax on chip while they fit, spilled to memory as an op of its own when not;
 *   activations on chip while a layer's fit, else read and written by every op; element-wise ops tile by tile behind their product;
 *   keys and values of a decoder in memory.
 * Ignores: overlap of an op with the next one but for prefetched weights; the order of tiles within a product.
 * Source: STA (IEEE TVLSI 2022; ISCAS 2022); the paper's schedule and sizes are not public, so that everything but the mechanism
 *   is an assumption of the machine's YAML.
 */
import { z } from "zod";
import type { Hardware } from "../arch/hardware.ts";
import { type Item, type Program, repeat } from "../program.ts";
import { ticks } from "../quantity.ts";
import { count } from "../schema/field.ts";
import { countWorkload, outputElements } from "../workload/count.ts";
import type { Block, Phase, Workload } from "../workload/graph.ts";
import type { Dataflow } from "./dataflow.ts";
import { deviceTask, machineOf, taskName, unitName, unknownWalks } from "./pattern.ts";
import { attentionDurations, scoresFit } from "./sta-attention.ts";
import { liveBytes, misfitsOf } from "./sta-fit.ts";
import { blockItems, type Pass, stepsOf } from "./sta-layer.ts";
import { type Moment, memoryTask, staWalks } from "./sta-score.ts";
import { type System, systemOf } from "./sta-system.ts";

const fields = z.strictObject({
  name: z.literal("sta"),
  tileColumns: count.describe(
    "columns of a weight tile, where the buffer has room for them; what follows a product works on the tile before",
  ),
  scoreRows: count.describe("rows of one head's scores that are computed before their softmax"),
  scoreBuffers: count.describe("such blocks of scores that the softmax module's buffer holds: 2 overlap"),
});

export const sta: Dataflow<"sta", typeof fields> = {
  name: "sta",
  summary: "transformers layer by layer on an N:M sparse engine",
  decodes: true,
  fields,
  check: misfitsOf,
  lower: (hardware, options, workload) => {
    const system = systemOf(hardware, options);
    if (system === undefined) throw new Error(`sta cannot run on ${hardware.name}: check says why`);
    return programOf(hardware, system, workload);
  },
  warnings: ({ units }) => unknownWalks(units, "memory", Object.keys(staWalks)),
};

function programOf(hardware: Hardware, system: System, workload: Workload): Program {
  return {
    ...machineOf(hardware),
    body: [
      ...begin(system, workload),
      ...workload.phases.map((phase) => phaseItem(system, workload, phase)),
      ...end(system, workload),
    ],
  };
}

function phaseItem(system: System, workload: Workload, phase: Phase): Item {
  const pass: Pass = {
    system,
    precision: workload.precision,
    blocks: phase.blocks,
    streamed: liveBytes(system, phase) > system.activations.capacity,
    cached: phase.past > 0,
    sharing: sharingOf(workload),
  };
  const body = (moment: Moment): readonly Item[] =>
    phase.blocks.map((block) => repeat(block.times, blockItems(pass, block, moment)));
  if (phase.steps === 1) return repeat(1, body({ step: 0, grow: (of) => of(0) }), phase.name);
  const stretches = alikeSteps(system, phase).map(({ first, steps }) =>
    repeat(steps, body({ step: first, grow: growing(first, steps) }), stepLoop),
  );
  return repeat(1, stretches, phase.name);
}

const stepLoop = "step";

/** What differs from step to step does so evenly: bytes and MACs of one more position. */
const growing =
  (first: number, steps: number): Moment["grow"] =>
  (of) => {
    const [base, next] = [of(first), of(first + 1)];
    return steps === 1 || next === base ? base : { loop: stepLoop, base, step: next - base, per: 1 };
  };

/** Steps in a row that take the engines equally long: they make one loop. */
function alikeSteps(
  system: System,
  phase: Phase,
): readonly { readonly first: number; readonly steps: number }[] {
  const attentions = phase.blocks.flatMap((block) =>
    stepsOf(block).flatMap((step) => (step.kind === "attention" ? [step.attention] : [])),
  );
  const durations = (step: number): string =>
    JSON.stringify(
      attentions.map((each) => [scoresFit(system, each, step), ...attentionDurations(system, each, step)]),
    );
  const stretches: { first: number; steps: number; readonly key: string }[] = [];
  for (let step = 0; step < phase.steps; step += 1) {
    const key = durations(step);
    const stretch = stretches.at(-1);
    if (stretch?.key === key) stretch.steps += 1;
    else stretches.push({ first: step, steps: 1, key });
  }
  return stretches;
}

function sharingOf({ task }: Workload): number {
  return task.model.kind === "decoder" ? task.model.heads / task.model.keyValueHeads : 1;
}

/** What lies in the memories before the run, and an encoder's input. */
function begin(system: System, workload: Workload): readonly Item[] {
  const { parameterBytes } = countWorkload(workload);
  const live = Math.max(...workload.phases.map((phase) => liveBytes(system, phase)));
  const holds = {
    [unitName(0, "memory")]: parameterBytes,
    ...(live <= system.activations.capacity ? { [unitName(0, "activations")]: live } : {}),
  };
  const nothing = { occupancy: 0, latency: ticks(0), counts: {} };
  const resident = deviceTask(0, {
    unit: "memory.write",
    op: "host.resident",
    cost: nothing,
    after: [],
    holds,
  });
  const input = edgeBytes(system, workload, (block) => block.ops[0]);
  if (workload.task.kind === "generation") return [resident];
  return [resident, memoryTask(system, "read", "activations", "host.input", "host.input", input, [])];
}

/** An encoder's result goes back to memory. */
function end(system: System, workload: Workload): readonly Item[] {
  const block = workload.phases.at(-1)?.blocks.at(-1);
  const last = block?.ops.at(-1);
  if (workload.task.kind === "generation" || block === undefined || last === undefined) return [];
  const output = edgeBytes(system, workload, () => last);
  return [
    memoryTask(system, "write", "activations", "host.output", "host.output", output, [
      taskName(0, `${block.name}.${last.name}`),
    ]),
  ];
}

function edgeBytes(
  system: System,
  { phases }: Workload,
  edge: (block: Block) => Block["ops"][number] | undefined,
): number {
  const block = phases[0]?.blocks[0];
  const op = block === undefined ? undefined : edge(block);
  return op === undefined ? 0 : outputElements(op) * system.bytesPerElement;
}
