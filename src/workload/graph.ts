/** A workload: what must be computed, in which order, how often. It says nothing about any machine. */

import type { Precision } from "../precision.ts";
import type { DecoderModel, EncoderDecoderModel, EncoderModel, GraphModel } from "./model.ts";
import type { Op } from "./op.ts";

export interface Workload {
  readonly name: string;
  readonly source: string;
  readonly precision: Precision;
  readonly task: Generation | Inference;
  readonly phases: readonly Phase[];
  /** What the counts and the run leave out, or take simpler than it is, each with the reason. */
  readonly notes?: readonly string[];
}

/** Text generation: `batch` sequences of `inputTokens` read and `outputTokens` written, each written token passed through the network. */
export interface Generation {
  readonly kind: "generation";
  readonly model: DecoderModel | EncoderDecoderModel;
  readonly batch: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** One pass of `batch` sequences through an encoder, or of `batch` images or other samples through a graph. */
export interface Inference {
  readonly kind: "inference";
  readonly model: EncoderModel | GraphModel;
  readonly batch: number;
  /** Tokens of each sequence; 1 for other samples. */
  readonly sequence: number;
}

/** Tokens read and written, all sequences together. */
export const tokensOf = ({ task }: Workload): { readonly input: number; readonly output: number } =>
  task.kind === "generation"
    ? { input: task.batch * task.inputTokens, output: task.batch * task.outputTokens }
    : { input: task.batch * task.sequence, output: 0 };

/** A part of the run that repeats its blocks `steps` times; extents count these steps. */
export interface Phase {
  readonly name: "prefill" | "decode" | "inference";
  readonly steps: number;
  /** Tokens of one sequence that one step handles. */
  readonly tokensPerStep: number;
  /** Positions of one sequence that the key and value cache holds before the first step. */
  readonly past: number;
  readonly blocks: readonly Block[];
}

/** What the network itself is given, as ops behind its first block call it. */
export const networkInput = "network.input";

/**
 * A run of ops in data order, repeated `times` with other parameters each time (the layers). Ops read results of their own block by
 * name, as "input" the last result of the turn or block before, and by its full name "graph.mask" what an earlier block made.
 */
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
