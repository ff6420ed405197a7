/** A config as read: plain values, each with the place where it stands, so that documents can be merged and errors still point home. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from "yaml";
import type { Place, Problem } from "./problem.ts";

export type Tree = Scalar | List | Mapping;

export interface Scalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly at: Place;
}

export interface List {
  readonly kind: "list";
  readonly items: readonly Tree[];
  readonly at: Place;
}

export interface Mapping {
  readonly kind: "mapping";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Place;
}

export interface Entry {
  readonly key: Place;
  readonly value: Tree;
}

export type Path = readonly (string | number)[];

/** Nobody nests deeper by hand; more would only exhaust the stack. */
const deepest = 64;

/**
 * Reads YAML, with all problems of its form: syntax, doubled keys, aliases.
 * @param at from the offset in `text` to a place; by default in `file`
 */
export function readTree(
  text: string,
  file: string,
  at?: (offset: number) => Place,
): { readonly tree: Tree; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const place = at ?? ((offset: number): Place => positioned(file, lines, offset));
  const start = place(0);
  const problems: Problem[] = [];
  const report = (at: Place, code: Problem["code"], expected: string, found: string): Scalar => {
    problems.push({ ...at, code, path: "", expected, found });
    return { kind: "scalar", value: null, at };
  };

  const tooDeep = () => ({
    tree: report(start, "syntax", `at most ${deepest} levels`, "values nested deeper"),
    problems,
  });

  function convert(node: Node | null | undefined, fallback: Place, depth: number): Tree {
    if (node === null || node === undefined) return { kind: "scalar", value: null, at: fallback };
    const at = place(node.range?.[0] ?? 0);
    if (depth > deepest) return report(at, "syntax", `at most ${deepest} levels`, "a value nested deeper");
    if (isAlias(node))
      return report(at, "syntax", "the value itself, or extends", `the alias *${node.source}`);
    if (isSeq<Node>(node))
      return { kind: "list", items: node.items.map((item) => convert(item, at, depth + 1)), at };
    if (isMap<Node, Node>(node)) {
      const entries = node.items.map(({ key, value }): [string, Entry] => {
        const keyPlace = place(key.range?.[0] ?? 0);
        if (!isScalar(key)) report(keyPlace, "syntax", "a plain word as key", "a list or mapping");
        const name = isScalar(key) ? String(key.value) : "";
        return [name, { key: keyPlace, value: convert(value, keyPlace, depth + 1) }];
      });
      return { kind: "mapping", entries: new Map(entries), at };
    }
    return { kind: "scalar", value: isScalar(node) ? scalar(node.value) : null, at };
  }

  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" });
    if (document.errors.some(({ code }) => code === "RESOURCE_EXHAUSTION")) return tooDeep();
    const tree = convert(document.contents, start, 0);
    for (const error of [...document.errors, ...document.warnings])
      problems.push({ ...place(error.pos[0]), path: "", ...formProblem(error, text) });
    return { tree, problems };
  } catch (error) {
    // The YAML reader itself runs out of stack on texts such as ten thousand open brackets.
    if (!(error instanceof RangeError)) throw error;
    return tooDeep();
  }
}

/** The plain value, as JSON has it. */
export function plainValue(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(plainValue);
  return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, plainValue(value)]));
}

/** What stands at the path, with the place of its key (of itself in lists); undefined where nothing does. */
export function entryAt(tree: Tree, path: Path): Entry | undefined {
  let entry: Entry | undefined = { key: tree.at, value: tree };
  for (const step of path) entry = entry && child(entry.value, step);
  return entry;
}

/** What stands there, for "found ..". */
export function described(tree: Tree | undefined): string {
  if (tree === undefined || (tree.kind === "scalar" && tree.value === null)) return "nothing";
  if (tree.kind === "scalar") return shown(tree.value);
  return tree.kind === "list" ? "a list" : "a mapping";
}

/** A value as YAML would have it, in quotes where it is text, and not too long. */
export function shown(value: Scalar["value"]): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}

function child(tree: Tree, step: string | number): Entry | undefined {
  if (tree.kind === "mapping") return tree.entries.get(String(step));
  const item = tree.kind === "list" ? tree.items[Number(step)] : undefined;
  return item && { key: item.at, value: item };
}

function positioned(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

function scalar(value: unknown): Scalar["value"] {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

function formProblem(error: YAMLError, text: string): Pick<Problem, "code" | "expected" | "found"> {
  if (error.code === "DUPLICATE_KEY") {
    const key = /^[^\s:]*/.exec(text.slice(error.pos[0]))?.[0] ?? "";
    return { code: "duplicate-key", expected: "each key once", found: `"${key}" again` };
  }
  const fault = error.message
    .replace(/\s+/g, " ")
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  return { code: "syntax", expected: "well-formed YAML", found: `a fault: ${fault}` };
}
