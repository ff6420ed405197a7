/** `model: gpt2-xl.json`: a file put in the place of its name. Every value keeps the place of the file it came from. */
import { type Assembled, assemble, type Load, relativeTo } from "./extend.ts";
import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import type { Entry, Scalar, Tree } from "./tree.ts";

/** A place of a document that may name another document. */
export interface Reference {
  /** Keys joined by dots; `*` is any key: "units.*.preset". */
  readonly path: string;
  /** Documents that have a name besides their path. */
  readonly shipped?: Shipped;
}

export interface Shipped {
  readonly names: () => readonly string[];
  readonly find: (name: string) => { readonly file: string; readonly text: string } | undefined;
}

/** Puts the documents that stand at the references in their place; what is no text is left as it is. A path goes before a name. */
export function include(tree: Tree, references: readonly Reference[], load: Load): Assembled {
  let result: Assembled = { tree, problems: [] };
  for (const reference of references) {
    const { tree, problems } = within(result.tree, reference.path.split("."), [], reference, load);
    result = { tree, problems: [...result.problems, ...problems] };
  }
  return result;
}

function within(
  tree: Tree,
  [step, ...rest]: readonly string[],
  path: readonly string[],
  reference: Reference,
  load: Load,
): Assembled {
  if (step === undefined) return replaced(tree, path, reference, load);
  if (tree.kind !== "mapping") return { tree, problems: [] };
  const problems: Problem[] = [];
  const entries = [...tree.entries].map(([key, entry]): [string, Entry] => {
    if (step !== "*" && step !== key) return [key, entry];
    const inner = within(entry.value, rest, [...path, key], reference, load);
    problems.push(...inner.problems);
    if (inner.tree === entry.value) return [key, entry];
    // What the file lacks is missing there, not where its name stands.
    return [key, { key: rest.length === 0 ? inner.tree.at : entry.key, value: inner.tree }];
  });
  return { tree: { ...tree, entries: new Map(entries) }, problems };
}

function replaced(tree: Tree, path: readonly string[], { shipped }: Reference, load: Load): Assembled {
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return { tree, problems: [] };
  const file = relativeTo(tree.at.file, tree.value);
  const text = load(file);
  const source = text === undefined ? shipped?.find(tree.value) : { file, text };
  if (source === undefined) return { tree, problems: [missing(tree, tree.value, file, path, shipped)] };
  return assemble(source.text, source.file, load, [tree.at.file]);
}

function missing(
  { at }: Scalar,
  name: string,
  file: string,
  path: readonly string[],
  shipped: Shipped | undefined,
): Problem {
  const problem = { ...at, code: "missing-file", path: path.join(".") } as const;
  if (shipped === undefined)
    return { ...problem, expected: "the name of a file", found: `"${file}", which does not exist` };
  const names = shipped.names();
  const suggestion = nearest(name, names);
  return {
    ...problem,
    expected: `a file, or one of ${names.join(", ")}`,
    found: `"${name}", which is neither`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
