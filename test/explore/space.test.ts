import { describe, expect, test } from "vitest";
import { choicesAt, indexOf } from "../../src/config/dimension.ts";
import { expandRange } from "../../src/config/range.ts";
import { designSpace } from "../../src/config/space.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { library } from "../library.ts";

const spaceOf = (sweep: unknown, rest: object = {}) => {
  const experiment = {
    name: "small",
    title: "A small space",
    source: "a test",
    hardware: "dfx-u280",
    workload: "gpt2-medium",
    ...rest,
    sweep,
  };
  return designSpace({ file: "space.yaml", text: JSON.stringify(experiment, null, 1) }, library);
};

const opened = (sweep: unknown) => {
  const space = spaceOf(sweep);
  if (!space.ok) throw new Error(formatProblems(space.problems));
  return space.value;
};

const problems = (sweep: unknown): string => {
  const space = spaceOf(sweep);
  return space.ok ? "" : formatProblems(space.problems);
};

describe("ranges", () => {
  test.each([
    [{ from: 4, to: 33, factor: 2 }, [4, 8, 16, 32]],
    [{ from: 1, to: 2, by: 0.25 }, [1, 1.25, 1.5, 1.75, 2]],
    [{ from: 10, to: 30, steps: 3 }, [10, 20, 30]],
    [{ from: 1, to: 1000, steps: 4, scale: "log" as const }, [1, 10, 100, 1000]],
    [{ from: 1, to: 4, steps: 5, scale: "log" as const }, [1, 2, 3, 4]],
    [{ from: "100 MHz", to: "200 MHz", by: "50 MHz" }, ["100 MHz", "150 MHz", "200 MHz"]],
    [{ from: 5, to: 5, by: 1 }, [5]],
  ])("%o", (range, values) => {
    expect(expandRange(range)).toEqual({ ok: true, values });
  });

  test.each([
    [{ from: 1, to: 2 }, "one of the keys by, factor, steps"],
    [{ from: 1, to: 2, by: 1, steps: 2 }, "one of the keys by, factor, steps"],
    [{ from: 2, to: 1, by: 1 }, "from that is at most to"],
    [{ from: 0, to: 1, factor: 2 }, "from above zero"],
    [{ from: "1 MHz", to: 2, by: 1 }, "the same unit at from, to and by"],
    [{ from: "fast", to: 2, by: 1 }, "numbers with the same unit"],
    [{ from: 1, to: 1e9, by: 1 }, "at most 100000 values"],
    [{ from: 1, to: 2, by: 1, scale: "log" as const }, "scale only beside steps"],
  ])("%o is refused", (range, expected) => {
    expect(expandRange(range)).toMatchObject({ ok: false, expected });
  });
});

describe("a space", () => {
  const space = opened({
    product: { "workload.inputTokens": [32, 64], "units.matrix.width": [16, 32, 64] },
    zip: [{ "hardware.devices": [1, 2], "units.hbm.channels": [32, 16] }],
    derive: { "units.matrix.lanes": "1024 / matrix.width" },
    where: ["matrix.width * devices <= 64"],
    minimize: ["latencySeconds"],
    maximize: ["tokensPerSecond"],
  });

  test("counts the product of its dimensions, parameters of the machine before those of the workload", () => {
    expect(space.size).toBe(12);
    expect(space.parameters).toEqual([
      "units.matrix.width",
      "hardware.devices",
      "units.hbm.channels",
      "workload.inputTokens",
      "units.matrix.lanes",
    ]);
  });

  test("has the last parameter run fastest, zipped ones together, and derived ones follow", () => {
    expect(space.at(0)).toEqual({
      "units.matrix.width": 16,
      "hardware.devices": 1,
      "units.hbm.channels": 32,
      "workload.inputTokens": 32,
      "units.matrix.lanes": 64,
    });
    expect(space.at(1)).toMatchObject({ "hardware.devices": 1, "workload.inputTokens": 64 });
    expect(space.at(2)).toMatchObject({ "hardware.devices": 2, "units.hbm.channels": 16 });
    expect(space.at(8)).toMatchObject({ "units.matrix.width": 64, "units.matrix.lanes": 16 });
  });

  test("leaves out what a condition excludes", () => {
    expect(space.at(10)).toBe(undefined);
    expect(Array.from({ length: 12 }, (_, index) => space.at(index)).filter(Boolean)).toHaveLength(10);
  });

  test("an index and its digits are the same design", () => {
    for (let index = 0; index < space.size; index++)
      expect(indexOf(choicesAt(index, space.dimensions), space.dimensions)).toBe(index);
  });

  test("tells which objective is better less and which more", () => {
    expect(space.objectives).toEqual([
      { expression: "latencySeconds", better: "less" },
      { expression: "tokensPerSecond", better: "more" },
    ]);
  });
});

test("a formula may name numbers of the configs that are not swept", () => {
  const space = opened({
    product: { "hardware.devices": [1] },
    derive: { "units.matrix.lanes": "2048 / units.matrix.width" },
  });
  expect(space.at(0)).toMatchObject({ "units.matrix.lanes": 32 });
});

test("a derived quantity keeps its unit", () => {
  const space = opened({
    product: { "hardware.devices": [2] },
    derive: { "hardware.clock": "100 MHz * devices" },
  });
  expect(space.at(0)).toMatchObject({ "hardware.clock": "200 MHz" });
});

describe("what no design could have is refused before anything runs", () => {
  test.each([
    [{ product: { "units.matrix.widht": [1] } }, 'the unknown key "widht"; did you mean "width"?'],
    [{ product: { "units.hbm.channels": [32, -3] } }, "expected a whole number above zero like 32, found -3"],
    [{ product: { "hardware.clock": ["5 ns"] } }, 'expected a frequency like "200 MHz"'],
    [{ product: { hardware: ["dfx-u28"] } }, 'did you mean "dfx-u280"?'],
    [{ product: { "hardware.devices": { from: 1 } } }, "sweep.product.hardware.devices"],
    [{ product: { "hardware.devices": [1] }, where: ["devices < lanse"] }, "sweep.where.0"],
    [{ product: { "hardware.devices": [1] }, where: ["devices"] }, "without one of <= >= < > == !="],
    [
      { product: { "hardware.devices": [1] }, derive: { "units.matrix.lanes": "1024 / widht" } },
      "sweep.derive",
    ],
    [
      { zip: [{ "hardware.devices": [1, 2], "units.hbm.channels": [1] }] },
      "lists of the same length, found lengths 2, 1",
    ],
    [{ zip: [] }, "the key product or zip"],
    [{ product: { "hardware.devices": [1] }, zip: [{ "hardware.devices": [1] }] }, "each parameter once"],
    [
      { product: { "units.matrix.widht": [1], "hardware.devices": [1, 2] }, where: ["devices > 4"] },
      'did you mean "width"?',
    ],
  ])("%o", (sweep, message) => {
    expect(problems(sweep)).toContain(message);
  });

  test("beside a formula that cannot be computed", () => {
    const product = { "units.matrix.widht": [1], "hardware.devices": [1] };
    const told = problems({ product, derive: { "units.matrix.lanes": "1024 / widht.x" } });
    expect(told).toContain("sweep.derive");
    expect(told).toContain('did you mean "width"?');
  });

  test("with its place in the experiment's file", () => {
    expect(problems({ product: { "units.hbm.channels": [-3] } })).toMatch(/^space\.yaml:\d+:\d+ /);
  });

  test("an experiment without a sweep", () => {
    const source = { file: "x.yaml", text: "{ name: x, title: x, source: x, runs: [{ name: a }] }" };
    const space = designSpace(source, library);
    expect(space.ok ? "" : formatProblems(space.problems)).toContain("expected the key sweep");
  });
});
