/** What an operator of ONNX is to Papillon: what its results are, and what work it makes. Adding one is an entry in its family. */
import type { OpShape } from "../op.ts";
import type { Call } from "./call.ts";
import type { Result, Value } from "./value.ts";

export interface Operator {
  /** What it becomes, for the table in docs/onnx.md. */
  readonly becomes: string;
  /** Type and shape of each result, and its elements where they are known. @throws Refused for inputs that it cannot have */
  readonly infer: (call: Call) => readonly (Result | undefined)[];
  /** The ops that it is; none for what only gives the same bytes another shape. */
  readonly work: (call: Call, results: readonly Value[]) => readonly Work[];
}

/** An op that a node becomes. */
export interface Work {
  /** Tells the ops of one node apart; none for the only one. */
  readonly part?: string;
  readonly shape: OpShape;
  /** What it reads: inputs by number, other parts by name. All inputs that the run computes unless said. */
  readonly reads?: readonly (number | string)[];
  /** The input that holds its trained matrix: may be shared with another op, and may be sparse. */
  readonly weights?: { readonly input: number; readonly transposed: boolean };
}

export type Operators = Readonly<Record<string, Operator>>;

export const noWork = (): readonly Work[] => [];
