import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Dimension, type DimensionName, dimensions, spellings } from "../../src/schema/dimension.ts";
import { quantityReader } from "../../src/schema/quantity-reader.ts";

const reader = quantityReader();
const read = (text: string, dimension: DimensionName, names?: Record<string, number | string>): unknown => {
  const reading = reader.read(text, [dimension], names);
  return reading.ok ? reading.value : reading;
};

test.each<[string, DimensionName, number]>([
  ["460 GB/s", "bandwidth", 460e9],
  ["100 Gbit/s", "bandwidth", 12.5e9],
  ["100 Gbps", "bandwidth", 12.5e9],
  ["8 MiB", "capacity", 8_388_608],
  ["8 MB", "capacity", 8_000_000],
  ["8 GiB", "capacity", 8_589_934_592],
  ["8 bit", "capacity", 1],
  ["200 MHz", "frequency", 200_000_000],
  ["120 ns", "duration", 1.2e-7],
  ["1.5us", "duration", 1.5e-6],
  ["3.9 pJ/bit", "energyPerBit", 3.12e-11],
  ["2 nJ/B", "energyPerBit", 2e-9],
  ["512 bit", "width", 512],
  ["64 B", "width", 512],
  ["12 cycles", "cycles", 12],
  ["1 cycle", "cycles", 1],
  ["64 B/cycle", "bytesPerCycle", 64],
  ["3.2 pJ", "energy", 3.2e-12],
  ["25 W", "power", 25],
  ["+1e3 kHz", "frequency", 1_000_000],
])("%s as %s is %d", (text, dimension, value) => {
  expect(read(text, dimension)).toBe(value);
});

test.each<[string, DimensionName, number]>([
  ["32 * 14.4 GB/s", "bandwidth", 460.8e9],
  ["460 GB / 1 s", "bandwidth", 460e9],
  ["8 KiB + 16 B", "capacity", 8208],
  ["2^10 * 8 bit", "capacity", 1024],
  ["-(3 ns - 5 ns)", "duration", 2e-9],
  ["min(100 ns, 20 ns)", "duration", 2e-8],
  ["1 / (5 ns)", "frequency", 200e6],
  ["460 J/s", "power", 460],
  ["ceil(log2(1000))", "number", 10],
  ["max(3, floor(7.9))", "number", 7],
  ["0.5 kB/ms", "bandwidth", 500_000],
])("the expression %s as %s is %d", (text, dimension, value) => {
  expect(read(text, dimension)).toBeCloseTo(value, value < 1 ? 18 : 3);
});

test("an expression may use declared names, numbers or quantities, by dotted path", () => {
  expect(read("1024 / mpu.width", "number", { "mpu.width": 16 })).toBe(64);
  expect(read("lanes * bus * clock", "bandwidth", { lanes: 2, bus: "4 B", clock: "1 GHz" })).toBe(8e9);
  expect(read("1024 / mpu.wdith", "number", { "mpu.width": 16 })).toEqual({
    ok: false,
    found: '"1024 / mpu.wdith": the unknown unit or name "mpu.wdith"',
    suggestion: "1024 / mpu.width",
  });
});

describe("the table of plain units agrees with mathjs", () => {
  for (const [name, dimension] of Object.entries<Dimension>(dimensions))
    test(name, () => {
      for (const unit of spellings(dimension)) {
        if (!isDimension(name)) throw new Error(`no dimension ${name}`);
        // Parentheses take the text past the table.
        const [plain, expression] = ["3.7", "(3.7)"].map((number) =>
          reader.read(`${number} ${unit}`, [name]),
        );
        if (!plain?.ok || !expression?.ok) throw new Error(`${unit} is not read`);
        expect(Math.abs(plain.value / expression.value - 1), unit).toBeLessThan(1e-14);
      }
    });
});

test.each<[string, DimensionName, string]>([
  ["460", "bandwidth", '"460", a number without a unit'],
  ["8 MiB", "bandwidth", '"8 MiB", a capacity'],
  ["90 rad", "duration", '"90 rad", another dimension'],
  ["2 cycles", "number", '"2 cycles", a number of cycles'],
  ["3 cycles", "duration", '"3 cycles", a number of cycles'],
  ["GB/s", "bandwidth", '"GB/s": a unit without a number'],
  ["", "duration", '"": something that is not a number'],
  ["1 ns + 1 B", "duration", '"1 ns + 1 B": Units do not match'],
  ["1e400 s", "duration", '"1e400 s": a number that is not finite'],
  ["1 s / 0", "duration", '"1 s / 0": a number that is not finite'],
  ["(-1)^0.5", "number", '"(-1)^0.5": something that is not a number'],
])("%j is no %s", (text, dimension, found) => {
  expect(read(text, dimension)).toMatchObject({ ok: false, found });
});

test.each([
  ["3 GBps", "bandwidth", "3 Gbps"],
  ["3 GB/sec", "bandwidth", undefined],
  ["3 KB", "capacity", "3 kB"],
  ["3 Mhz", "frequency", "3 MHz"],
  ["3 clocks", "cycles", undefined],
] as const)("%s as %s suggests %s", (text, dimension, suggestion) => {
  const reading = reader.read(text, [dimension]);
  expect(reading.ok ? undefined : reading.suggestion).toBe(suggestion);
});

describe("nothing but arithmetic is evaluated", () => {
  test.each([
    "import({ s: 1 })",
    'createUnit("foo")',
    'evaluate("1 s")',
    'parse("1 s")',
    'compile("1")',
    "config({})",
    "typed()",
    "f(x) = x",
    "s = 3",
    "a.b = 3",
    "1 s; 2 s",
    "[1, 2] s",
    "{ a: 1 }.a",
    "1:1e9",
    "zeros(1e5, 1e5)",
    "range(0, 1e12)",
    "170! s",
    "true ? 1 s : 2 s",
    "1 s to ms",
    "5 % 3",
    "1 s == 1 s",
    "'1 s'",
    '"1 s".constructor',
    "cos.constructor",
    "constructor",
    "__proto__",
    "toString()",
    "random() s",
    "pi s",
    "2 i",
    "bitAnd(1, 2) s",
    "min",
    "min()",
    `${"9^".repeat(90)}9 s`,
    `${"(".repeat(90)}1${")".repeat(90)} s + 1 B`,
    `${"1 + ".repeat(60)}1`,
  ])("%s is refused", (text) => {
    expect(reader.read(text, ["duration"])).toMatchObject({ ok: false });
  });

  test("a refused text leaves nothing behind", () => {
    const fresh = quantityReader();
    fresh.read('createUnit("foo")', ["duration"]);
    fresh.read("s = 3", ["duration"]);
    expect(fresh.read("2 foo", ["duration"])).toMatchObject({ ok: false });
    expect(fresh.read("(2) s", ["duration"])).toMatchObject({ ok: true, value: 2 });
  });

  test("a text of more than 200 characters is not even parsed", () => {
    expect(reader.read(`${" ".repeat(100_000)}1 + 1`, ["number"])).toMatchObject({
      ok: false,
      found: expect.stringContaining("more than 200 characters"),
    });
  });
});

test("whatever the text, reading gives a finite number or a reason, and soon", () => {
  const token = fc.constantFrom(
    ..."0 1 9 2.5 1e308 + - * / ^ ( ) , . = ; : [ ] { } ! % ' \" GB s MiB cycle bit J Hz min max log2 ceil import x i e _ @ \n".split(
      " ",
    ),
  );
  const text = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join("")),
    fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(" ")),
  );
  const names = fc.constantFrom<DimensionName>("duration", "bandwidth", "number", "cycles");
  fc.assert(
    fc.property(text, names, (given, dimension) => {
      const began = performance.now();
      const reading = reader.read(given, [dimension], { x: 3 });
      expect(performance.now() - began).toBeLessThan(2000);
      if (reading.ok) expect(Number.isFinite(reading.value)).toBe(true);
      else expect(reading.found).not.toBe("");
    }),
    { numRuns: 3000 },
  );
});

const isDimension = (name: string): name is DimensionName => name in dimensions;
