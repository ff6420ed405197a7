/** The house rules that a compiler does not know, read from the syntax of each file. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { components, unitSchema } from "../src/arch/index.ts";
import { dataflowSchema, dataflows } from "../src/dataflow/index.ts";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => join("src", path))
  .sort();
const sources = new Map(
  files.map((file) => [
    file,
    ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true),
  ]),
);
const textOf = (file: string): string => sources.get(file)?.text ?? "";

/** Every use of the syntax, "src/a.ts:12 <source>". */
function uses(breaks: (node: ts.Node) => boolean, except: readonly string[] = []): readonly string[] {
  return [...sources]
    .filter(([file]) => !except.includes(file))
    .flatMap(([file, source]) => {
      const found: string[] = [];
      const visit = (node: ts.Node): void => {
        if (breaks(node)) {
          const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
          found.push(`${file}:${line + 1} ${node.getText(source)}`);
        }
        node.forEachChild(visit);
      };
      visit(source);
      return found;
    });
}

describe("language", () => {
  test("nothing is cast outside quantity.ts; `as const` is no cast", () => {
    const isCast = (node: ts.Node): boolean =>
      ts.isTypeAssertionExpression(node) ||
      (ts.isAsExpression(node) && !(ts.isTypeReferenceNode(node.type) && node.type.getText() === "const"));
    expect(uses(isCast, ["src/quantity.ts"])).toEqual([]);
    expect(uses(isCast)).not.toEqual([]);
  });

  test("nothing has the type any", () => {
    expect(uses((node) => node.kind === ts.SyntaxKind.AnyKeyword)).toEqual([]);
  });

  test("nothing is said to be there with `!`", () => {
    expect(uses(ts.isNonNullExpression)).toEqual([]);
  });

  test("no enums, no classes but errors, no default exports, no comments that silence the compiler", () => {
    const isForbidden = (node: ts.Node): boolean =>
      ts.isEnumDeclaration(node) ||
      (ts.isClassLike(node) && !/^class \w+ extends Error\b/.test(node.getText())) ||
      ts.isExportAssignment(node) ||
      (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isCaseOrDefaultClause(node.parent));
    expect(uses(isForbidden)).toEqual([]);
    expect(files.filter((file) => /@ts-|eslint-disable/.test(textOf(file)))).toEqual([]);
  });

  test("no TODO is left behind", () => {
    expect(files.filter((file) => /\b(TODO|FIXME|XXX|HACK)\b/.test(textOf(file)))).toEqual([]);
  });
});

describe("size", () => {
  /** Files past 300 lines, each with the reason. */
  const long: Readonly<Record<string, string>> = {};

  test("a file past 300 lines has a reason, and no reason outlives its file's length", () => {
    const past = files.filter((file) => textOf(file).trimEnd().split("\n").length > 300);
    expect(past).toEqual(Object.keys(long));
  });
});

describe("headers", () => {
  /** What holds a family together, or is an idiom that schedules share; they model nothing. */
  const frame = ["index", "component", "hardware", "dataflow", "pattern", "staggered"];
  /** "sta-tile.ts" is a part of "sta.ts", which speaks for it; the files of a folder speak for each other. */
  const spokenFor = (file: string): boolean => {
    const words = basename(file, ".ts").split("-");
    return words.some((_, end) => files.includes(join(dirname(file), `${words.slice(0, end).join("-")}.ts`)));
  };

  test("each component and dataflow opens with what it models, what it ignores, and its source", () => {
    const lacking = files
      .filter((file) => /^src\/(arch|dataflow)\/[^/]+$/.test(file))
      .filter((file) => !frame.includes(basename(file, ".ts")))
      .filter((file) => !spokenFor(file))
      .filter((file) => {
        const [header = ""] = /^\/\*\*[\s\S]*?\*\//.exec(textOf(file)) ?? [];
        return !["Models:", "Ignores:", "Source:"].every((word) => header.includes(word));
      });
    expect(lacking).toEqual([]);
  });

  test("each file opens with a comment that says what it holds, or with its imports and then one", () => {
    const lacking = files.filter((file) => !/^(#!.*\n)?(import[^;]*;\s*)*\/\*\*/.test(textOf(file)));
    expect(lacking).toEqual([]);
  });
});

/** The values that a folder's own files export, by file and name. */
async function exportsOf(folder: string): Promise<readonly { file: string; name: string; value: object }[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "index.ts");
  const modules = await Promise.all(
    names.map(
      async (file): Promise<[string, Record<string, unknown>]> => [
        file,
        await import(/* @vite-ignore */ resolve(folder, file)),
      ],
    ),
  );
  return modules.flatMap(([file, module]) =>
    Object.entries(module).flatMap(([name, value]) =>
      typeof value === "object" && value !== null ? [{ file, name, value }] : [],
    ),
  );
}

describe("lists", () => {
  test("every component stands in the list of src/arch/index.ts", async () => {
    const isComponent = (value: object): boolean =>
      ["kind", "fields", "resolve", "cost"].every((key) => key in value);
    const lines = (await exportsOf("src/arch"))
      .filter(({ value }) => isComponent(value) && !components.some((listed) => listed === value))
      .map(({ file, name }) => `import { ${name} } from "./${file}"; and ${name} in components`);
    expect(lines, "add to src/arch/index.ts").toEqual([]);
  });

  test("every listed component can be read from a machine's YAML", () => {
    const read = unitSchema.options.flatMap((option): readonly string[] =>
      "options" in option
        ? option.options.flatMap((model) => [...model.in.shape.kind.values])
        : [...option.in.shape.kind.values],
    );
    const lines = components
      .filter(({ kind }) => !read.includes(kind))
      .map(({ kind }) => `placed(${kind.replace(/-./g, (hyphen) => hyphen.slice(1).toUpperCase())}),`);
    expect(lines, "add to unitSchema in src/arch/index.ts").toEqual([]);
  });

  test("every dataflow stands in the list of src/dataflow/index.ts", async () => {
    const isDataflow = (value: object): boolean =>
      ["name", "fields", "check", "lower"].every((key) => key in value);
    const lines = (await exportsOf("src/dataflow"))
      .filter(({ value }) => isDataflow(value) && !dataflows.some((listed) => listed === value))
      .map(({ file, name }) => `import { ${name} } from "./${file}"; and ${name} in dataflows`);
    expect(lines, "add to src/dataflow/index.ts").toEqual([]);
  });

  test("every listed dataflow can be read from a machine's YAML", () => {
    const read = dataflowSchema.options.flatMap((option) => [...option.in.shape.name.values]);
    const lines = dataflows.filter(({ name }) => !read.includes(name)).map(({ name }) => `bound(${name}),`);
    expect(lines, "add to dataflowSchema in src/dataflow/index.ts").toEqual([]);
  });
});
