/**
 * Whole networks layer by layer on systolic arrays with a vector unit and buffers: convolutions as products of unfolded windows,
 * matrices, attention, and all that stands between.
 *
 * Models: tiles by what the buffers hold, chosen in closed form; loads of the next tile beside the present one, also from one op to
 *   the next; sums that leave through the vector unit, and what follows a product on its tiles; results that stay on chip while there
 *   is room, or go through memory; grouped and depthwise convolutions as one small product for each group, which leave most of an
 *   array idle; wider number formats in several passes; ports of buffers that are narrower than the array's edges; N:M weights, skipped
 *   by an array that selects and expanded on one that does not.
 * Ignores: the host; other images while one is under way (a batch is one larger product); skipping of masked positions.
 * Source: TPU v1 (Jouppi et al., ISCA 2017), Gemmini (Genc et al., DAC 2021); the schedule is ours.
 */
import { z } from "zod";
import type { Hardware } from "../arch/hardware.ts";
import { type Item, type Program, repeat } from "../program.ts";
import { ticks } from "../quantity.ts";
import { width } from "../schema/field.ts";
import { countWorkload } from "../workload/count.ts";
import { type Block, opsOf, type Phase, type Workload } from "../workload/graph.ts";
import { isGrowing } from "../workload/op.ts";
import type { Dataflow } from "./dataflow.ts";
import { evenSteps } from "./even-steps.ts";
import { deviceTask, machineOf, unitName, unknownWalks } from "./pattern.ts";
import { misfitsOf } from "./systolic-fit.ts";
import { type Group, groupsOf } from "./systolic-group.ts";
import { holdsRows } from "./systolic-plan.ts";
import { productItems } from "./systolic-product.ts";
import { placedBlocks } from "./systolic-repetition.ts";
import { lastResult } from "./systolic-residence.ts";
import { hostInput, nameOf, blockOf as pieceOf, resultTask, type Scope, transfer } from "./systolic-scope.ts";
import { singleItems } from "./systolic-single.ts";
import { type System, systemOf } from "./systolic-system.ts";
import { expandedBytes, expandedWarnings } from "./systolic-weights.ts";
import { isProduct, productOf } from "./systolic-window.ts";
import type { Tilings } from "./systolic-work.ts";

const fields = z.strictObject({
  name: z.literal("systolic"),
  fuse: z
    .boolean()
    .describe(
      "activations, normalisations, pooling and residuals work on tiles of a product as they leave the array",
    ),
  sumWidth: width.describe("of a partial sum in the result buffer"),
  buffering: z
    .enum(["single", "double"])
    .describe("tiles that each buffer holds: one, or one that computes and one that is loaded"),
});

export const systolicDataflow: Dataflow<"systolic", typeof fields> = {
  name: "systolic",
  summary: "any network layer by layer on systolic arrays with a vector unit",
  decodes: true,
  fields,
  check: misfitsOf,
  lower: (hardware, options, workload) => {
    const system = systemOf(hardware, options, workload.precision);
    if (system === undefined) throw new Error(`systolic cannot run on ${hardware.name}: check says why`);
    return programOf(hardware, system, workload);
  },
  warnings: (hardware, options, workload) => {
    const system = systemOf(hardware, options, workload.precision);
    return [
      ...unknownWalks(hardware.units, "memory", ["weights", "activations", "cache"]),
      ...(system === undefined
        ? []
        : [...narrowProducts(system, workload), ...expandedWarnings(system, workload)]),
    ];
  },
};

function programOf(hardware: Hardware, system: System, workload: Workload): Program {
  const known: Known = { tilings: new Map(), items: new Map() };
  const phases = workload.phases.map((phase) => {
    const scopesAt = (step: number): readonly Scope[] => scopesOf(system, workload, phase, step);
    const itemsAt = (step: number): readonly Item[] =>
      scopesAt(step).map((scope) => blockItem(scope, phase, known));
    return {
      scopes: phase.steps === 0 ? [] : scopesAt(0),
      item: repeat(1, evenSteps(phase.steps, itemsAt, "step"), phase.name),
    };
  });
  const generates = workload.task.kind === "generation";
  const first = phases[0]?.scopes.at(0);
  const last = phases.at(-1)?.scopes.at(-1);
  return {
    ...machineOf(hardware),
    body: [
      resident(system, workload),
      ...(first === undefined || generates ? [] : begin(first)),
      ...phases.map(({ item }) => item),
      ...(last === undefined || generates ? [] : end(last)),
    ],
  };
}

/** The blocks of one step, with what of them stays on chip. */
function scopesOf(system: System, workload: Workload, { blocks }: Phase, step: number): readonly Scope[] {
  const placed = blocks.map((block) => ({
    block,
    groups: groupsOf(block, step, system.fuse, (product) => holdsRows(system, product)),
  }));
  const capacity = system.activations?.capacity ?? 0;
  const { pieces, residence } = placedBlocks(placed, step, system.elementBytes, capacity);
  const { task } = workload;
  const shared = { system, blocks: pieces, residence, step, batch: task.batch };
  return pieces.map((_, index) => ({ ...shared, index, generates: task.kind === "generation" }));
}

/** What was worked out for a step before and serves again. */
interface Known {
  readonly tilings: Tilings;
  /** Of groups that do not grow, by all that they depend on. */
  readonly items: Map<string, readonly Item[]>;
}

function blockItem(scope: Scope, phase: Phase, known: Known): Item {
  const { block, groups, of } = pieceOf(scope);
  const items = groups.flatMap((group) => {
    const key = fixedKey(scope, phase.name, group);
    const before = key === undefined ? undefined : known.items.get(key);
    if (before !== undefined) return before;
    const own = isProduct(group.op)
      ? productItems(scope, group, group.op, known.tilings)
      : singleItems(scope, group);
    const made = block.name === of.name ? own : own.map((item) => named(item, block, of));
    if (key !== undefined) known.items.set(key, made);
    return made;
  });
  return repeat(block.times, items);
}

/** All that a group's tasks depend on besides its ops, whose sizes are the same in every step; undefined for one that grows. */
function fixedKey(scope: Scope, phase: string, group: Group): string | undefined {
  const all = [group.op, ...group.followers];
  if (all.some(isGrowing)) return undefined;
  const { residence, index, blocks } = scope;
  const results = blocks.flatMap(({ block }) => [
    "input",
    ...block.ops.map((op) => `${block.name}.${op.name}`),
  ]);
  const parts = blocks.map(({ block, groups }) => [
    block.times,
    ...groups.map(({ followers }) => followers.length),
  ]);
  const read = all.flatMap((op) => [
    nameOf(scope, op.name),
    ...op.inputs.map((input) => nameOf(scope, input)),
  ]);
  return JSON.stringify([
    ...[phase, index, parts],
    all.map((op) => op.name),
    results.map((each) => residence.isResident(each)),
    [...read, ...residence.far.keys()].map((each) => residence.bytesOf(each)),
  ]);
}

/** The ops of a piece are those of its block. */
const named = (item: Item, piece: Block, { name }: Block): Item =>
  item.kind === "repeat"
    ? { ...item, body: item.body.map((each) => named(each, piece, { ...piece, name })) }
    : {
        ...item,
        op: item.op.startsWith(`${piece.name}.`) ? `${name}${item.op.slice(piece.name.length)}` : item.op,
      };

/** Weights lie in memory before the run. */
const resident = (system: System, workload: Workload): Item =>
  deviceTask(0, {
    unit: "memory.write",
    op: "host.resident",
    cost: { occupancy: 0, latency: ticks(0), counts: {} },
    after: [],
    holds: {
      [unitName(0, "memory")]: countWorkload(workload).parameterBytes + expandedBytes(system, workload),
    },
  });

/** The network's input lies in memory; where it stays on chip from then on it is brought there first. */
function begin(scope: Scope): readonly Item[] {
  const bytes = scope.residence.bytesOf("input");
  if (!scope.residence.isResident("input"))
    return [
      deviceTask(0, {
        unit: "memory.write",
        op: hostInput,
        cost: { occupancy: 0, latency: ticks(0), counts: {} },
        after: [],
        holds: { [unitName(0, "memory")]: bytes },
      }),
    ];
  return [
    transfer(scope, "read", {
      ...{ op: hostInput, name: hostInput, bytes, walk: "activations", after: [] },
      holds: { [unitName(0, "activations")]: bytes },
    }),
  ];
}

/** The network's result goes to memory. */
function end(scope: Scope): readonly Item[] {
  const block = scope.blocks.at(-1)?.block;
  if (block === undefined) return [];
  const name = lastResult(block);
  if (!scope.residence.isResident(name)) return [];
  const bytes = scope.residence.bytesOf(name);
  const after = [resultTask(scope, block, block.ops.at(-1)?.name ?? "")];
  return [
    transfer(scope, "write", { op: "host.output", name: "host.output", bytes, walk: "activations", after }),
  ];
}

/** Grouped convolutions whose products use a small part of the array; the report's utilization shows what it costs. */
function narrowProducts({ array }: System, workload: Workload): readonly string[] {
  const { rows, columns } = array;
  const narrow = opsOf(workload).flatMap(({ name, block, op }) => {
    if (op.kind !== "convolution" || op.groups === 1) return [];
    const { whole } = productOf(op, 0);
    const used = Math.min(whole.inner, rows) * Math.min(whole.columns, columns);
    return used * 8 < rows * columns ? [{ name, times: block.times, whole }] : [];
  });
  const [first] = narrow;
  if (first === undefined) return [];
  const { inner, columns: across } = first.whole;
  const all = narrow.reduce((sum, { times }) => sum + times, 0);
  return [
    `${all} grouped convolutions fill little of the array: ${first.name} takes ${inner} x ${across} PEs, one group at a time`,
  ];
}
