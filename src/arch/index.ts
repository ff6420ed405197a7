/** The components. Kinds, specs and the schema of a machine's unit are derived from this list. */
import { z } from "zod";
import { butterfly } from "./butterfly.ts";
import type { Component, SpecBase, Timebase } from "./component.ts";
import { dma } from "./dma.ts";
import type { SustainedMemo } from "./dram/sustained.ts";
import { host, ring } from "./link.ts";
import { macArray } from "./mac-array.ts";
import { macTree } from "./mac-tree.ts";
import { ddr, hbm } from "./memory.ts";
import { ddrBanked, hbmBanked } from "./memory-banked.ts";
import { nmSparse } from "./nm-sparse.ts";
import { nmSystolic } from "./nm-systolic.ts";
import { scratchpad } from "./scratchpad.ts";
import { softmax } from "./softmax.ts";
import { systolic } from "./systolic.ts";
import { vector } from "./vector.ts";

export const components = [
  butterfly,
  ddr,
  ddrBanked,
  dma,
  hbm,
  hbmBanked,
  host,
  macArray,
  macTree,
  nmSparse,
  nmSystolic,
  ring,
  scratchpad,
  softmax,
  systolic,
  vector,
] as const;

type Listed = (typeof components)[number];
export type Kind = Listed["kind"];

/** A unit of a machine: its kind, and its spec in ticks. */
export type ResolvedUnit = {
  readonly [C in Listed as C["kind"]]: { readonly kind: C["kind"]; readonly spec: ReturnType<C["resolve"]> };
}[Kind];

export const isKind = <K extends Kind>(
  unit: ResolvedUnit | undefined,
  kind: K,
): unit is Extract<ResolvedUnit, { readonly kind: K }> => unit?.kind === kind;

/** Reads one unit of a machine's YAML; its spec comes once all clocks are known. */
export const unitSchema = z.discriminatedUnion("kind", [
  placed(butterfly),
  z.discriminatedUnion("model", [placed(ddr), placed(ddrBanked)]),
  placed(dma),
  z.discriminatedUnion("model", [placed(hbm), placed(hbmBanked)]),
  placed(host),
  placed(macArray),
  placed(macTree),
  placed(nmSparse),
  placed(nmSystolic),
  placed(ring),
  placed(scratchpad),
  placed(softmax),
  placed(systolic),
  placed(vector),
]);

function placed<K extends string, Fields extends z.ZodObject, Spec extends SpecBase, Work>({
  kind,
  fields,
  clock,
  resolve,
}: Component<K, Fields, Spec, Work>) {
  return fields.transform((config) => ({
    clock: clock(config),
    place: (time: Timebase, memo: SustainedMemo): { readonly kind: K; readonly spec: Spec } => ({
      kind,
      spec: resolve(config, time, memo),
    }),
  }));
}
