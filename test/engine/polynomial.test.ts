import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { greater, next, sumUntil, valueAt } from "../../src/engine/polynomial.ts";

const polynomial = fc.record({
  v: fc.integer({ min: -40, max: 40 }),
  d: fc.integer({ min: -12, max: 12 }),
  q: fc.integer({ min: -4, max: 4 }),
});

describe("a polynomial of the period's index", () => {
  it("starts at v, with the differences d, d + q, d + 2 q ..", () => {
    const one = { v: 5, d: 3, q: 2 };
    expect([0, 1, 2, 3].map((m) => valueAt(one, m))).toEqual([5, 8, 13, 20]);
    expect([0, 1, 2].map((m) => valueAt(next(one), m))).toEqual([8, 13, 20]);
    expect([0, 1, 2, 4].map((n) => sumUntil(one, n))).toEqual([0, 5, 13, 46]);
  });

  it("a comparison holds up to the last index before its outcome changes", () => {
    fc.assert(
      fc.property(polynomial, polynomial, fc.nat(60), (a, b, last) => {
        const horizon = { last };
        const outcome = greater(a, b, horizon);
        let holds = 0;
        while (holds < last && valueAt(a, holds + 1) > valueAt(b, holds + 1) === outcome) holds++;
        expect(outcome).toBe(a.v > b.v);
        expect(horizon.last).toBe(holds);
      }),
      { numRuns: 20_000, seed: 1 },
    );
  });

  it("a comparison looks no further than whole numbers are exact", () => {
    const horizon = { last: 1e15 };
    expect(greater({ v: 1, d: 1000, q: 0 }, { v: 0, d: 0, q: 0 }, horizon)).toBe(true);
    expect(horizon.last).toBeLessThan(2 ** 53 / 1000);
  });
});
