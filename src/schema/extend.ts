/** `extends: other.yaml`: a config based on others. Every value keeps the place of the file it came from. */
import type { Problem } from "./problem.ts";
import { described, type Entry, type Mapping, readTree, type Tree } from "./tree.ts";

/** The text of a file, or undefined where there is none. Paths are as written by the user, joined with `/`. */
export type Load = (path: string) => string | undefined;

export interface Assembled {
  readonly tree: Tree;
  readonly problems: readonly Problem[];
}

/** Reads a document and all it extends: later files of a list over earlier ones, the document itself over all. */
export function assemble(text: string, file: string, load: Load, within: readonly string[] = []): Assembled {
  const { tree, problems } = readTree(text, file);
  const base = tree.kind === "mapping" ? tree.entries.get("extends") : undefined;
  if (tree.kind !== "mapping" || base === undefined) return { tree, problems };
  const own: Mapping = { ...tree, entries: new Map([...tree.entries].filter(([key]) => key !== "extends")) };
  const references = base.value.kind === "list" ? base.value.items : [base.value];
  const bases = references.map((reference) => extended(reference, file, load, [...within, file]));
  return {
    tree: [...bases.flatMap(({ tree }) => tree ?? []), own].reduce(overlay),
    problems: [...problems, ...bases.flatMap((found) => found.problems)],
  };
}

/**
 * The upper document over the lower: mappings are merged key by key, everything else is replaced. Two kinds of mapping are
 * replaced as a whole, since mixing them would make a lie: a value with its origin, and a component of another `kind` or another `model`
 * of its kind.
 */
export function overlay(lower: Tree, upper: Tree): Tree {
  if (lower.kind !== "mapping" || upper.kind !== "mapping" || !mergeable(lower, upper)) return upper;
  const entries = new Map<string, Entry>(lower.entries);
  for (const [key, { key: place, value }] of upper.entries) {
    const below = entries.get(key);
    entries.set(key, { key: place, value: below === undefined ? value : overlay(below.value, value) });
  }
  return { ...upper, entries };
}

const hasOrigin = ({ entries }: Mapping): boolean => entries.has("value") && entries.has("sure");

function mergeable(lower: Mapping, upper: Mapping): boolean {
  if (hasOrigin(lower) || hasOrigin(upper)) return false;
  const word = (tree: Mapping, key: string): unknown => {
    const value = tree.entries.get(key)?.value;
    return value?.kind === "scalar" ? value.value : undefined;
  };
  const [below, above] = [word(lower, "kind"), word(upper, "kind")];
  if (below !== undefined && above !== undefined && below !== above) return false;
  // Only components have a kind; a workload's model is another thing.
  if ((below ?? above) === undefined) return true;
  const model = word(upper, "model");
  return model === undefined || model === word(lower, "model");
}

function extended(
  reference: Tree,
  file: string,
  load: Load,
  within: readonly string[],
): { readonly tree?: Tree; readonly problems: readonly Problem[] } {
  const problem = (code: Problem["code"], expected: string, found: string): { problems: Problem[] } => ({
    problems: [{ ...reference.at, code, path: "extends", expected, found }],
  });
  const path = reference.kind === "scalar" ? reference.value : undefined;
  if (typeof path !== "string")
    return problem("wrong-type", "the name of a file or a list of names", described(reference));
  const target = relativeTo(file, path);
  if (within.includes(target))
    return problem("cyclic-extends", "files that do not extend each other", [...within, target].join(" -> "));
  const text = load(target);
  if (text === undefined)
    return problem("missing-file", "the name of a file", `"${target}", which does not exist`);
  return assemble(text, target, load, within);
}

/** `path` as seen from the folder of `file`, without `.` and `..` where they can be resolved. */
export function relativeTo(file: string, path: string): string {
  if (/^(?:[\\/]|[A-Za-z]+:)/.test(path)) return path;
  const folder = file.split(/[\\/]/).slice(0, -1);
  const steps: string[] = [];
  for (const step of [...folder, ...path.split("/")]) {
    if (step === ".") continue;
    const last = steps.at(-1);
    if (step === ".." && last !== undefined && last !== ".." && last !== "") steps.pop();
    else steps.push(step);
  }
  return steps.join("/");
}
