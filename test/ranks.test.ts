import { describe, expect, test } from "vitest";
import {
  brokenRanks,
  cycles,
  dangling,
  idleExceptions,
  importsOf,
  nodeImports,
  type Rules,
} from "./ranks/imports.ts";

const rules: Rules = {
  ranks: [
    ["quantity", "amount", "precision", "version", "schema"],
    ["arch", "workload"],
    ["mapping", "program", "stats"],
    ["dataflow", "engine", "scalesim"],
    ["energy", "area"],
    ["config", "report"],
    ["index"],
    ["explain", "explore", "validation"],
    ["node", "playground"],
  ],
  exceptions: {
    "schema > quantity": "fields read texts to quantities; quantity.ts itself knows nothing",
    "stats > program": "what a run counted is told task by task",
  },
};

const src = importsOf("src");
const broken = importsOf("test/ranks/broken");

describe("the source tree", () => {
  test("has imports to judge", () => {
    expect(src.size).toBeGreaterThan(50);
    expect(src.get("dataflow/dfx.ts")).toContain("arch/link.ts");
    expect(dangling(src)).toEqual([]);
  });

  test("no file imports a higher rank, or a sibling module of its own rank", () => {
    expect(brokenRanks(src, rules)).toEqual([]);
  });

  test("every exception is needed", () => {
    expect(idleExceptions(src, rules)).toEqual([]);
  });

  test("no files import each other in a ring", () => {
    expect(cycles(src)).toEqual([]);
  });

  test("only src/node imports what only Node has", () => {
    expect(nodeImports(src)).toEqual([]);
  });
});

describe("a tree whose imports break the rules", () => {
  test("a lower rank that imports a higher one is told", () => {
    expect(brokenRanks(broken, rules)).toContain("arch/memory.ts (rank 1) imports engine/run.ts (rank 3)");
  });

  test("siblings of one rank that import each other are told", () => {
    expect(brokenRanks(broken, rules)).toContain("report/build.ts (rank 5) imports config/plan.ts (rank 5)");
  });

  test("a module without a rank is told", () => {
    expect(brokenRanks(broken, rules)).toContain("utils has no rank");
  });

  test("an import downwards, or within a folder, is told by nobody", () => {
    expect(brokenRanks(broken, rules)).toHaveLength(3);
  });

  test("a ring of imports is told once, types included", () => {
    expect(cycles(broken)).toEqual(["engine/loop.ts > engine/step.ts > engine/loop.ts"]);
  });

  test("an import of node: is told outside src/node only", () => {
    expect(nodeImports(broken)).toEqual(["config/plan.ts imports node:fs"]);
  });
});
