/** From zod's issues to problems with a place in a file. */
import { z } from "zod";
import { keysAt } from "./keys.ts";
import { nearest } from "./nearest.ts";
import type { Place, Problem } from "./problem.ts";
import { described, entryAt, type Path, shown, type Tree } from "./tree.ts";

type Issue = z.core.$ZodIssue;

/** What is wrong, before it has a place. */
type Finding = Pick<Problem, "code" | "expected"> & Partial<Pick<Problem, "found" | "suggestion">>;

/**
 * The problems that an issue stands for. The message of an issue, where a schema gives one, completes "expected ..";
 * messages of zod itself are empty here (readConfig silences them).
 */
export function problemsOf(issue: Issue, schema: z.ZodType, tree: Tree, base: Path = []): readonly Problem[] {
  const path = [...base, ...pathOf(issue)];
  if (issue.code === "unrecognized_keys") {
    const choices = keysAt(schema, path, tree);
    return issue.keys.map((key) =>
      problemAt(tree, [...path, key], {
        code: "unknown-key",
        expected: choices.length === 0 ? "no such key" : `one of the keys ${choices.join(", ")}`,
        found: `the unknown key "${key}"`,
        ...meaning(key, choices),
      }),
    );
  }
  if (issue.code === "invalid_union") {
    const branch = shares(keysAt(schema, path, tree), entryAt(tree, path)?.value)
      ? branchMeant(issue)
      : undefined;
    if (branch !== undefined) return branch.flatMap((inner) => problemsOf(inner, schema, tree, path));
  }
  return [problemAt(tree, path, findingOf(issue, entryAt(tree, path)?.value))];
}

/**
 * A problem with the value at `path`: for checks that come after the schema, such as a name that must exist elsewhere.
 * Where nothing stands there, its place is that of the nearest mapping around it.
 */
export function problemAt(tree: Tree, path: Path, finding: Finding): Problem {
  const entry = entryAt(tree, path);
  const value = entry?.value;
  const found = finding.found ?? described(value);
  const { file, line, column, text } =
    entry === undefined || finding.code === "unknown-key" ? keyPlace(tree, path) : entry.value.at;
  return {
    file,
    line,
    column,
    ...(text === undefined ? {} : { text }),
    path: path.join("."),
    ...finding,
    code: value === undefined && finding.code !== "unknown-key" ? "missing-key" : finding.code,
    found,
    ...(value === undefined && text !== undefined ? misspelt(tree, path.slice(0, -1)) : {}),
  };
}

function keyPlace(tree: Tree, path: Path): Place {
  for (let length = path.length; length > 0; length--) {
    const entry = entryAt(tree, path.slice(0, length));
    if (entry !== undefined) return entry.key;
  }
  return tree.at;
}

/** A mapping that an override made, and which lacks keys, was probably meant to be one of its neighbours. */
function misspelt(tree: Tree, path: Path): { suggestion?: string } {
  const around = entryAt(tree, path.slice(0, -1))?.value;
  if (around?.kind !== "mapping") return {};
  const name = String(path.at(-1));
  const { suggestion } = meaning(
    name,
    [...around.entries.keys()].filter((key) => key !== name),
  );
  return suggestion === undefined ? {} : { suggestion: [...path.slice(0, -1), suggestion].join(".") };
}

const pathOf = ({ path }: Issue): Path =>
  path.map((step) => (typeof step === "number" ? step : String(step)));

/** The member of a union that the writer meant: the one that took the value's form and complained inside it. */
function branchMeant(issue: Extract<Issue, { code: "invalid_union" }>): readonly Issue[] | undefined {
  const entered = issue.errors.filter((issues) => !issues.some(refusesForm));
  return entered.reduce<readonly Issue[] | undefined>(
    (best, issues) => (best === undefined || issues.length < best.length ? issues : best),
    undefined,
  );
}

/** A mapping without a single key of those that a union knows was meant to be something else. */
const shares = (keys: readonly string[], tree: Tree | undefined): boolean =>
  tree?.kind !== "mapping" || tree.entries.size === 0 || keys.some((key) => tree.entries.has(key));

const refusesForm = (issue: Issue): boolean => issue.code === "invalid_type" && issue.path.length === 0;

function findingOf(issue: Issue, value: Tree | undefined): Finding {
  const given = value?.kind === "scalar" ? String(value.value) : "";
  switch (issue.code) {
    case "invalid_type":
      return { code: "wrong-type", expected: issue.message || (forms[issue.expected] ?? issue.expected) };
    case "invalid_value":
      return choice(issue.values.map(String), given);
    case "invalid_union":
      // A word that may be left out is no choice to tell.
      if ("options" in issue && issue.options !== undefined)
        return choice(issue.options.filter((option) => option !== undefined).map(String), given);
      return { code: "wrong-type", expected: issue.message || issue.errors.map(alternative).join(" or ") };
    case "too_small":
      return {
        code: "out-of-range",
        expected:
          issue.message ||
          sized(issue.origin, issue.inclusive === false ? "above" : "at least", issue.minimum),
      };
    case "too_big":
      return {
        code: "out-of-range",
        expected:
          issue.message ||
          sized(issue.origin, issue.inclusive === false ? "below" : "at most", issue.maximum),
      };
    case "not_multiple_of":
      return { code: "out-of-range", expected: issue.message || `a multiple of ${issue.divisor}` };
    case "invalid_format":
      return {
        code: "invalid",
        expected: issue.message || `text of the form ${issue.pattern ?? issue.format}`,
      };
    case "custom":
      return { code: "invalid", expected: issue.message || "another value", ...parameters(issue.params) };
    default:
      return { code: "invalid", expected: issue.message || "another value" };
  }
}

const forms: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a mapping",
  record: "a mapping",
  array: "a list",
  tuple: "a list",
  null: "nothing",
};

function choice(values: readonly string[], given: string): Finding {
  const quoted = values.map(shown);
  const expected = values.length === 1 ? quoted.join() : `one of ${quoted.join(", ")}`;
  return { code: "unknown-choice", expected, ...meaning(given, values) };
}

/** A member of a union in a few words. */
function alternative(issues: readonly Issue[]): string {
  const [first] = issues;
  return first === undefined ? "another value" : findingOf(first, undefined).expected;
}

function sized(origin: string, bound: string, limit: number | bigint): string {
  if (origin === "string") return `text of ${bound} ${limit} characters`;
  if (origin === "array") return `a list of ${bound} ${limit} entries`;
  return `a number ${bound === "at least" || bound === "at most" ? `of ${bound}` : bound} ${limit}`;
}

/** What our own fields say about a custom issue. */
const details = z.object({
  code: z.enum(["wrong-quantity", "out-of-range", "unknown-choice"]).optional(),
  found: z.string().optional(),
  suggestion: z.string().optional(),
});

function parameters(given: unknown): Partial<Finding> {
  const read = details.safeParse(given);
  if (!read.success) return {};
  const { code, found, suggestion } = read.data;
  return {
    ...(code === undefined ? {} : { code }),
    ...(found === undefined ? {} : { found }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function meaning(word: string, choices: readonly string[]): { suggestion?: string } {
  const suggestion = nearest(word, choices);
  return suggestion === undefined ? {} : { suggestion };
}
