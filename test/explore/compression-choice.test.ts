import { describe, expect, test } from "vitest";
import { readAccuracyTable } from "../../src/explore/accuracy-table.ts";
import {
  compressWorkload,
  encodingChoices,
  latencyCost,
  storageCost,
} from "../../src/explore/compression-choice.ts";
import { simulate } from "../../src/index.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { countWorkload } from "../../src/workload/count.ts";
import { planned } from "../library.ts";

/** Made up for the test: the reader's own measurements belong here. */
const madeUp = `matrix,n,m,bits,drop
${["query", "key", "value", "projection", "expand", "contract"]
  .flatMap((matrix, index) => [
    `${matrix},1,1,16,0`,
    `${matrix},2,4,16,${0.1 * (index + 1)}`,
    `${matrix},2,8,16,${0.3 * (index + 1)}`,
    `${matrix},1,8,16,${0.9 * (index + 1)}`,
  ])
  .join("\n")}
`;

const rowsOf = (text: string) => {
  const table = readAccuracyTable(text, "drops.csv");
  if (!table.ok) throw new Error(formatProblems(table.problems));
  return table.rows;
};

describe("an accuracy table", () => {
  test("with every kind of mistake tells each with its place", () => {
    const table = readAccuracyTable(
      "matrix,n,m,bits,drop,layers\nquery,5,4,8,0.1,\n,1,4,8,0.1,\nkey,1.5,4,,x,6-2\n\nvalue,1,4,8,0.1,0-5\n",
      "drops.csv",
    );
    expect(table.ok ? "" : formatProblems(table.problems)).toBe(
      [
        'drops.csv:2:2 n: expected at most m, which is 4, found "5"',
        'drops.csv:3:1 matrix: expected the name of a weight matrix, found ""',
        'drops.csv:4:2 n: expected a whole number above zero, found "1.5"',
        'drops.csv:4:4 bits: expected a whole number above zero, found ""',
        'drops.csv:4:5 drop: expected a number: the measured loss, found "x"',
        'drops.csv:4:6 layers: expected a layer like 3, or layers like 0-5, found "6-2"',
      ].join("\n"),
    );
  });

  test("without its columns says which", () => {
    const table = readAccuracyTable("matrix,n,m\nquery,1,4\n", "drops.csv");
    expect(table.ok ? "" : formatProblems(table.problems)).toContain("columns matrix, n, m, bits, drop");
  });
});

describe("compressing BERT-base", () => {
  const run = planned("sta-fpga", "bert-base", ["workload.sequence=128"]);
  const dense = 12 * (4 * 768 ** 2 + 2 * 768 * 3072) * 16;

  test("to a quarter of its storage: the bound holds, and the workload stores what the search counted", () => {
    const choices = encodingChoices(run.workload, rowsOf(madeUp), "index", storageCost);
    expect(choices.map(({ matrix }) => matrix)).toEqual([
      "attention.query[0-11]",
      "attention.key[0-11]",
      "attention.value[0-11]",
      "attention.projection[0-11]",
      "attention.expand[0-11]",
      "attention.contract[0-11]",
    ]);
    const { found, workload } = compressWorkload(run.workload, choices, dense / 4);
    if (found.status === "unfit") throw new Error(found.reason);
    expect(found.optimal).toBe(true);
    expect(found.cost).toBeLessThanOrEqual(dense / 4);
    const saved = countWorkload(run.workload).parameterBytes - countWorkload(workload).parameterBytes;
    expect(saved).toBe((dense - found.cost) / 8);
  });

  test("a matrix that the model does not have is an error with the ones it has", () => {
    const table = rowsOf("matrix,n,m,bits,drop\nquerry,1,4,8,0\n");
    expect(() => encodingChoices(run.workload, table, "index", storageCost)).toThrow(
      "bert-base has no matrix querry, but query, key, value, projection, expand, contract",
    );
  });

  test("layer by layer, where the table says that layers differ", () => {
    const table = rowsOf(
      "matrix,n,m,bits,drop,layers\nexpand,1,1,16,0,0-5\nexpand,1,8,16,0.1,0-5\nexpand,1,1,16,0,6-11\nexpand,1,8,16,5,6-11\n",
    );
    const choices = encodingChoices(run.workload, table, "index", storageCost);
    const half = 6 * 768 * 3072 * 16;
    const { found, workload } = compressWorkload(run.workload, choices, 1.5 * half);
    expect(found.status === "done" && found.drop).toBe(0.1);
    expect(workload.phases[0]?.blocks.map(({ name }) => name)).toEqual(["attention[0-5]", "attention[6-11]"]);
  });

  test("to a third of the products' time: the simulated run is faster by what the search counted", () => {
    const { hardware } = run.machine;
    const cost = latencyCost(hardware);
    const choices = encodingChoices(run.workload, rowsOf(madeUp), "index", cost);
    const before = choices.reduce((sum, { choices: [first] }) => sum + (first?.cost ?? 0), 0);
    const { found, workload } = compressWorkload(run.workload, choices, before / 3);
    if (found.status === "unfit") throw new Error(found.reason);
    expect(found.cost).toBeLessThanOrEqual(before / 3);
    const seconds = [run, { ...run, workload }].map((each) => {
      const result = simulate(each);
      return result.status === "done" ? result.report.totals.latencySeconds : 0;
    });
    const [full = 0, small = 0] = seconds;
    const counted = (before - found.cost) / hardware.tickRate;
    expect((full - small) / counted).toBeGreaterThan(0.9);
    expect((full - small) / counted).toBeLessThan(1.02);
  });
});
