/** `--set units.hbm.channels=16`: one value replaced from the command line, read as YAML, checked like any other. */
import type { Place, Problem } from "./problem.ts";
import { type Entry, readTree, type Tree } from "./tree.ts";

export interface Overridden {
  readonly tree: Tree;
  readonly problems: readonly Problem[];
}

/**
 * Applies `path=value` texts in their order. Keys and list indexes are joined by dots.
 * @param including puts the documents that an override names in the place of their names, so that the next ones reach into them
 */
export function override(
  tree: Tree,
  texts: readonly string[],
  including = (tree: Tree): Overridden => ({ tree, problems: [] }),
): Overridden {
  let result: Overridden = { tree, problems: [] };
  for (const [index, text] of texts.entries()) {
    const { tree, problems } = overrideOne(result.tree, text, index + 1);
    const included = including(tree);
    result = { tree: included.tree, problems: [...result.problems, ...problems, ...included.problems] };
  }
  return result;
}

function overrideOne(tree: Tree, text: string, line: number): Overridden {
  const at = (offset: number): Place => ({ file: "--set", line, column: offset + 1, text });
  const equals = text.indexOf("=");
  const path = text.slice(0, equals).trim();
  if (equals < 0 || path === "" || path.split(".").includes("")) {
    const problem = {
      ...at(0),
      code: "syntax",
      path: "",
      expected: "path=value",
      found: JSON.stringify(text),
    } as const;
    return { tree, problems: [problem] };
  }
  const value = readTree(text.slice(equals + 1), "--set", (offset) => at(equals + 1 + offset));
  const problems = value.problems.map((problem) => ({ ...problem, path }));
  const result = replaced(tree, path.split("."), { key: at(0), value: value.tree });
  if (result.tree !== undefined) return { tree: result.tree, problems };
  const { expected, found } = result;
  return { tree, problems: [...problems, { ...at(0), code: "unknown-key", path, expected, found }] };
}

type Replaced =
  | { readonly tree: Tree }
  | { readonly tree?: undefined; readonly expected: string; readonly found: string };

function replaced(tree: Tree, [step, ...rest]: readonly string[], entry: Entry): Replaced {
  if (step === undefined) return { tree: entry.value };
  if (tree.kind === "list") {
    const item = /^\d+$/.test(step) ? tree.items[Number(step)] : undefined;
    if (item === undefined) {
      const last = tree.items.length - 1;
      const expected = last < 0 ? "no index: the list is empty" : `an index from 0 to ${last}`;
      return { expected, found: JSON.stringify(step) };
    }
    const changed = replaced(item, rest, entry);
    if (changed.tree === undefined) return changed;
    return { tree: { ...tree, items: tree.items.map((other) => (other === item ? changed.tree : other)) } };
  }
  const entries = tree.kind === "mapping" ? tree.entries : new Map<string, Entry>();
  // The origin of a number does not speak for the number that replaces it.
  if (step === "value" && rest.length === 0 && entries.has("sure")) return { tree: entry.value };
  const old = entries.get(step);
  const changed = replaced(old?.value ?? { kind: "scalar", value: null, at: entry.key }, rest, entry);
  if (changed.tree === undefined) return changed;
  const key = rest.length === 0 ? entry.key : (old?.key ?? entry.key);
  const at = tree.kind === "mapping" ? tree.at : entry.key;
  return {
    tree: { kind: "mapping", entries: new Map([...entries, [step, { key, value: changed.tree }]]), at },
  };
}
