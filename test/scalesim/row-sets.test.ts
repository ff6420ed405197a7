import fc from "fast-check";
import { expect, test } from "vitest";
import { addToRow, addToRows, comeBack, empty, holds, keep, rowSets } from "../../src/scalesim/row-sets.ts";

const rows = 6;
const rowWords = 70;
const whole = (min: number, max: number) => fc.integer({ min, max });

const run = fc.record({
  kind: fc.constant("run" as const),
  row: whole(0, rows - 1),
  from: whole(0, rowWords - 1),
  words: whole(1, rowWords),
});
const comb = fc.record({
  kind: fc.constant("comb" as const),
  row: whole(0, rows - 1),
  rowStep: whole(1, 3),
  start: whole(0, rowWords - 1),
  length: whole(1, 12),
  count: whole(1, 9),
  step: whole(1, 12),
});
const move = fc.constantFrom(
  { kind: "keep" as const },
  { kind: "comeBack" as const },
  { kind: "empty" as const },
);
const steps = fc.array(
  fc.oneof({ weight: 4, arbitrary: run }, { weight: 4, arbitrary: comb }, { weight: 1, arbitrary: move }),
  { maxLength: 300, size: "max" },
);

test("rows that share sets hold what rows of their own would, also when brought back", () => {
  fc.assert(
    fc.property(steps, (moves) => {
      const shared = rowSets(rows, rowWords);
      let own = new Set<number>();
      let kept = new Set<number>();
      const add = (row: number, from: number, to: number): number => {
        const before = own.size;
        for (let word = from; word < Math.min(rowWords, to); word += 1) own.add(row * rowWords + word);
        return own.size - before;
      };
      for (const step of moves) {
        if (step.kind === "keep") {
          keep(shared, 0);
          kept = new Set(own);
        } else if (step.kind === "comeBack") {
          comeBack(shared, 0);
          own = new Set(kept);
        } else if (step.kind === "empty") {
          empty(shared);
          keep(shared, 0);
          own = new Set();
          kept = new Set();
        } else if (step.kind === "run") {
          const to = Math.min(rowWords, step.from + step.words);
          expect(addToRow(shared, step.row, step.from, to)).toBe(add(step.row, step.from, to));
        } else {
          const count = Math.floor((rows - 1 - step.row) / step.rowStep) + 1;
          let added = 0;
          for (let row = step.row; row < rows; row += step.rowStep)
            for (let each = 0; each < step.count; each += 1)
              added += add(row, step.start + each * step.step, step.start + each * step.step + step.length);
          expect(addToRows(shared, step.row, count, step.rowStep, step)).toBe(added);
        }
      }
      for (let row = 0; row < rows; row += 1)
        for (let word = 0; word < rowWords; word += 1)
          expect(holds(shared, row, word)).toBe(own.has(row * rowWords + word));
    }),
    { numRuns: 150 },
  );
});
