import fc from "fast-check";
import { expect, test } from "vitest";
import { cellsBefore, cycleOfCell } from "../../src/scalesim/skew.ts";

const whole = (min: number, max: number) => fc.integer({ min, max });

test("counting along anti-diagonals agrees with walking them", () => {
  fc.assert(
    fc.property(whole(1, 30), whole(1, 30), (steps, lanes) => {
      let index = 0;
      for (let cycle = 0; cycle < steps + lanes - 1; cycle += 1) {
        expect(cellsBefore(cycle, steps, lanes)).toBe(index);
        for (let lane = Math.max(0, cycle - steps + 1); lane <= Math.min(lanes - 1, cycle); lane += 1) {
          expect(cycleOfCell(index, steps, lanes)).toBe(cycle);
          index += 1;
        }
      }
      expect(index).toBe(steps * lanes);
    }),
    { numRuns: 100 },
  );
});
