/**
 * DFX: GPT-2 text generation on a ring of FPGA cards, one token at a time in prefill and in decode.
 *
 * Models: in-order instructions on matrix, vector, DMA and router units; weights, keys and values streamed from HBM through the
 *   MAC trees; heads and columns split over the cards; four ring synchronisations a layer; biases, norms and embeddings in DDR;
 *   the wait of each dependent instruction; attention computed over a fixed, masked window.
 * Ignores: instruction fetch, register-file conflicts, host software.
 * Source: Hong et al., "DFX: A Low-latency Multi-FPGA Appliance for Accelerating Transformer-based Text Generation", MICRO 2022.
 */
import { z } from "zod";
import type { Hardware } from "../arch/hardware.ts";
import { host } from "../arch/link.ts";
import { tilesOf } from "../arch/mac-tree.ts";
import { type Dependency, type Item, type Program, type Repeat, repeat, type Task } from "../program.ts";
import { ticks } from "../quantity.ts";
import { count } from "../schema/field.ts";
import type { Phase, Workload } from "../workload/graph.ts";
import type { Dataflow } from "./dataflow.ts";
import { type Context, head } from "./dfx-attention.ts";
import { misfitsOf, residentBytes, type System, systemOf } from "./dfx-fit.ts";
import * as dfxInstruction from "./dfx-instruction.ts";
import { deviceTask, machineOf, shareOf, taskName, unitName, unknownWalks } from "./pattern.ts";

const { activation, addition, chain, layerNorm, parameters, product, store, synchronise, synchronised } =
  dfxInstruction;

const fields = z.strictObject({
  name: z.literal("dfx"),
  attentionWindow: count.describe("positions that a masked product covers, however short the context is"),
});

export const dfx: Dataflow<"dfx", typeof fields> = {
  name: "dfx",
  summary: "GPT-2 token by token on a ring of cards",
  fields,
  check: (hardware, { attentionWindow }, workload) => misfitsOf(hardware, attentionWindow, workload),
  lower: (hardware, { attentionWindow }, workload) =>
    programOf(hardware, systemOf(hardware, attentionWindow, workload), workload),
  warnings: ({ units }) => unknownWalks(units, "hbm", Object.keys(dfxInstruction.dfxWalks)),
};

function programOf(hardware: Hardware, system: System, workload: Workload): Program {
  const { inputTokens, outputTokens } = system.generation;
  const parts = partsOf(system);
  return {
    ...machineOf(hardware),
    body: [
      ...onEach(system, (device) => begin(system, device, inputTokens)),
      ...workload.phases.map((phase) => tokens(system, parts, phase)),
      end(system, outputTokens),
    ],
  };
}

/** Both phases pass their tokens through the network one by one; each finds one more position in the cache. */
function tokens(system: System, parts: Parts, phase: Phase): Repeat {
  const context = { loop: phase.name, first: phase.past + 1 };
  const decoderLayer = [
    ...onEach(system, (device) => selfAttention(system, parts, device, context)),
    ...parts.afterAttention,
  ];
  const body = [...parts.embedding, repeat(system.model.layers, decoderLayer), ...parts.languageModelHead];
  return repeat(phase.steps * phase.tokensPerStep, body, phase.name);
}

/** What is the same for all tokens, whatever their context. */
interface Parts {
  readonly embedding: readonly Item[];
  /** By device. */
  readonly projections: readonly (readonly Item[])[];
  readonly afterAttention: readonly Item[];
  readonly languageModelHead: readonly Item[];
}

const partsOf = (system: System): Parts => ({
  embedding: onEach(system, (device) => embedding(system, device)),
  projections: Array.from({ length: system.devices }, (_, device) => projections(system, device)),
  afterAttention: afterAttention(system),
  languageModelHead: languageModelHead(system),
});

function afterAttention(system: System): readonly Item[] {
  const { embedding, feedForward } = system.model;
  return [
    ...exchange(system, "decoder.context", embedding),
    ...onEach(system, (device) =>
      dense(system, device, "decoder.projection", embedding, embedding, "decoder.context"),
    ),
    ...exchange(system, "decoder.projection", embedding),
    ...onEach(system, (device) => feedForwardStart(system, device)),
    ...exchange(system, "decoder.activation", feedForward),
    ...onEach(system, (device) =>
      dense(system, device, "decoder.contract", feedForward, embedding, "decoder.activation"),
    ),
    ...exchange(system, "decoder.contract", embedding),
    ...onEach(system, (device) =>
      residual(system, device, "decoder.feedForwardResidual", "decoder.contract"),
    ),
  ];
}

/** Head by head behind the projections. */
function selfAttention(
  system: System,
  { projections }: Parts,
  device: number,
  context: Context,
): readonly Item[] {
  const heads = shareOf(system.model.heads, system.devices, device);
  return [...(projections[device] ?? []), repeat(heads, head(system, device, context))];
}

/** Value first, so that its transposed store hides behind key and query, in whose shade both stores are issued. */
function projections(system: System, device: number): readonly Item[] {
  const { card, devices, model } = system;
  const elements = shareOf(model.heads, devices, device) * model.headSize;
  const input = ["embedding.lookup", "decoder.feedForwardResidual"];
  const project = (op: string): readonly Item[] =>
    weights(system, device, op, model.embedding, elements, ["decoder.attentionNorm"]);
  const stored = (op: string, order: "straight" | "transposed", of: string): readonly Task[] =>
    store(card, device, op, { elements, order }, [taskName(device, of)]);
  return [
    ...norm(system, device, "decoder.attentionNorm", input),
    ...project("decoder.value"),
    ...project("decoder.key"),
    ...project("decoder.query"),
    ...stored("decoder.valueStore", "transposed", "decoder.value"),
    ...stored("decoder.keyStore", "straight", "decoder.key"),
  ];
}

function feedForwardStart(system: System, device: number): readonly Item[] {
  const { card, devices, model } = system;
  const columns = shareOf(model.feedForward, devices, device);
  return [
    ...residual(system, device, "decoder.attentionResidual", "decoder.projection"),
    ...norm(system, device, "decoder.feedForwardNorm", ["decoder.attentionResidual"]),
    ...weights(system, device, "decoder.expand", model.embedding, columns, ["decoder.feedForwardNorm"]),
    activation(card, device, "decoder.activation", [taskName(device, "decoder.expand")]),
  ];
}

/** The final norm, the logits of each card's part of the vocabulary, the best of them, and the best of all cards. */
function languageModelHead(system: System): readonly Item[] {
  const { card, devices, model } = system;
  const onCard = (device: number): readonly Item[] => [
    ...norm(system, device, "head.norm", ["decoder.feedForwardResidual"]),
    ...weights(system, device, "head.logits", model.embedding, shareOf(model.vocabulary, devices, device), [
      "head.norm",
    ]),
    chain(
      card,
      device,
      "head.argmax",
      [{ operation: "reduce", elements: card.matrix.lanes }],
      [taskName(device, "head.logits")],
    ),
  ];
  const candidate = card.bytesPerElement + tokenBytes;
  return [
    ...onEach(system, onCard),
    ...synchronise(card, devices, "head.synchronization", "head.argmax", candidate),
  ];
}

/** A token travels as a 32-bit word. */
const tokenBytes = 4;

/** The vectors of the token that was found last, and of its position, from DDR. */
function embedding({ card, devices, model }: System, device: number): readonly Item[] {
  const token = ["host.start", synchronised(devices, "head.argmax")].map((name) => taskName(device, name));
  const vectors = 2 * model.embedding * card.bytesPerElement;
  const table = parameters(card, device, "embedding.lookup", vectors, token);
  return [table, chain(card, device, "embedding.lookup", addition(model.embedding), [table.id])];
}

function norm(
  { card, model }: System,
  device: number,
  op: string,
  after: readonly string[],
): readonly Task[] {
  const scaleAndShift = parameters(card, device, op, 2 * model.embedding * card.bytesPerElement);
  const waits = [...after.map((name) => taskName(device, name)), scaleAndShift.id];
  return [scaleAndShift, chain(card, device, op, layerNorm(model.embedding), waits)];
}

const residual = (
  { card, devices, model }: System,
  device: number,
  op: string,
  of: string,
): readonly Task[] => [
  chain(card, device, op, addition(model.embedding), [taskName(device, synchronised(devices, of))]),
];

/** A matrix split by columns, on a vector that all cards have exchanged. */
function dense(
  system: System,
  device: number,
  op: string,
  inner: number,
  columns: number,
  of: string,
): readonly Task[] {
  const share = shareOf(columns, system.devices, device);
  return weights(system, device, op, inner, share, [synchronised(system.devices, of)]);
}

function weights(
  { card, model }: System,
  device: number,
  op: string,
  inner: number,
  columns: number,
  after: readonly string[],
): readonly Task[] {
  // HBM holds whole tiles, so that cards with a column more or less keep step.
  const tiles = tilesOf(card.matrix, inner, columns);
  const tile = card.matrix.width * card.matrix.lanes * card.bytesPerElement;
  const useful = inner * columns * card.bytesPerElement;
  const waits: readonly Dependency[] = after.map((name) => taskName(device, name));
  return product(card, device, {
    op,
    walk: "weights",
    bytes: { first: tile, rest: (tiles - 1) * tile, useful: Math.max(0, useful - tile) },
    tiles,
    columns,
    macs: inner * columns,
    biasBytes: model.bias.query && op !== "head.logits" ? columns * card.bytesPerElement : 0,
    stored: [],
    after: waits,
    passes: ["tree"],
  });
}

const exchange = ({ card, devices }: System, of: string, elements: number): readonly Task[] =>
  synchronise(
    card,
    devices,
    "decoder.synchronization",
    of,
    Math.ceil(elements / devices) * card.bytesPerElement,
  );

/** What lies in the memories before the run, and the prompt from the host. */
function begin(system: System, device: number, inputTokens: number): readonly Task[] {
  const { weights: inHbm, small } = residentBytes(system, device);
  const holds = { [unitName(device, "hbm")]: inHbm, [unitName(device, "ddr")]: small };
  const nothing = { occupancy: 0, latency: ticks(0), counts: {} };
  const prompt = host.cost(system.card.host, { bytes: inputTokens * tokenBytes });
  return [
    deviceTask(device, { unit: "hbm.write", op: "host.resident", cost: nothing, after: [], holds }),
    deviceTask(device, { unit: "host.send", op: "host.start", cost: prompt, after: [] }),
  ];
}

/** The first card tells the host. */
function end({ card, devices }: System, outputTokens: number): Task {
  const text = host.cost(card.host, { bytes: outputTokens * tokenBytes });
  const last = taskName(0, synchronised(devices, "head.argmax"));
  return deviceTask(0, { unit: "host.send", op: "host.done", cost: text, after: [last] });
}

function onEach<T>({ devices }: System, make: (device: number) => readonly T[]): readonly T[] {
  const made: T[] = [];
  for (let device = 0; device < devices; device++) made.push(...make(device));
  return made;
}
