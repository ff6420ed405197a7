/**
 * A DMA engine between registers and memory, with a transposer on the way.
 * Models: elements a cycle straight and transposed, set-up of a transfer.
 * Ignores: its descriptors' own memory traffic.
 * Source: DFX (MICRO 2022), DMA with the transpose of the value matrix.
 */
import { z } from "zod";
import type { Ticks } from "../quantity.ts";
import { count, cycles } from "../schema/field.ts";
import {
  type Component,
  type Cost,
  cyclesInTicks,
  type SpecBase,
  type Timebase,
  unitFields,
} from "./component.ts";

export interface DmaSpec extends SpecBase {
  readonly elementsPerCycle: { readonly straight: number; readonly transposed: number };
  readonly ticksPerCycle: number;
  readonly setup: Ticks;
}

export interface DmaWork {
  readonly elements: number;
  readonly order: "straight" | "transposed";
}

const fields = z.strictObject({
  ...unitFields("dma"),
  straight: count.describe("elements a cycle as they lie"),
  transposed: count.describe("elements a cycle through the transposer"),
  setup: cycles.describe("from a transfer's start to its first element"),
});

export const dma: Component<"dma", typeof fields, DmaSpec, DmaWork> = {
  kind: "dma",
  summary: "DMA engine with a transposer",
  fields,
  clock: ({ clock }) => clock,
  resolve,
  cost,
};

function resolve(config: z.output<typeof fields>, time: Timebase): DmaSpec {
  return {
    queues: [""],
    shared: false,
    elementsPerCycle: { straight: config.straight, transposed: config.transposed },
    ticksPerCycle: cyclesInTicks(1, time),
    setup: cyclesInTicks(config.setup, time),
    peak: { elements: config.straight * time.clock },
  };
}

function cost(spec: DmaSpec, { elements, order }: DmaWork): Cost {
  return {
    occupancy: Math.ceil(elements / spec.elementsPerCycle[order]) * spec.ticksPerCycle,
    latency: spec.setup,
    counts: { elements },
  };
}
