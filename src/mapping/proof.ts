/** How near to the best the mapping of an op is: what a run tells of it. */
import type { Objective } from "./objective.ts";

export type MappingProof =
  /** No mapping with the unrollings tried is better than by this fraction of its value: 0 is a proof. */
  | {
      readonly by: "search";
      readonly objective: Objective;
      readonly gap: number;
      /** Places that the search looked at. */
      readonly steps: number;
    }
  | { readonly by: "hand" };

/** Of an op of a phase. */
export interface OpProof {
  readonly phase: string;
  /** With its block, "conv2_1.a". */
  readonly op: string;
  readonly mapping: MappingProof;
}

/** A gap below this is the arithmetic's. */
export const isProven = (gap: number): boolean => gap < 1e-9;
