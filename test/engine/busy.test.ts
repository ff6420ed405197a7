import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyBusy, serve } from "../../src/engine/busy.ts";

describe("a shared server", () => {
  it("gives a younger request the ticks between older ones", () => {
    const busy = emptyBusy();
    expect(serve(busy, 10, 5, 0)).toBe(15);
    expect(serve(busy, 20, 5, 0)).toBe(25);
    // From 8: two ticks before 10, five before 20, and the rest from 25.
    expect(serve(busy, 8, 10, 0)).toBe(28);
    expect(serve(busy, 0, 3, 0)).toBe(3);
    expect(serve(busy, 0, 6, 0)).toBe(29);
  });

  it("remembers as many separate intervals as there are", () => {
    const busy = emptyBusy();
    for (let index = 0; index < 50; index++) serve(busy, 100 - 2 * index, 1, 0);
    // Taken are 2, 4 .. 100; free from 2 on 3, 5 .. 99, which are 49 ticks, and then 101.
    expect(serve(busy, 2, 50, 0)).toBe(102);
    expect(busy.count).toBe(1);
  });

  it("equals a list of ticks that are taken, one by one", () => {
    const requests = fc.array(fc.tuple(fc.nat(60), fc.nat(12), fc.nat(3)), { maxLength: 60 });
    fc.assert(
      fc.property(requests, (list) => {
        const busy = emptyBusy();
        const taken = new Set<number>();
        let floor = 0;
        for (const [ahead, occupancy, advance] of list) {
          floor += advance;
          const start = floor + ahead;
          let end = start;
          for (let left = occupancy; left > 0; end++) {
            if (taken.has(end)) continue;
            taken.add(end);
            left--;
          }
          expect(serve(busy, start, occupancy, floor)).toBe(end);
        }
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});
