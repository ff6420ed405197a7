/**
 * Reading a config file: YAML, what it extends, what the command line overrides, the schema. All problems at once, each with its
 * place; nothing is thrown for a user's mistake.
 */
import type { z } from "zod";
import { type Assembled, assemble, type Load } from "./extend.ts";
import { include, type Reference } from "./include.ts";
import { problemsOf } from "./issue.ts";
import { override } from "./override.ts";
import { type Problem, sortProblems } from "./problem.ts";
import { type Provenance, provenance } from "./provenance.ts";
import { plainValue, type Tree } from "./tree.ts";

export type Config<Value> =
  | {
      readonly ok: true;
      readonly value: Value;
      /** The document as written, after `extends` and overrides; JSON-safe. */
      readonly document: unknown;
      readonly provenance: readonly Provenance[];
      /** The document with the place of each value, for `problemAt`. */
      readonly tree: Tree;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface ReadOptions {
  /** Gives the text of a file that the document extends. Without it no file exists. */
  readonly load?: Load;
  /** Overrides, `units.hbm.channels=16`. */
  readonly set?: readonly string[];
  /** Places that may name a file to be read in their place. */
  readonly include?: readonly Reference[];
}

/** Reads `text`, the content of `file`, by the schema. */
export const readConfig = <Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  file: string,
  { set = [], ...options }: ReadOptions = {},
): Config<z.output<Schema>> => checkConfig(schema, openConfig(text, file, options), set);

/** A document before overrides, and how to read what an override names. */
export interface Opened extends Assembled {
  readonly including: (tree: Tree) => Assembled;
}

/** The document with all that it extends and includes, before overrides: the costly half, for who reads it several times. */
export function openConfig(
  text: string,
  file: string,
  { load = () => undefined, include: references = [] }: Omit<ReadOptions, "set"> = {},
): Opened {
  const including = (tree: Tree): Assembled => include(tree, references, load);
  const assembled = assemble(text, file, load);
  const { tree, problems } = including(assembled.tree);
  return { tree, problems: [...assembled.problems, ...problems], including };
}

export function checkConfig<Schema extends z.ZodType>(
  schema: Schema,
  opened: Opened,
  set: readonly string[],
): Config<z.output<Schema>> {
  const { tree, problems } = override(opened.tree, set, opened.including);
  const form = [...opened.problems, ...problems];
  const document = plainValue(tree);
  // Empty messages of zod itself leave those that our schemas give; no code is generated, so that a strict page policy allows it.
  const parsed = schema.safeParse(document, { error: () => "", jitless: true });
  const content = parsed.success
    ? []
    : parsed.error.issues.flatMap((issue) => problemsOf(issue, schema, tree));
  const all = [
    ...form,
    ...content.filter((problem) => trusted(problem, form) && !misspelt(problem, content)),
  ];
  if (parsed.success && all.length === 0)
    return { ok: true, value: parsed.data, document, provenance: provenance(tree), tree };
  return { ok: false, problems: sortProblems(all) };
}

/**
 * A syntax error makes what follows it in its file unreadable, and may swallow keys: problems that would only echo it
 * are left out until it is mended. The same goes for keys that a missing file would have brought.
 */
function trusted(problem: Problem, form: readonly Problem[]): boolean {
  const broken = form.filter(({ code, text }) => code !== "duplicate-key" && text === problem.text);
  // The name of a file that is not there is no content either.
  if (form.some(({ code, path }) => code === "missing-file" && path === problem.path)) return false;
  if (problem.code === "missing-key") return broken.length === 0;
  return !broken.some(
    ({ code, file, line }) => code === "syntax" && file === problem.file && problem.line >= line,
  );
}

/** One mistake, one problem: a key that is missing because it stands there misspelt is reported as misspelt only. */
function misspelt({ code, path }: Problem, all: readonly Problem[]): boolean {
  const meant = (problem: Problem): string => {
    const steps = problem.path.split(".").slice(0, -1);
    return [...steps, problem.suggestion ?? ""].join(".");
  };
  return code === "missing-key" && all.some((other) => other.code === "unknown-key" && meant(other) === path);
}
