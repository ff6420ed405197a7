import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { problemAt } from "../../src/schema/issue.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { readConfig } from "../../src/schema/read-config.ts";
import { machine } from "./machine.ts";

const card = `
name: card
clock: 200 MHz
units:
  hbm:
    kind: hbm
    bandwidth: { value: 460 GB/s, source: data sheet, sure: read }
    channels: 32
    width: 512 bit
    efficiency: { value: 0.57, source: fitted, sure: calibrated, fittedOn: [row 1, row 2] }
    latency: 12 cycles
  buffer: { kind: scratchpad, capacity: 8 MiB, ports: [2, 1] }
`;

const files: Readonly<Record<string, string>> = {
  "machines/card.yaml": card,
  "machines/fast.yaml": "extends: ./card.yaml\nclock: 300 MHz\nunits: { hbm: { channels: 16 } }\n",
  "machines/small.yaml": "units: { buffer: { capacity: 1 MiB, ports: [4] } }\n",
};
const load = (path: string): string | undefined => files[path];

function read(text: string, set: readonly string[] = [], file = "machines/mine.yaml") {
  const config = readConfig(machine, text, file, { load, set });
  if (!config.ok) throw new Error(formatProblems(config.problems));
  return config;
}

function problems(text: string, set: readonly string[] = []): string {
  const config = readConfig(machine, text, "machines/mine.yaml", { load, set });
  return config.ok ? "" : formatProblems(config.problems);
}

test("a config becomes plain numbers in SI units", () => {
  expect(read(card).value).toEqual({
    name: "card",
    clock: 200e6,
    units: {
      hbm: {
        kind: "hbm",
        bandwidth: 460e9,
        channels: 32,
        width: 512,
        efficiency: 0.57,
        latency: { cycles: 12 },
      },
      buffer: { kind: "scratchpad", capacity: 8_388_608, ports: [2, 1] },
    },
  });
});

test("the origins of all numbers are collected, the numbers as written", () => {
  expect(read(card).provenance).toEqual([
    { path: "units.hbm.bandwidth", value: "460 GB/s", source: "data sheet", sure: "read" },
    {
      path: "units.hbm.efficiency",
      value: 0.57,
      source: "fitted",
      sure: "calibrated",
      fittedOn: ["row 1", "row 2"],
    },
  ]);
});

test("a config that extends others has their values below its own; lists are replaced", () => {
  const { value } = read("extends: [fast.yaml, small.yaml]\nname: mine\n");
  expect(value).toMatchObject({ name: "mine", clock: 300e6 });
  expect(value.units["hbm"]).toMatchObject({ channels: 16, width: 512 });
  expect(value.units["buffer"]).toEqual({ kind: "scratchpad", capacity: 1_048_576, ports: [4] });
});

test("a path in extends is relative to the file that says it", () => {
  const { value } = read("extends: ../machines/sub/../fast.yaml\nname: far", [], "elsewhere/far.yaml");
  expect(value.clock).toBe(300e6);
});

test("a new number does not inherit the origin of the old one", () => {
  const plain = read("extends: card.yaml\nunits: { hbm: { efficiency: 0.6 } }");
  expect(plain.provenance.map(({ path }) => path)).toEqual(["units.hbm.bandwidth"]);
  const origin = "{ value: 0.6, source: me, sure: assumed }";
  const sourced = read(`extends: card.yaml\nunits: { hbm: { efficiency: ${origin} } }`);
  expect(sourced.provenance[1]).toEqual({
    path: "units.hbm.efficiency",
    value: 0.6,
    source: "me",
    sure: "assumed",
  });
  const set = read(card, ["units.hbm.efficiency.value=0.7"]);
  expect(set.value.units["hbm"]).toMatchObject({ efficiency: 0.7 });
  expect(set.provenance.map(({ path }) => path)).toEqual(["units.hbm.bandwidth"]);
});

test("a component of another model replaces the old one as a whole; without a model it is changed", () => {
  const memory = z.discriminatedUnion("model", [
    z.strictObject({ kind: z.literal("hbm"), model: z.literal("rate").optional(), width: z.int() }),
    z.strictObject({ kind: z.literal("hbm"), model: z.literal("banked"), banks: z.int(), rows: z.int() }),
  ]);
  const documents: Readonly<Record<string, string>> = {
    "rate.yaml": "memory: { kind: hbm, width: 64 }",
    "banked.yaml": "extends: rate.yaml\nmemory: { kind: hbm, model: banked, banks: 16, rows: 4 }",
  };
  const memoryOf = (text: string): unknown => {
    const options = { load: (path: string) => documents[path] };
    const config = readConfig(z.strictObject({ memory }), text, "mine.yaml", options);
    return config.ok ? config.value.memory : formatProblems(config.problems);
  };
  expect(memoryOf("extends: banked.yaml")).toEqual({ kind: "hbm", model: "banked", banks: 16, rows: 4 });
  expect(memoryOf("extends: banked.yaml\nmemory: { rows: 8 }")).toMatchObject({ banks: 16, rows: 8 });
  expect(memoryOf("extends: rate.yaml\nmemory: { width: 128 }")).toEqual({ kind: "hbm", width: 128 });
  expect(memoryOf("memory: { kind: hbm, model: bankd }")).toBe(
    'mine.yaml:1:29 memory.model: expected one of "rate", "banked", found "bankd"; did you mean "banked"?',
  );
  expect(memoryOf("memory: { kind: hbm, width: 64, bank: 3 }")).toBe(
    'mine.yaml:1:33 memory.bank: expected one of the keys kind, model, width, found the unknown key "bank"',
  );
});

test("a component of another kind replaces the old one as a whole", () => {
  const { value } = read("extends: card.yaml\nunits: { hbm: { kind: scratchpad, capacity: 1 kB } }");
  expect(value.units["hbm"]).toEqual({ kind: "scratchpad", capacity: 1000 });
});

test("overrides replace values, list entries and whole mappings, in their order", () => {
  const { value, document } = read(card, [
    "units.hbm.channels=16",
    "units.hbm.channels=8",
    "units.buffer.ports.0=3",
    "units.queue={ kind: scratchpad, capacity: 2 KiB }",
    "mode=decode",
    "name=two words",
  ]);
  expect(value).toMatchObject({ name: "two words", mode: "decode" });
  expect(value.units["hbm"]).toMatchObject({ channels: 8, width: 512 });
  expect(value.units["buffer"]).toMatchObject({ ports: [3, 1] });
  expect(value.units["queue"]).toEqual({ kind: "scratchpad", capacity: 2048 });
  expect(document).toMatchObject({ units: { hbm: { channels: 8 }, queue: { capacity: "2 KiB" } } });
});

test("a problem is plain data with its place", () => {
  const config = readConfig(machine, card.replace("460 GB/s", "460"), "card.yaml");
  expect(config.ok ? [] : config.problems).toEqual([
    {
      file: "card.yaml",
      line: 7,
      column: 25,
      code: "wrong-type",
      path: "units.hbm.bandwidth.value",
      expected: 'a bandwidth like "460 GB/s"',
      found: "460",
    },
  ]);
  const set = readConfig(machine, card, "card.yaml", { set: ["mode=decode", "units.hbm.chanels=3"] });
  expect(set.ok ? [] : set.problems).toMatchObject([
    { file: "--set", line: 2, text: "units.hbm.chanels=3", code: "unknown-key", suggestion: "channels" },
  ]);
});

test("problems in a file that was extended stay in that file, also for keys that it lacks", () => {
  expect(problems("extends: small.yaml\nname: mine\nclock: 1 MHz")).toBe(
    'machines/small.yaml:1:10 units.buffer.kind: expected one of "hbm", "scratchpad", found nothing',
  );
});

test("a check after the schema reports at the place of a value", () => {
  const { tree } = read(card);
  const problem = problemAt(tree, ["units", "hbm", "channels"], {
    code: "invalid",
    expected: "an even machine",
  });
  expect(formatProblems([problem])).toBe(
    "machines/mine.yaml:8:15 units.hbm.channels: expected an even machine, found 32",
  );
});

test("a schema's own check completes the sentence", () => {
  const schema = z
    .strictObject({ rows: z.int(), columns: z.int() })
    .refine(({ rows, columns }) => columns % rows === 0, {
      path: ["rows"],
      message: "rows that divide columns",
    });
  const config = readConfig(schema, "rows: 3\ncolumns: 8\n", "a.yaml");
  expect(config.ok ? "" : formatProblems(config.problems)).toBe(
    "a.yaml:1:7 rows: expected rows that divide columns, found 3",
  );
});

test("bounds, lists and formats of zod are told in the same words", () => {
  const schema = z.strictObject({
    a: z.number().min(2),
    b: z.number().lt(5),
    c: z.array(z.string()).min(2),
    d: z.string().regex(/^x/),
    e: z.union([z.string(), z.number()]),
    f: z.number().multipleOf(4),
    g: z.string().max(2),
  });
  const config = readConfig(schema, "a: 1\nb: 5\nc: [x]\nd: y\ne: []\nf: 3\ng: long\n", "a.yaml");
  expect(config.ok ? "" : formatProblems(config.problems)).toBe(
    [
      "a.yaml:1:4 a: expected a number of at least 2, found 1",
      "a.yaml:2:4 b: expected a number below 5, found 5",
      "a.yaml:3:4 c: expected a list of at least 2 entries, found a list",
      'a.yaml:4:4 d: expected text of the form /^x/, found "y"',
      "a.yaml:5:4 e: expected text or a number, found a list",
      "a.yaml:6:4 f: expected a multiple of 4, found 3",
      'a.yaml:7:4 g: expected text of at most 2 characters, found "long"',
    ].join("\n"),
  );
});

test("keys that JavaScript treats specially are keys like others", () => {
  expect(problems(`${card}__proto__: { polluted: 1 }\nconstructor: 3\n`)).toMatch(
    /unknown key "constructor"/,
  );
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
});

test("texts nested too deeply are refused, not died of", () => {
  for (const text of [
    "[".repeat(30_000),
    "{a: ".repeat(5000),
    "- ".repeat(3000),
    "[".repeat(70) + "]".repeat(70),
  ])
    expect(problems(text)).toMatch(/expected at most 64 levels/);
});

test("whatever the text, reading throws nothing, and every problem stands inside the text", () => {
  const piece = fc.constantFrom(
    ..."\n|  |:|-| - |[|]|{|}|,|#|&a|*a|!!x|'|\"|\t|460|GB/s|hbm|kind|? |<<|---|%|@".split("|"),
  );
  const mutation = fc.record({
    at: fc.nat(card.length),
    drop: fc.nat(12),
    add: fc.array(piece, { maxLength: 4 }),
  });
  const mutated = fc
    .array(mutation, { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce(
        (text, { at, drop, add }) => text.slice(0, at) + add.join("") + text.slice(at + drop),
        card,
      ),
    );
  const loose = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(
      fc.oneof(mutated, loose, fc.string()),
      fc.array(fc.string(), { maxLength: 2 }),
      (text, set) => {
        const config = readConfig(machine, text, "fuzz.yaml", { set });
        if (config.ok) return;
        expect(config.problems.length).toBeGreaterThan(0);
        const lines = text.split("\n").length;
        for (const { file, line, column } of config.problems) {
          expect(line).toBeGreaterThan(0);
          expect(column).toBeGreaterThan(0);
          if (file === "fuzz.yaml") expect(line).toBeLessThanOrEqual(lines + 1);
        }
      },
    ),
    { numRuns: 1500 },
  );
});
