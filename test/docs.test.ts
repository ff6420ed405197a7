/** Every code block of the docs does what it says: commands run, programs run, YAML is YAML, links lead somewhere. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";

interface CodeBlock {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync("docs").map((name) => join("docs", name)),
].filter((name) => name.endsWith(".md"));

const blocks = pages.flatMap((file): CodeBlock[] => {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
    ({ index, 1: language = "", 2: code = "" }) => ({
      file,
      line: text.slice(0, index).split("\n").length,
      language,
      code,
    }),
  );
});

const of = (language: string): CodeBlock[] => blocks.filter((block) => block.language === language);
const title = ({ file, line }: CodeBlock): string => `${file}:${line}`;

describe("commands", () => {
  const scripts = JSON.parse(readFileSync("package.json", "utf8")).scripts;
  const commands = of("sh").flatMap((block) =>
    block.code.split("\n").flatMap((line) => (line === "" ? [] : [{ where: title(block), line }])),
  );

  test.each(commands.filter(({ line }) => line.startsWith("papillon ")))("$where $line", ({ line }) => {
    const { status, stderr } = spawnSync(`node dist/cli.js ${line.slice("papillon ".length)}`, {
      shell: true,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test.each(commands.filter(({ line }) => !line.startsWith("papillon ")))(
    "$where $line names what exists",
    ({ line }) => {
      for (const command of line.split("&&").map((part) => part.trim())) {
        const known = [
          "npm ci",
          "npm cit",
          ...Object.keys(scripts).flatMap((name) => [`npm ${name}`, `npm run ${name}`]),
        ];
        const program = /^npx tsx (\S+)$/.exec(command)?.[1];
        if (program === undefined) expect(known).toContain(command.replace(/^UPDATE=1 /, ""));
        else expect(existsSync(program)).toBe(true);
      }
    },
  );
});

test.each(of("ts").map((block) => [title(block), block.code]))("%s runs", (where, code) => {
  const file = join("results", `${where.replace(/\W/g, "-")}.ts`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
  const { status, stderr } = spawnSync("node", ["--import", "tsx", file], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

test.each(of("yaml").map((block) => [title(block), block.code]))("%s is YAML", (_, code) => {
  expect(parseDocument(code).errors).toEqual([]);
});

test("links to files lead somewhere", () => {
  const links = pages.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\]\((?!http|#)([^)#]+)/g)].map(({ 1: target = "" }) => ({
      file,
      target: join(dirname(file), target),
    })),
  );
  expect(links.filter(({ target }) => !existsSync(target))).toEqual([]);
});

test("the README shows what npm start prints", () => {
  const [shown] = of("text").filter(({ file }) => file === "README.md");
  const { stdout } = spawnSync("node", ["dist/cli.js", "run", "dfx-gpt2-latency"], { encoding: "utf8" });
  const printed = stdout.split("\n").map((line) => line.trimEnd());
  const lines = (shown?.code ?? "")
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
  // The whole table of runs: what stands below its head, up to the next empty line.
  const from = printed.findIndex((line) => line.startsWith("run "));
  expect(lines).toEqual(printed.slice(from, printed.indexOf("", from)));
});

test("the README stays under 200 lines", () => {
  expect(readFileSync("README.md", "utf8").split("\n").length).toBeLessThan(200);
});
