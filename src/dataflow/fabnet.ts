/**
 * FABNet: Fourier and butterfly layers of an encoder, one op after another on a processor of butterfly engines.
 * Models: the machine as built, as its authors evaluated it, or ideal, see the options; attention blocks where it has a processor for them.
 * Ignores: embedding and head, which stay with the host; time of the activation, for which the RTL has no unit (its post-processing is layer
 * norm and shortcut). Softmax is in the attention processor.
 * Source: Fan et al., Adaptable Butterfly Accelerator for Attention-based NNs, MICRO 2022; its RTL and performance model.
 */
import { z } from "zod";
import { faultsOf } from "../arch/butterfly-fault.ts";
import type { Hardware } from "../arch/hardware.ts";
import { type Item, type Program, repeat, type Task } from "../program.ts";
import { ticks } from "../quantity.ts";
import { count } from "../schema/field.ts";
import type { Block, Workload } from "../workload/graph.ts";
import type { Dataflow } from "./dataflow.ts";
import { attentionDone, attentionRows, rowOf } from "./fabnet-attention.ts";
import { type ButterflyMachine, machineOf, misfitsOf } from "./fabnet-fit.ts";
import { fabnetWalks, type Pass, passesOf } from "./fabnet-pass.ts";
import { builtRounds, idealRound, lockstepRounds, resultsOf } from "./fabnet-round.ts";
import { deviceTask, machineOf as programMachine, taskName, unknownWalks } from "./pattern.ts";

const fields = z.strictObject({
  name: z.literal("fabnet"),
  schedule: z
    .enum(["built", "lockstep", "ideal"])
    .describe(
      "built: banks, ports and pipelines of the RTL; lockstep: stages wait for each other, as in the authors' model; ideal: nothing waits inside an op",
    ),
  buffers: z
    .strictObject({ fft: count, butterfly: count })
    .describe("vectors that an engine's banks hold; lockstep: above 2, loading is a stage of its own"),
  accounting: z
    .enum(["full", "published"])
    .describe(
      "lockstep: published leaves out the second round, a load and the last stores, as the authors' code does",
    ),
  padding: z
    .enum(["moved", "computed"])
    .describe("memory moves padded vectors, or they are padded in the engines"),
  sequenceTransform: z
    .enum(["sequence", "hidden"])
    .describe(
      "length of the transform along the sequence: its own, or the hidden size as in the authors' model",
    ),
  postProcessing: z.enum(["timed", "free"]).describe("layer norm and shortcut take time, or none"),
  attention: z
    .enum(["fine", "coarse"])
    .describe(
      "built: rows of queries go on to the attention processor as they leave the engines, or all together",
    ),
});
type Options = z.output<typeof fields>;

export const fabnet: Dataflow<"fabnet", typeof fields> = {
  name: "fabnet",
  summary: "Fourier and butterfly encoders on butterfly engines",
  fields,
  check: misfitsOf,
  lower: (hardware, options, workload) => programOf(hardware, options, workload),
  warnings: (hardware, options, workload) => [
    ...["input", "output", "coefficients"].flatMap((memory) =>
      unknownWalks(hardware.units, memory, Object.keys(fabnetWalks)),
    ),
    ...warningsOf(machineOf(hardware), options, workload),
  ],
};

function programOf(hardware: Hardware, options: Options, workload: Workload): Program {
  const machine = machineOf(hardware);
  const phases = workload.phases.map((phase) => {
    const blocks = phase.blocks.map((block) => passesOf(block, options));
    const last = blocks.at(-1)?.at(-1);
    return repeat(
      1,
      phase.blocks.map((block, index) => {
        const before = blocks[index - 1]?.at(-1) ?? last;
        const passes = blocks[index] ?? [];
        // The first layer of a block follows the block before, later ones their own last pass.
        const previous = [before, passes.at(-1)].filter((pass) => pass !== undefined);
        return repeat(
          block.times,
          layer({ machine, options, block, batch: workload.task.batch }, passes, [...new Set(previous)]),
        );
      }),
      phase.name,
    );
  });
  return { ...programMachine(hardware), body: phases };
}

interface Scope {
  readonly machine: ButterflyMachine;
  readonly options: Options;
  readonly block: Block;
  readonly batch: number;
}

function layer(scope: Scope, passes: readonly Pass[], previous: readonly Pass[]): readonly Item[] {
  const attends = scope.block.ops.some(({ name }) => name === "scores");
  return passes.flatMap((pass, index) => {
    const before = index === 0 ? previous : passes.slice(index - 1, index);
    const context =
      attends && pass.op === `${scope.block.name}.projection` ? [rowOf(scope.block, "context")] : [];
    const after = [...before.flatMap(resultsOf), ...context];
    const isQuery = attends && pass.op === `${scope.block.name}.query`;
    const transformed = isQuery ? attention(scope, passes, pass, after) : rounds(scope, pass, after);
    return [...transformed, ...behind(pass), ...(isQuery ? attentionDone(scope.block) : [])];
  });
}

/** Queries, and the rows of attention behind each round of them or behind all. */
function attention(
  scope: Scope,
  passes: readonly Pass[],
  query: Pass,
  after: readonly string[],
): readonly Item[] {
  const { machine, options, block, batch } = scope;
  if (machine.attention === undefined)
    throw new Error(`${query.op}: check says that there is no attention processor`);
  const units = machine.attention;
  const ready = passes.slice(0, passes.indexOf(query) + 1).flatMap(resultsOf);
  const rows = (count: number): readonly Item[] => [attentionRows(units, block, batch, count, ready)];
  if (options.schedule === "built" && options.attention === "fine")
    return builtRounds(machine, options.buffers, query, after, rows);
  return [...rounds(scope, query, after), ...rows(query.rows)];
}

function rounds({ machine, options }: Scope, pass: Pass, after: readonly string[]): readonly Item[] {
  const { schedule, buffers, accounting } = options;
  switch (schedule) {
    case "built":
      return builtRounds(machine, buffers, pass, after, () => []);
    case "lockstep":
      return lockstepRounds(machine, buffers, accounting, pass, after);
    case "ideal":
      return idealRound(machine, pass, after);
  }
}

/** The pass's useful work, and the ops fused behind it, whose time is in the engine's output. */
function behind(pass: Pass): readonly Task[] {
  const done = (op: string, counts: Record<string, number>): Task =>
    deviceTask(0, {
      unit: "engine.results",
      op,
      name: `${op}.done`,
      cost: { occupancy: 0, latency: ticks(0), counts },
      after: [taskName(0, `${pass.op}.results`)],
    });
  return [done(pass.op, { macs: pass.macs }), ...pass.fused.map((op) => done(op, {}))];
}

/** What the RTL would get wrong on this workload; the evaluated machine and the ideal one have no such faults. */
function warningsOf(machine: ButterflyMachine, options: Options, workload: Workload): readonly string[] {
  if (options.schedule !== "built") return [];
  const passes = workload.phases.flatMap(({ blocks }) => blocks.flatMap((block) => passesOf(block, options)));
  const found = passes.flatMap((pass) =>
    faultsOf(machine.engine, pass.transform, pass.rows * pass.stacks > machine.engine.engines),
  );
  return [...new Set(found)];
}
