import { expect, test } from "vitest";
import { blocksOf } from "../../src/area/on-chip-memory.ts";

// Half a block of AMD's: 18 Kbit.
const halves = [
  { depth: 512, width: 36 },
  { depth: 1024, width: 18 },
  { depth: 2048, width: 9 },
];

test.each([
  ["a bank of FABNet, 512 x 16, is half empty in any shape", 512, 16, 1],
  ["a weight RAM of FABNet, 1024 x 16, fits 1024 x 18", 1024, 16, 1],
  ["one word more takes the next shape, two wide", 1025, 16, 2],
  ["a queue of 512 bit is 15 blocks wide: 14 x 36 = 504", 512, 512, 15],
  ["16 Kbit in one bit less than a block's width", 512, 36, 1],
  ["one bit more needs another block", 512, 37, 2],
  ["2048 x 9 is one", 2048, 9, 1],
])("%s", (_, depth, width, blocks) => {
  expect(blocksOf({ depth, width }, halves)).toBe(blocks);
});

test("the registers of DFX in UltraRAM: 15 wide (1024 / 72), 8 deep (29952 / 4096)", () => {
  expect(blocksOf({ depth: 29952, width: 1024 }, [{ depth: 4096, width: 72 }])).toBe(15 * 8);
});
