/** A workload: what must be computed, in which order, how often. It says nothing about any machine. */

import type { Precision } from "../precision.ts";
import type { DecoderModel } from "./model.ts";
import type { Op } from "./op.ts";

export interface Workload {
  readonly name: string;
  readonly source: string;
  readonly precision: Precision;
  readonly model: DecoderModel;
  readonly generation: Generation;
  readonly phases: readonly Phase[];
}

/** Text generation: `batch` sequences of `inputTokens` read and `outputTokens` written, each written token passed through the network. */
export interface Generation {
  readonly batch: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A part of the run that repeats its blocks `steps` times; extents count these steps. */
export interface Phase {
  readonly name: "prefill" | "decode";
  readonly steps: number;
  /** Tokens of one sequence that one step handles. */
  readonly tokensPerStep: number;
  /** Positions of one sequence that the key and value cache holds before the first step. */
  readonly past: number;
  readonly blocks: readonly Block[];
}

/** A run of ops in data order, repeated `times` with other parameters each time (the layers). */
export interface Block {
  readonly name: string;
  readonly times: number;
  readonly ops: readonly Op[];
}

/** All ops of the workload with their full names, "decoder.query", once for each phase. */
export const opsOf = (workload: Workload): { name: string; phase: Phase; block: Block; op: Op }[] =>
  workload.phases.flatMap((phase) =>
    phase.blocks.flatMap((block) =>
      block.ops.map((op) => ({ name: `${block.name}.${op.name}`, phase, block, op })),
    ),
  );
