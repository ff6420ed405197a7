import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { growing, growingSum } from "../../src/engine/amount.ts";
import { counts } from "../../src/engine/counts.ts";
import { repeat } from "../../src/program.ts";
import { on, task } from "./task.ts";

describe("counts", () => {
  it("multiplies the lengths of all loops around a place", () => {
    const body = [repeat(3, [repeat(4, [task("a", "mac", 5, [], { counts: { macs: 7 } })])])];
    expect(counts(on(body))).toMatchObject([{ instances: 12, busy: 60, counts: { macs: 84 } }]);
  });

  it("sums what grows with an outer loop, rounded up in each iteration", () => {
    // ceil((10 + 3 i) / 4) for i = 0 .. 4 is 3, 4, 4, 5, 6: 22, in each of 48 layers.
    const cache = { loop: "token", base: 10, step: 3, per: 4 };
    const layer = [task("a", "load", cache, [], { counts: { bytes: { ...cache, per: 1 } } })];
    const [place] = counts(on([repeat(5, [repeat(48, layer)], "token")]));
    // 10 + 13 + 16 + 19 + 22 = 80 bytes a layer.
    expect(place).toMatchObject({ instances: 240, busy: 22 * 48, counts: { bytes: 80 * 48 } });
  });

  it("never walks the loops", () => {
    const cache = { loop: "token", base: 1, step: 1, per: 1 };
    const [place] = counts(on([repeat(1e7, [task("a", "load", cache)], "token")]));
    expect(place?.busy).toBe((1e7 * (1e7 + 1)) / 2);
  });

  it("refuses a sum past 2^53", () => {
    const body = [repeat(1e9, [repeat(1e9, [task("a", "mac", 1)])])];
    expect(() => counts(on(body))).toThrow(
      'task "a" of op "op" on unit "mac": the sum of instances passes 2^53',
    );
    const cache = { loop: "token", base: 0, step: 1e3, per: 1 };
    expect(() => counts(on([repeat(1e9, [task("a", "mac", cache)], "token")]))).toThrow(
      'task "a" of op "op" on unit "mac": the sum of occupancy passes 2^53',
    );
  });

  it("the closed sum of a growing amount is the sum of its values", () => {
    const amounts = fc.record({
      loop: fc.constant("token"),
      base: fc.integer({ min: -1000, max: 1000 }),
      step: fc.integer({ min: -50, max: 50 }),
      per: fc.integer({ min: 1, max: 60 }),
      every: fc.integer({ min: 1, max: 9 }),
      offset: fc.nat(30),
    });
    fc.assert(
      fc.property(amounts, fc.nat(200), (amount, times) => {
        let sum = 0;
        for (let i = 0; i < times; i++) {
          const steps = Math.floor((i + amount.offset) / amount.every);
          sum += Math.ceil((amount.base + steps * amount.step) / amount.per);
        }
        expect(growingSum(amount, times)).toBe(BigInt(sum));
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it("rounds up exactly where a quotient of floating-point numbers would not", () => {
    // 2^53 - 1 = 3 * 3002399751580330 + 1; the quotient in floating point is rounded to ... 330.5 at best.
    const { loop, per } = { loop: "token", per: 3 };
    expect(growing({ loop, base: 2 ** 53 - 1, step: 0, per }, 0)).toBe(3002399751580331);
    expect(growing({ loop, base: 2 ** 53 - 3, step: 0, per: 2 ** 53 - 2 }, 0)).toBe(1);
  });
});
