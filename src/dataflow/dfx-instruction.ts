/**
 * The instructions of one DFX core as tasks: products streamed through the MAC trees, chains of vector instructions,
 * stores of keys and values, ring synchronisation.
 *
 * Models: first tile prefetched, the rest of a stream beside the matrix unit, the issue wait of each dependent instruction.
 * Ignores: the split of a stream into single tiles (both sides run at a steady rate, so only the slower one shows).
 * Source: Hong et al., DFX, MICRO 2022; the instruction sequences of norm and softmax follow its instruction set.
 */
import type { Amount } from "../amount.ts";
import { type DmaWork, dma } from "../arch/dma.ts";
import { ring } from "../arch/link.ts";
import { macTree } from "../arch/mac-tree.ts";
import { ddr, hbm } from "../arch/memory.ts";
import { type VectorWork, vector } from "../arch/vector.ts";
import type { Dependency, Task } from "../program.ts";
import { times } from "../quantity.ts";
import type { Card } from "./dfx-fit.ts";
import { deviceTask, taskName, unitName } from "./pattern.ts";

/** The ways that DFX goes through HBM; a machine's YAML may tell them apart. */
export const dfxWalks = {
  /** Tiles of a matrix, one after the other. */
  weights: "weights",
  /** Keys and values of one head, in whole tiles; a row of keys that is stored. */
  cache: "cache",
  /** A row of values that is stored as a column, element by element. */
  transposed: "transposed",
} as const;

export type DfxWalk = keyof typeof dfxWalks;

export interface Product {
  readonly op: string;
  /** How the stream goes through the memory. */
  readonly walk: DfxWalk;
  /** What the stream brings before the first tile can start, and after that. */
  readonly bytes: {
    readonly first: number;
    readonly rest: Amount;
    /** Of the rest, without what only fills up the last tiles: that takes time, and is not counted. */
    readonly useful: Amount;
  };
  readonly tiles: number;
  /** Elements of the result. */
  readonly columns: number;
  readonly macs: Amount;
  /** Biases in DDR, if any. */
  readonly biasBytes: number;
  /** What the stream itself must wait for: keys and values that are still being stored. */
  readonly stored: readonly Dependency[];
  /** The row vector. */
  readonly after: readonly Dependency[];
  /** Pipelines behind the last tile. */
  readonly passes: readonly ("tree" | "scalar")[];
}

/**
 * One row times a matrix that streams from HBM. The first tile is fetched ahead; the matrix unit works while the rest
 * arrives, and its last tile follows the last byte.
 */
export function product(
  card: Card,
  device: number,
  { op, walk, bytes, tiles, columns, macs, biasBytes, stored, after, passes }: Product,
): readonly Task[] {
  const part = (name: string): string => taskName(device, `${op}.${name}`);
  const read = (name: string, size: Amount, useful: Amount, waits: readonly Dependency[]): Task => {
    const moved = hbm.cost(card.hbm, { direction: "read", bytes: size, walk });
    const cost = { ...moved, counts: { ...moved.counts, readBytes: useful } };
    return deviceTask(device, { unit: "hbm.read", op, name: `${op}.${name}`, after: waits, cost });
  };
  const bias = biasBytes === 0 ? [] : [parameters(card, device, op, biasBytes)];
  const inside = macTree.cost(card.matrix, { tiles: tiles - 1, macs, passes: [] });
  const last = macTree.cost(card.matrix, { tiles: 1, macs: 0, passes });
  const arrived = biasBytes === 0 ? [part("rest")] : [part("rest"), part("parameters")];
  return [
    ...bias,
    read("first", bytes.first, bytes.first, stored),
    read("rest", bytes.rest, bytes.useful, [part("first"), ...after]),
    deviceTask(device, {
      unit: "matrix",
      op,
      name: `${op}.tiles`,
      after: [part("first"), ...after],
      cost: inside,
      also: registers(card, tiles * card.matrix.width, columns),
    }),
    deviceTask(device, { unit: "matrix", op, after: arrived, issue: card.issue, cost: last }),
  ];
}

/** The activation, in the scalar unit behind each lane, of a product that is just leaving the tree. */
export const activation = (card: Card, device: number, op: string, after: readonly Dependency[]): Task =>
  deviceTask(device, {
    unit: "matrix",
    op,
    after,
    cost: macTree.cost(card.matrix, { tiles: 0, macs: 0, passes: ["scalar"] }),
  });

/** Reads small parameters (biases, norms, embeddings) from DDR, ahead of their use. */
export function parameters(
  card: Card,
  device: number,
  op: string,
  bytes: number,
  after: readonly Dependency[] = [],
): Task {
  const cost = ddr.cost(card.ddr, { direction: "read", bytes });
  return deviceTask(device, { unit: "ddr.read", op, name: `${op}.parameters`, after, cost });
}

/** Vector instructions that each wait for the one before, and for its issue. */
export function chain(
  card: Card,
  device: number,
  op: string,
  work: VectorWork["chain"],
  after: readonly Dependency[],
): Task {
  const cost = vector.cost(card.vector, { chain: work });
  const elements = work.reduce((sum, each) => sum + each.elements, 0);
  const also = registers(card, 2 * elements, elements);
  return deviceTask(device, { unit: "vector", op, after, cost, also, issue: times(work.length, card.issue) });
}

/** Register-file traffic of an instruction, in elements. */
const registers = (
  { bytesPerElement }: Card,
  read: number,
  written: number,
): Readonly<Record<string, number>> => ({
  "registers.readBytes": read * bytesPerElement,
  "registers.writeBytes": written * bytesPerElement,
});

/** Mean, variance, normalisation, scale and shift of one row: eleven instructions. */
export const layerNorm = (width: number): VectorWork["chain"] => [
  { operation: "reduce", elements: width },
  { operation: "multiply", elements: 1 },
  { operation: "add", elements: width },
  { operation: "multiply", elements: width },
  { operation: "reduce", elements: width },
  { operation: "multiply", elements: 1 },
  { operation: "add", elements: 1 },
  { operation: "reciprocalSquareRoot", elements: 1 },
  { operation: "multiply", elements: width },
  { operation: "multiply", elements: width },
  { operation: "add", elements: width },
];

/** Softmax of one row of scores whose maximum the matrix unit's scalar part has found: five instructions. */
export const softmax = (width: number): VectorWork["chain"] => [
  { operation: "add", elements: width },
  { operation: "exponential", elements: width },
  { operation: "reduce", elements: width },
  { operation: "reciprocal", elements: 1 },
  { operation: "multiply", elements: width },
];

export const addition = (width: number): VectorWork["chain"] => [{ operation: "add", elements: width }];

/** Registers through the DMA to HBM, which grows by them; transposed, each element lands in an access of its own. */
export function store(
  card: Card,
  device: number,
  op: string,
  work: DmaWork,
  after: readonly Dependency[],
): readonly Task[] {
  const bytes = work.elements * card.bytesPerElement;
  const [chunk, walk] =
    work.order === "transposed" ? [card.bytesPerElement, dfxWalks.transposed] : [bytes, dfxWalks.cache];
  const name = `${op}.order`;
  return [
    deviceTask(device, { unit: "dma", op, name, after, issue: card.issue, cost: dma.cost(card.dma, work) }),
    deviceTask(device, {
      unit: "hbm.write",
      op,
      after: [taskName(device, name)],
      cost: hbm.cost(card.hbm, { direction: "write", bytes, chunk, walk }),
      holds: { [unitName(device, "hbm")]: bytes },
    }),
  ];
}

/**
 * All cards exchange their parts of a result: a round of ready tokens, so that no buffer is overwritten that is still being
 * read, then a round of data. A round is four instructions on each card (store to the router, send, receive, load from it) and
 * `devices - 1` hops, in which all parts move on together. One card alone has nothing to exchange.
 * @param of the op whose result is exchanged; the whole vector is there with `synchronised(devices, of)`
 */
export function synchronise(
  card: Card,
  devices: number,
  op: string,
  of: string,
  bytes: number,
): readonly Task[] {
  if (devices === 1) return [];
  return [
    ...round(card, devices, op, { from: of, to: `${of}.ready`, bytes: 0 }),
    ...round(card, devices, op, { from: `${of}.ready`, to: `${of}.synchronised`, bytes }),
  ];
}

/** The task whose result is the whole vector: the exchange, or with one card the op itself. */
export const synchronised = (devices: number, of: string): string =>
  devices === 1 ? of : `${of}.synchronised`;

interface Round {
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
}

function round(card: Card, devices: number, op: string, { from, to, bytes }: Round): readonly Task[] {
  const all = Array.from({ length: devices }, (_, device) => device);
  const hops = devices - 1;
  const { occupancy, latency, counts } = ring.cost(card.ring, { bytes: hops * bytes });
  const circulation = { occupancy, latency: times(hops, latency), counts };
  const instructions = { occupancy: 0, latency: times(2, card.issue), counts: { instructions: 2 } };
  const route = (device: number, name: string, after: string): Task =>
    deviceTask(device, {
      unit: "ring.router",
      op,
      name,
      after: [taskName(device, after)],
      cost: instructions,
    });
  const out = all.map((device) => route(device, `${to}.out`, from));
  const ready = out.map(({ id }) => id);
  return [
    ...out,
    ...all.map((device) =>
      deviceTask(device, { unit: "ring.send", op, name: `${to}.hops`, after: ready, cost: circulation }),
    ),
    ...all.map((device) => route(device, to, `${to}.hops`)),
  ];
}
