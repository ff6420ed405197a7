/**
 * Multipliers in an array of any dimensions and the memories around them, level by level: the machine that a loop nest is mapped on.
 * Models: ports and what goes through them, multicast, buffering, energy of each access, number formats that take several passes.
 * Ignores: banks, contention in the network between multipliers, leakage; a cycle of stall counts for the port that stalls the most.
 * Source: the hardware description of ZigZag (Mei et al., IEEE Transactions on Computers 2021).
 */
import { z } from "zod";
import { precisionNames } from "../precision.ts";
import { bits, joules, ticks } from "../quantity.ts";
import { capacity, count, energy, width } from "../schema/field.ts";
import { fitted, origin } from "../schema/sourced.ts";
import {
  type Component,
  type Cost,
  cyclesInTicks,
  type SpecBase,
  type Timebase,
  unitFields,
} from "./component.ts";
import {
  type MemoryLevel,
  type Move,
  type Operand,
  type OperandHierarchy,
  operands,
  ways,
} from "./operand-hierarchy.ts";

export interface MacArraySpec extends SpecBase {
  readonly hierarchy: OperandHierarchy;
  /** Cycles of one product by number format; formats that are absent do not run. */
  readonly passes: Readonly<Partial<Record<(typeof precisionNames)[number], number>>>;
  /** Bits of a partial sum. */
  readonly accumulatorBits: number;
  readonly ticksPerCycle: number;
}

/** A stretch of one layer: cycles, and what happened in them. */
export interface MacArrayWork {
  readonly cycles: number;
  readonly macs: number;
  /** By "<memory>.reads", ".writes", ".readBytes", ".writeBytes". */
  readonly traffic: Readonly<Record<string, number>>;
}

const moves = operands.flatMap((operand) => [
  operand,
  `${operand} reads` as const,
  `${operand} writes` as const,
  ...ways.map((way) => `${operand} ${way}` as const),
]);

const port = z.strictObject({
  name: z.string(),
  width: width.describe("what it moves in a cycle"),
  access: width
    .optional()
    .describe("the smallest access; narrower ones cost as much. Its width where it is left out"),
  moves: z
    .array(z.enum(moves))
    .min(1)
    .describe(
      "operands that go through it: `W` both ways, `W reads`, `W writes`, or one way such as `O fromLower`",
    ),
});

const memory = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, { error: "a name in lower case such as weight-buffer" }),
  holds: z.array(z.enum(operands)).min(1).describe("O outputs, W weights, I inputs"),
  bypass: z.array(z.enum(operands)).optional().describe("operands that a mapping may keep out of it"),
  capacity: capacity.describe("of one instance"),
  word: width
    .optional()
    .describe("what `read` and `write` are for; the full width of the port where it is left out"),
  read: energy.describe("one read of a word"),
  write: energy.describe("one write of a word"),
  spans: z
    .array(z.string())
    .describe("dimensions of the array that one instance serves; none: one for each multiplier"),
  buffering: z
    .enum(["double", "single", "room", "stream"])
    .describe(
      "double: tiles take twice their size; room: double buffered where space is left; stream: what is used up is replaced at once",
    ),
  ports: z.array(port).min(1),
  ...origin,
});

const fields = z.strictObject({
  ...unitFields("mac-array"),
  dimensions: z.record(z.string(), count).describe("multipliers along each dimension of the array"),
  passes: z
    .partialRecord(z.enum(precisionNames), count)
    .describe("cycles of one product, by number format; others do not run"),
  accumulator: width.describe("a partial sum"),
  mac: energy.describe("one multiplication and addition"),
  hop: energy
    .optional()
    .describe(
      "handing an element to a neighbouring multiplier: multicast copies, and sums to be collected; nothing where left out",
    ),
  memories: z
    .array(memory.check(fitted))
    .min(1)
    .describe("from the multipliers outwards; each operand moves from one memory that holds it to the next"),
});

export const macArray: Component<"mac-array", typeof fields, MacArraySpec, MacArrayWork> = {
  kind: "mac-array",
  summary: "array of multipliers with a memory hierarchy, for mapped loop nests",
  fields,
  clock: ({ clock }) => clock,
  resolve,
  cost,
};

function resolve(config: z.output<typeof fields>, time: Timebase): MacArraySpec {
  const array = Object.entries(config.dimensions).map(([name, size]) => ({ name, size }));
  const memories = config.memories.map(levelOf);
  const lanes = array.reduce((product, { size }) => product * size, 1);
  const fewest = Math.min(...Object.values(config.passes));
  return {
    queues: [
      "multipliers",
      ...memories.flatMap(({ name, ports }) => ports.map((each) => `${name}-${each.name}`)),
    ],
    shared: false,
    hierarchy: { name: "array", array, macEnergy: config.mac, hopEnergy: config.hop ?? joules(0), memories },
    passes: config.passes,
    accumulatorBits: config.accumulator,
    ticksPerCycle: cyclesInTicks(1, time),
    peak: { macs: (lanes * time.clock) / (Number.isFinite(fewest) ? fewest : 1) },
  };
}

function levelOf(config: z.output<typeof memory>): MemoryLevel {
  return {
    name: config.name,
    capacity: bits(8 * config.capacity),
    operands: operands.filter((operand) => config.holds.includes(operand)),
    mayBypass: config.bypass ?? [],
    ...(config.word === undefined ? {} : { word: config.word }),
    readEnergy: config.read,
    writeEnergy: config.write,
    spans: config.spans,
    buffering: config.buffering,
    ports: config.ports.map((each) => ({
      name: each.name,
      bitsPerCycle: each.width,
      accessBits: each.access ?? each.width,
      moves: each.moves.flatMap(movesOf),
    })),
  };
}

function movesOf(text: string): readonly Move[] {
  const [name, kind] = text.split(" ");
  const operand = operands.find((each) => each === name);
  if (operand === undefined) throw new Error(`no operand ${name}`);
  return ways.filter((way) => goes(way, kind)).map((way) => ({ operand, way }));
}

function goes(way: string, kind: string | undefined): boolean {
  if (kind === undefined) return true;
  if (kind === "reads") return way.startsWith("to");
  if (kind === "writes") return way.startsWith("from");
  return way === kind;
}

function cost(spec: MacArraySpec, { cycles, macs, traffic }: MacArrayWork): Cost {
  return {
    occupancy: Math.ceil(cycles) * spec.ticksPerCycle,
    latency: ticks(0),
    counts: { ...(macs === 0 ? {} : { macs }), ...traffic },
  };
}

/** The operand's outermost memory, where all of it lies. */
export const outermost = ({ memories }: OperandHierarchy, operand: Operand): MemoryLevel | undefined =>
  memories.filter((each) => each.operands.includes(operand)).at(-1);
