import fc from "fast-check";
import { expect, test } from "vitest";
import { calculator } from "../../src/schema/expression.ts";

const { evaluate, range } = calculator();

/** Formulas over three names and small numbers. */
const { formula } = fc.letrec<{ formula: string }>((tie) => ({
  formula: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("a", "b", "c", "2", "0.5", "3"),
    fc
      .tuple(tie("formula"), fc.constantFrom("+", "-", "*", "/"), tie("formula"))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(fc.constantFrom("min", "max"), tie("formula"), tie("formula"))
      .map(([name, left, right]) => `${name}(${left}, ${right})`),
    fc
      .tuple(fc.constantFrom("ceil", "floor", "log2", "-"), tie("formula"))
      .map(([name, of]) => `${name}(${of})`),
    fc
      .tuple(tie("formula"), fc.constantFrom("2", "0.5", "-1"))
      .map(([of, power]) => `((${of}) ^ (${power}))`),
  ),
}));
/** A range, perhaps without an end, and a number in it: no two so near that mathjs takes them for one. */
const ranged = fc
  .tuple(
    fc.integer({ min: -20, max: 20 }),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: 1024 }),
    fc.boolean(),
  )
  .map(([least, width, share, open]) => ({
    interval: { least, most: open ? Number.POSITIVE_INFINITY : least + width },
    value: least + (width * share) / 1024,
  }));

test("whatever the numbers are in their ranges, a formula's value is in its own", () => {
  fc.assert(
    fc.property(formula, ranged, ranged, ranged, (text, a, b, c) => {
      const found = evaluate(text, { a: a.value, b: b.value, c: c.value });
      fc.pre(found.ok && typeof found.value === "number");
      if (!found.ok) return;
      const value = Number(found.value);
      const { least, most } = range(text, { a: a.interval, b: b.interval, c: c.interval });
      const slack = 1e-9 * Math.max(1, Math.abs(value));
      expect(least).toBeLessThanOrEqual(value + slack);
      expect(most).toBeGreaterThanOrEqual(value - slack);
    }),
    { numRuns: 500 },
  );
});

test.each([
  // A root times itself is a little more than 2, which mathjs takes for 2.
  ["ceil((2 ^ 0.5) ^ 2)", 2, 3],
  ["floor(-((2 ^ 0.5) ^ 2))", -3, -2],
  ["min(a, 0) ^ (-1)", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ["a * b", 6, Number.POSITIVE_INFINITY],
  ["a / b", 0, Number.POSITIVE_INFINITY],
  ["6 / a", 0, 3],
  ["b - a", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ["4 - 2 * b", Number.NEGATIVE_INFINITY, -2],
  ["max(a, 5) ^ 2", 25, Number.POSITIVE_INFINITY],
  ["c + a", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  ["a + 3 GB/s", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
])("%s of a from 2 on and b from 3 on", (text, least, most) => {
  const from = (start: number) => ({ least: start, most: Number.POSITIVE_INFINITY });
  expect(range(text, { a: from(2), b: from(3) })).toEqual({ least, most });
});
