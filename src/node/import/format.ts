/** A format of another tool that `papillon import` turns into configs of ours. */
import type { Family, Source } from "../../config/library.ts";
import type { OnnxChoice } from "../../config/onnx.ts";
import type { Problem } from "../../schema/problem.ts";

export interface ImportFormat {
  readonly name: string;
  readonly summary: string;
  /** Whether a file is one of this format, as far as its name tells. */
  readonly takes: (file: string) => boolean;
  /** It reads the file itself; the source's text is empty. */
  readonly binary?: true;
  readonly read: (source: Source, options: ImportOptions) => ImportedConfig;
}

export interface ImportOptions {
  /** Values of letters that stand for sizes. */
  readonly values: Readonly<Record<string, number>>;
  /** What rows are where the file does not tell. */
  readonly input?: "conv" | "gemm";
  /** How an ONNX model is taken. */
  readonly onnx?: OnnxChoice;
  /** Where the config will lie; paths in it start there. */
  readonly folder?: string;
}

export type ImportedConfig =
  | {
      readonly ok: true;
      readonly family: Family;
      /** Good for a file; without folder and ending. */
      readonly name: string;
      readonly text: string;
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };
