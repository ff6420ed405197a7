/**
 * One layer of an encoder on dense multipliers.
 * Models: loads before products, groups of heads in a pipeline, rows through scores, softmax and context, rows through norms.
 * Ignores: residuals and activations.
 * Source: the authors' performance model of the MAC baseline, FABNet, MICRO 2022.
 */
import type { Cost } from "../arch/component.ts";
import { type MacTreeSpec, macTree } from "../arch/mac-tree.ts";
import { hbm } from "../arch/memory.ts";
import { scratchpad } from "../arch/scratchpad.ts";
import { softmax } from "../arch/softmax.ts";
import { vector } from "../arch/vector.ts";
import { type Dependency, type Item, repeat, type Task } from "../program.ts";
import { ticks } from "../quantity.ts";
import { macsOf, parametersRead } from "../workload/count.ts";
import type { Block } from "../workload/graph.ts";
import { at, type Op } from "../workload/op.ts";
import type { MacMachine } from "./mac-baseline-fit.ts";
import { deviceTask, taskName } from "./pattern.ts";

export interface MacScope {
  readonly machine: MacMachine;
  readonly options: {
    readonly normPasses: "once" | "per tile";
    readonly sequenceTransform: "sequence" | "hidden";
  };
  readonly block: Block;
  /** Names of all blocks: a layer follows the last layer of any of them. */
  readonly blocks: readonly string[];
}

export function layer(scope: MacScope): readonly Item[] {
  const input = scope.blocks.map((name) => taskName(0, `${name}.feedForwardNorm`));
  const isFourier = scope.block.ops.some(({ kind }) => kind === "fft");
  return [
    ...(isFourier ? fourier(scope, input) : attention(scope, input)),
    ...product(scope, "expand", ["mixingNorm"], "load all"),
    result(scope, "activation", "expand"),
    // Its input stays on the chip, and its weights come while the product before computes.
    ...product(scope, "contract", ["activation"], "load weights ahead"),
    result(scope, "feedForwardResidual", "contract"),
    norm(scope, "feedForwardNorm", "feedForwardResidual"),
  ];
}

function fourier(scope: MacScope, input: readonly string[]): readonly Item[] {
  return [
    ...product(scope, "fourierSequence", input, "load all"),
    ...product(scope, "fourierHidden", ["fourierSequence"], "load all"),
    result(scope, "mixingResidual", "fourierHidden"),
    result(scope, "mixingNorm", "mixingResidual"),
  ];
}

/** Groups of heads: the projections of the next run beside the attention of this one. */
function attention(scope: MacScope, input: readonly string[]): readonly Item[] {
  const { machine } = scope;
  const scores = opOf(scope, "scores");
  if (scores.kind !== "matmul") throw new Error(`attention.scores is ${scores.kind}`);
  const groups = Math.ceil(scores.count / machine.queryKey.lanes);
  const projections = (): readonly Task[] => projected(scope, input, scores.count);
  const rows = (age: number): Item => repeat(at(scores.rows, 0), headRow(scope, age));
  return [
    ...projections(),
    ...(groups > 1 ? [repeat(groups - 1, [...projections(), rows(1)])] : []),
    rows(0),
    ...["query", "key", "value"].map((name) => result(scope, name, `${name}.group`)),
    result(scope, "scores", "scores.row", "queryKey"),
    result(scope, "softmax", "softmax.row"),
    result(scope, "context", "context.row", "scoreValue"),
    ...product(scope, "projection", ["context"], "load all"),
    result(scope, "mixingResidual", "projection"),
    norm(scope, "mixingNorm", "mixingResidual"),
  ];
}

/** Queries, keys and values of a group of heads: input and weights in, then the three products side by side. */
function projected(scope: MacScope, input: readonly string[], heads: number): readonly Task[] {
  const { machine } = scope;
  const names = ["query", "key", "value"];
  const { rows, inner, columns } = shapeOf(scope, opOf(scope, "query"));
  const groupColumns = (columns / heads) * machine.queryKey.lanes;
  const cost = products(machine.linear, rows * inner * groupColumns);
  const weights = (name: string): number =>
    Math.ceil((weightsOf(scope, opOf(scope, name)) / heads) * machine.queryKey.lanes);
  return [
    ...load(scope, "query", rows * inner, input),
    ...names.flatMap((name) => [
      weightLoad(scope, name, weights(name), [id(scope, "query.activations")]),
      task(scope, "linear", name, `${name}.group`, cost, [
        id(scope, `${name}.weights`),
        id(scope, "query.activations"),
      ]),
    ]),
  ];
}

/** A row of scores, its softmax and its context, in all heads of a group. */
function headRow(scope: MacScope, age: number): readonly Task[] {
  const { machine } = scope;
  const scores = shapeOf(scope, opOf(scope, "scores"));
  // Every head has a lane of its own; in the last group some may be idle.
  const heads = machine.queryKey.lanes;
  const macs = heads * scores.inner * scores.columns;
  const waits = (names: readonly string[]): readonly Dependency[] =>
    names.map((name) => ({ task: id(scope, `${name}.group`), age }));
  const row = softmax.cost(machine.softmax, { rows: heads, width: scores.columns });
  return [
    task(
      scope,
      "queryKey",
      "scores",
      "scores.row",
      products(machine.queryKey, macs),
      waits(["query", "key"]),
    ),
    task(scope, "softmax", "softmax", "softmax.row", row, [id(scope, "scores.row")]),
    task(scope, "scoreValue", "context", "context.row", products(machine.scoreValue, macs), [
      id(scope, "softmax.row"),
      ...waits(["value"]),
    ]),
  ];
}

/** A dense product on all multipliers. Its rows may leave one by one, for a norm behind it. */
function product(
  scope: MacScope,
  name: string,
  input: readonly string[],
  loading: "load all" | "load weights ahead",
): readonly Item[] {
  const { machine } = scope;
  const op = opOf(scope, name);
  const { rows, inner, columns, numbers } = shapeOf(scope, op);
  const after = input.map((each) => (each.startsWith("device") ? each : id(scope, each)));
  const weights = weightsOf(scope, op);
  const ahead = loading === "load weights ahead";
  const loads = ahead
    ? [weightLoad(scope, name, weights, [])]
    : [
        ...load(scope, name, rows * inner * numbers, after),
        weightLoad(scope, name, weights, [id(scope, `${name}.activations`)]),
      ];
  const waits = [...after, ...loads.map((each) => each.id)];
  const normed = name === "contract" || name === "projection";
  const macs = (normed ? 1 : rows) * inner * columns;
  const parts = [machine.linear, machine.queryKey, machine.scoreValue];
  const all = parts.reduce((sum, { width, lanes }) => sum + width * lanes, 0);
  const on = (unit: string, spec: MacTreeSpec): Task => {
    const share = (macs * spec.width * spec.lanes) / all;
    return task(scope, unit, name, `${name}.${unit}`, products(spec, share), waits);
  };
  const work = [
    on("linear", machine.linear),
    on("queryKey", machine.queryKey),
    on("scoreValue", machine.scoreValue),
  ];
  const results = sharedResult(scope, name, all);
  if (!normed) return [...loads, ...work, ...results];
  const normOp = name === "contract" ? "feedForwardNorm" : "mixingNorm";
  const row = task(
    scope,
    "norm",
    normOp,
    `${normOp}.row`,
    normCost(scope, columns),
    work.map((each) => each.id),
  );
  return [...loads, repeat(rows, [...work, row]), ...results];
}

function normCost({ machine, options }: MacScope, width: number): Cost {
  // The authors' model reads the row anew for each tile of columns that the multipliers make.
  const passes = options.normPasses === "once" ? 2 : Math.floor(width / machine.linear.width);
  return vector.cost(machine.norm, {
    chain: [
      { operation: "reduce", elements: width * Math.max(1, passes) },
      { operation: "reciprocalSquareRoot", elements: 1 },
      { operation: "multiply", elements: 1 },
    ],
  });
}

/** The norm of the last row, and the residual before it. */
const norm = (scope: MacScope, name: string, residual: string): Task =>
  task(scope, "norm", name, name, nothing, [id(scope, `${name}.row`), id(scope, residual)]);

/** Activations from memory into the on-chip buffer. */
function load(
  scope: MacScope,
  name: string,
  elements: number,
  after: readonly Dependency[],
): readonly Task[] {
  const { machine } = scope;
  const bytes = elements * machine.bytesPerElement;
  const read = hbm.cost(machine.memory, { direction: "read", bytes });
  const write = scratchpad.cost(machine.activations, { direction: "write", bytes });
  return [
    task(scope, "memory.read", name, `${name}.read`, read, after),
    task(scope, "activations.write", name, `${name}.activations`, write, after),
  ];
}

function weightLoad(scope: MacScope, name: string, weights: number, after: readonly Dependency[]): Task {
  const bytes = weights * scope.machine.bytesPerElement;
  const cost = hbm.cost(scope.machine.memory, { direction: "read", bytes });
  return task(scope, "memory.read", name, `${name}.weights`, cost, after);
}

/** Multiplications spread over all of a unit's multipliers, as the authors' model has it: no edges. */
function products(spec: MacTreeSpec, macs: number): Cost {
  const tiles = Math.ceil(macs / (spec.width * spec.lanes));
  return macTree.cost(spec, { tiles, macs: 0, passes: ["tree"] });
}

const nothing: Cost = { occupancy: 0, latency: ticks(0), counts: {} };

/** The op's result is there once `last` is; its useful work is counted here, for the unit that did it. */
function result(scope: MacScope, name: string, last: string, unit = "linear"): Task {
  return task(scope, unit, name, name, useful(macsOf(opOf(scope, name))), [id(scope, last)]);
}

/** The result of a product on all multipliers: each unit has done what its multipliers are of all. */
function sharedResult(scope: MacScope, name: string, all: number): readonly Task[] {
  const { queryKey, scoreValue } = scope.machine;
  const macs = macsOf(opOf(scope, name));
  const share = ({ width, lanes }: MacTreeSpec): number => Math.floor((macs * width * lanes) / all);
  const rest = macs - share(queryKey) - share(scoreValue);
  const done = (unit: string, as: string, part: number): Task =>
    task(scope, unit, name, as, useful(part), [id(scope, `${name}.${unit}`)]);
  return [
    done("queryKey", `${name}.queryKey.result`, share(queryKey)),
    done("scoreValue", `${name}.scoreValue.result`, share(scoreValue)),
    done("linear", name, rest),
  ];
}

const useful = (macs: number): Cost => (macs === 0 ? nothing : { ...nothing, counts: { macs } });

function task(
  { block }: MacScope,
  unit: string,
  op: string,
  name: string,
  cost: Cost,
  after: readonly Dependency[],
): Task {
  return deviceTask(0, { unit, op: `${block.name}.${op}`, name: `${block.name}.${name}`, cost, after });
}

const id = ({ block }: MacScope, name: string): string => taskName(0, `${block.name}.${name}`);

function opOf({ block }: MacScope, name: string): Op {
  const found = block.ops.find((op) => op.name === name);
  if (found === undefined) throw new Error(`block ${block.name} has no op ${name}`);
  return found;
}

interface Shape {
  readonly count: number;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Two for complex elements. */
  readonly numbers: number;
}

/** Numbers that the product needs from memory: its parameters, or the matrix that stands for a transform. */
function weightsOf(scope: MacScope, op: Op): number {
  const { inner, columns } = shapeOf(scope, op);
  return op.kind === "matmul" ? parametersRead(op) : inner * columns;
}

/** The dense product that an op is, or stands for. */
function shapeOf({ block, options }: MacScope, op: Op): Shape {
  switch (op.kind) {
    case "matmul":
      return {
        count: op.count,
        rows: at(op.rows, 0),
        inner: at(op.inner, 0),
        columns: at(op.columns, 0),
        numbers: 1,
      };
    case "butterflyLinear":
      return { count: 1, rows: at(op.rows, 0), inner: op.inner, columns: op.columns, numbers: 1 };
    case "fft": {
      const hidden = block.ops.find(({ name }) => name === "fourierHidden");
      const over = options.sequenceTransform === "hidden" && hidden?.kind === "fft" ? hidden : op;
      const numbers = op.input === "complex" ? 2 : 1;
      return { count: 1, rows: at(over.rows, 0), inner: over.length, columns: over.length, numbers };
    }
    default:
      throw new Error(`${block.name}.${op.name}: ${op.kind} is no product`);
  }
}
