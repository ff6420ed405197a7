/**
 * What DFX asks of a machine and a workload, and why one does not fit the other.
 * Models: heads split evenly, one sequence, one number format, capacities of HBM and DDR on each card.
 * Ignores: instruction memory, register-file capacity.
 * Source: Hong et al., DFX, MICRO 2022: intra-layer model parallelism, weights and caches in HBM, small parameters in DDR.
 */
import type { DmaSpec } from "../arch/dma.ts";
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import type { LinkSpec } from "../arch/link.ts";
import type { MacTreeSpec } from "../arch/mac-tree.ts";
import type { MemorySpec } from "../arch/memory.ts";
import type { ScratchpadSpec } from "../arch/scratchpad.ts";
import type { VectorSpec } from "../arch/vector.ts";
import { bytesOf } from "../precision.ts";
import type { Ticks } from "../quantity.ts";
import type { Generation, Workload } from "../workload/graph.ts";
import type { DecoderModel } from "../workload/model.ts";
import type { Misfit } from "./dataflow.ts";
import { shareOf } from "./pattern.ts";

/** The cards, what runs on them, and how many positions a masked product covers. */
export interface System {
  readonly card: Card;
  readonly devices: number;
  readonly window: number;
  readonly model: DecoderModel;
  readonly generation: Generation;
}

/** The units of a DFX card, and how it writes numbers. */
export interface Card {
  readonly hbm: MemorySpec;
  readonly ddr: MemorySpec;
  readonly matrix: MacTreeSpec;
  readonly vector: VectorSpec;
  readonly dma: DmaSpec;
  readonly ring: LinkSpec;
  readonly host: LinkSpec;
  readonly registers: ScratchpadSpec;
  readonly issue: Ticks;
  readonly bytesPerElement: number;
}

/** @throws Error when `misfitsOf` has anything to say */
export function systemOf(hardware: Hardware, window: number, { task, name }: Workload): System {
  const card = cardOf(hardware);
  if (card === undefined || task.kind !== "generation" || task.model.kind !== "decoder")
    throw new Error(`dfx cannot run ${name} on ${hardware.name}: check says why`);
  return { card, devices: hardware.devices, window, model: task.model, generation: task };
}

/** The card's units by the names that the machine's YAML must use. */
function cardOf({ units, sequencer }: Hardware): Card | undefined {
  const { hbm, ddr, matrix, vector, dma, ring, host, registers } = units;
  if (!isKind(hbm, "hbm") || !isKind(ddr, "ddr") || !isKind(matrix, "mac-tree") || !isKind(vector, "vector"))
    return;
  if (!isKind(dma, "dma") || !isKind(ring, "ring") || !isKind(host, "host")) return;
  if (!isKind(registers, "scratchpad")) return;
  return {
    hbm: hbm.spec,
    ddr: ddr.spec,
    matrix: matrix.spec,
    vector: vector.spec,
    dma: dma.spec,
    ring: ring.spec,
    host: host.spec,
    registers: registers.spec,
    issue: sequencer.issue,
    bytesPerElement: bytesOf(matrix.spec.precision),
  };
}

const needed = {
  hbm: "hbm",
  ddr: "ddr",
  matrix: "mac-tree",
  vector: "vector",
  dma: "dma",
  ring: "ring",
  host: "host",
  registers: "scratchpad",
} as const;

export function misfitsOf(hardware: Hardware, window: number, workload: Workload): readonly Misfit[] {
  const card = cardOf(hardware);
  if (card === undefined) return missingUnits(hardware);
  const { task: generation, precision } = workload;
  const { model } = generation;
  if (generation.kind !== "generation" || model.kind !== "decoder")
    return [{ what: "DFX generates text", arithmetic: `workload: ${model.family}, ${model.kind}` }];
  const system = { card, devices: hardware.devices, window, model, generation };
  const positions = generation.inputTokens + generation.outputTokens;
  const share = model.heads / hardware.devices;
  return [
    ...unless(generation.batch === 1, "DFX runs one sequence at a time", `batch ${generation.batch} > 1`),
    ...unless(
      precision === card.matrix.precision,
      "the matrix unit has another number format",
      `workload in ${precision}, matrix unit in ${card.matrix.precision}`,
    ),
    ...strangers(model).map((arithmetic) => ({ what: "DFX runs decoders of GPT-2's form", arithmetic })),
    ...unless(
      Number.isInteger(share),
      "heads do not divide by the devices",
      `${model.heads} / ${hardware.devices} = ${share}`,
    ),
    ...atMost("positions exceed the model's table", positions, model.positions, "positions"),
    ...atMost("positions exceed the attention window", positions, window, "positions"),
    ...memoryMisfits(system, positions),
  ];
}

/** What a model has and the published schedule does not. */
function strangers(model: DecoderModel): readonly string[] {
  const { family, heads, keyValueHeads, bias } = model;
  const found: readonly (readonly [boolean, string])[] = [
    [model.activation !== "gelu", `${model.activation} in place of GELU`],
    [keyValueHeads !== heads, `${keyValueHeads} key and value heads for ${heads} heads`],
    [model.gated, "a gated feed-forward"],
    [model.experts !== undefined, "a mixture of experts"],
    [
      model.norm !== "layernorm" || model.normPlacement !== "before",
      "norms other than a layernorm before each half",
    ],
    [model.queryKeyNorm || model.embeddingNorm || !model.finalNorm, "norms in other places"],
    [model.attentionPosition !== "none" || model.positionTable === 0, "no table of positions"],
    [model.window !== undefined, "layers that see a window only"],
    [model.tokenWidth !== model.embedding, "a token table of another width"],
    [new Set(Object.values(bias)).size > 1, "biases on some matrices only"],
  ];
  return found.flatMap(([present, what]) => (present ? [`${family}: ${what}`] : []));
}

/** Bytes that a card holds before the first token, and keys and values of one position. The first card has the largest share. */
export function residentBytes({ card, devices, model }: System, device: number) {
  const { embedding, feedForward, layers, vocabulary, positions, heads, headSize } = model;
  const attention = shareOf(heads, devices, device) * headSize;
  const matrices = layers * embedding * (3 * attention + shareOf(embedding, devices, device));
  const expand = layers * embedding * shareOf(feedForward, devices, device);
  const contract = layers * feedForward * shareOf(embedding, devices, device);
  const head = embedding * shareOf(vocabulary, devices, device);
  const biases =
    layers *
    (3 * attention + 2 * shareOf(embedding, devices, device) + shareOf(feedForward, devices, device));
  const norms = (2 * layers + 1) * 2 * embedding;
  const tables = (vocabulary + positions) * embedding;
  return {
    weights: (matrices + expand + contract + head) * card.bytesPerElement,
    cachePerPosition: 2 * layers * attention * card.bytesPerElement,
    small: ((model.bias.query ? biases : 0) + norms + tables) * card.bytesPerElement,
  };
}

function memoryMisfits(system: System, positions: number): readonly Misfit[] {
  const { weights, cachePerPosition, small } = residentBytes(system, 0);
  const { hbm, ddr } = system.card;
  const needs = weights + positions * cachePerPosition;
  const sum = `weights ${weights} B + ${positions} positions * ${cachePerPosition} B = ${needs} B`;
  return [
    ...unless(
      needs <= hbm.capacity,
      "weights, keys and values exceed a card's HBM",
      `${sum} > ${hbm.capacity} B`,
    ),
    ...unless(
      small <= ddr.capacity,
      "embeddings, norms and biases exceed a card's DDR",
      `${small} B > ${ddr.capacity} B`,
    ),
  ];
}

const missingUnits = ({ units, name }: Hardware): readonly Misfit[] =>
  Object.entries(needed).flatMap(([unit, kind]) =>
    unless(
      isKind(units[unit], kind),
      `DFX needs a unit "${unit}" of kind ${kind}`,
      `${name} has ${units[unit]?.kind ?? "none"}`,
    ),
  );

const atMost = (what: string, found: number, limit: number, of: string): readonly Misfit[] =>
  unless(found <= limit, what, `${found} ${of} > ${limit}`);

const unless = (fits: boolean, what: string, arithmetic: string): readonly Misfit[] =>
  fits ? [] : [{ what, arithmetic }];
