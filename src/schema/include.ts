/** `model: gpt2-xl.json`: a file put in the place of its name. Every value keeps the place of the file it came from. */
import { type Assembled, assemble, type Load, relativeTo } from "./extend.ts";
import type { Tree } from "./tree.ts";

/** Puts the documents that the named top-level keys point to in their place; a key that holds no text is left as it is. */
export function include(tree: Tree, keys: readonly string[], load: Load): Assembled {
  if (tree.kind !== "mapping") return { tree, problems: [] };
  const entries = new Map(tree.entries);
  const problems = keys.flatMap((key) => {
    const entry = tree.entries.get(key);
    if (entry?.value.kind !== "scalar" || typeof entry.value.value !== "string") return [];
    const path = relativeTo(entry.value.at.file, entry.value.value);
    const text = load(path);
    if (text === undefined)
      return [
        {
          ...entry.value.at,
          code: "missing-file" as const,
          path: key,
          expected: "the name of a file",
          found: `"${path}", which does not exist`,
        },
      ];
    const included = assemble(text, path, load, [entry.value.at.file]);
    // What the file lacks is missing there, not where its name stands.
    entries.set(key, { key: included.tree.at, value: included.tree });
    return included.problems;
  });
  return { tree: { ...tree, entries }, problems };
}
