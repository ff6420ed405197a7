import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { domains } from "../../src/workload/onnx/operators/index.ts";

/** A row for each family: operators by what they become. */
const table = (): string => {
  const rows = Object.entries(domains).flatMap(([domain, families]) =>
    Object.entries(families).flatMap(([family, operators]) => {
      const becomes = new Map<string, string[]>();
      for (const [name, operator] of Object.entries(operators)) {
        const list = becomes.get(operator.becomes) ?? [];
        becomes.set(operator.becomes, [...list, `\`${name}\``]);
      }
      const title = domain === "" ? family : `${family} (\`${domain}\`)`;
      return [...becomes].map(([to, names]) => `| ${title} | ${names.join(", ")} | ${to} |`);
    }),
  );
  return ["| family | operators | become |", "|---|---|---|", ...rows].join("\n");
};

test("docs/onnx.md lists every operator that has a rule", () => {
  const page = readFileSync("docs/onnx.md", "utf8");
  const fresh = page.replace(
    /(<!-- operators:begin -->\n)[\s\S]*(<!-- operators:end -->)/,
    (_, begin: string, end: string) => `${begin}${table()}\n${end}`,
  );
  if (process.env["UPDATE"] !== undefined) writeFileSync("docs/onnx.md", fresh);
  expect(readFileSync("docs/onnx.md", "utf8")).toBe(fresh);
});
