/** A Hugging Face config.json named as a workload: the model alone, around which the settings put how much text passes through it. */
import type { Entry, Scalar, Tree } from "../schema/tree.ts";

/** The workload of a bare model: its name and source from the file, its precision from `torch_dtype`, one sequence. Others as they are. */
export function asWorkload(tree: Tree): Tree {
  if (tree.kind !== "mapping" || !tree.entries.has("model_type") || tree.entries.has("model")) return tree;
  const { at } = tree;
  const entry = (value: Tree): Entry => ({ key: at, value });
  const scalar = (value: Scalar["value"]): Entry => entry({ kind: "scalar", value, at });
  const written = tree.entries.get("torch_dtype") ?? tree.entries.get("dtype");
  const precision =
    written?.value.kind === "scalar" ? precisions.get(String(written.value.value)) : undefined;
  const name =
    at.file
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.json$/, "") ?? at.file;
  const entries = new Map([
    ["name", scalar(name)],
    ["source", scalar(at.file)],
    ["model", entry(tree)],
    ["batch", scalar(1)],
  ]);
  if (precision !== undefined) entries.set("precision", scalar(precision));
  return { kind: "mapping", entries, at };
}

const precisions = new Map([
  ["float32", "fp32"],
  ["float16", "fp16"],
  ["bfloat16", "bf16"],
]);
