import fc from "fast-check";
import { expect, test } from "vitest";
import { partsOf, takes } from "../../src/arch/memory-part.ts";
import type { Walk } from "../../src/arch/memory-walk.ts";
import { ticks } from "../../src/quantity.ts";

const walk = (...channels: number[]): Walk => ({
  pattern: "sequential",
  channels,
  ticksPerBytes: [1, 1],
  latency: ticks(0),
  also: {},
});
const names = (channels: number, ...walks: Walk[]): readonly string[] =>
  partsOf(channels, walks).map(({ name }) => name);

test("walks over all channels leave the memory whole", () => {
  expect(names(4, walk(0, 1, 2, 3), walk(0, 1, 2, 3))).toEqual(["0-3"]);
});

test("walks over some channels part it where one of them begins or ends", () => {
  //  0 1 2 3 4 5 6 7
  //  a a a a . . . .
  //  . . b b b b . .
  expect(names(8, walk(0, 1, 2, 3), walk(2, 3, 4, 5))).toEqual(["0-1", "2-3", "4-5"]);
});

test("channels of a part need not be neighbours", () => {
  expect(names(8, walk(0, 1, 2, 3, 4, 5, 6, 7), walk(0, 2, 4, 6))).toEqual(["0-6/2", "1-7/2"]);
  expect(names(6, walk(0, 1, 2, 3, 4, 5), walk(2, 3))).toEqual(["0-1+4-5", "2-3"]);
  expect(names(4, walk(0, 1, 2, 3), walk(0, 2, 3))).toEqual(["0+2-3", "1"]);
});

test("each channel that a walk takes is in one part, and each walk is whole parts", () => {
  const drawn = fc.uniqueArray(fc.integer({ min: 0, max: 15 }), { minLength: 1 }).map((set) => walk(...set));
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 1, maxLength: 4 }), (walks) => {
      const parts = partsOf(16, walks);
      const all = parts.flatMap(({ channels }) => channels);
      const taken = new Set(walks.flatMap(({ channels }) => channels));
      expect([...all].sort((a, b) => a - b)).toEqual([...taken].sort((a, b) => a - b));
      expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
      for (const each of walks) {
        const own = parts.filter((part) => takes(each, part)).flatMap(({ channels }) => channels);
        expect(own.sort((a, b) => a - b)).toEqual([...each.channels].sort((a, b) => a - b));
      }
    }),
  );
});
