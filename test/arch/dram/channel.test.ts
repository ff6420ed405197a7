import { expect, test } from "vitest";
import { ROW_HIT_FIRST, rowHitFirstModel } from "../../../src/arch/dram/controller.ts";
import { device } from "../../../src/arch/dram/device.ts";
import { resolveTiming } from "../../../src/arch/dram/timing.ts";
import { presetNamed } from "../../validation/dram/rows.ts";

const preset = presetNamed("ddr4-2400");

/** Clocks at which the data of reads comes back; requests are [clock, bank, row]. */
function dataOf(requests: readonly (readonly [number, number, number])[], until: number): number[] {
  const model = rowHitFirstModel(ROW_HIT_FIRST);
  const c = model.create(device(resolveTiming(preset), preset.organization));
  for (let t = 1; t <= until; t += 1) {
    for (const [at, bank, row] of requests) if (at === t) model.accept(c, bank, row, 0, t - 1);
    model.step(c, t);
  }
  return [...c.flow.dataAt.slice(0, c.flow.sent)];
}

// DDR4-2400: tRCD 16, CL 16, BL 4, tRP 16, tRAS 39, tCCD_L 6, tCCD_S 4, tRRD_S 4.
test("a closed bank takes tRCD + CL + BL, a hit in its group tCCD_L more", () => {
  // ACT 1, RD 17, RD 23; data ends 20 later
  expect(
    dataOf(
      [
        [1, 0, 5],
        [2, 0, 5],
      ],
      100,
    ),
  ).toEqual([37, 43]);
});

test("another row of the same bank waits for tRAS, then tRP and tRCD", () => {
  // ACT 1, RD 17, PRE 40 (1 + 39), ACT 56, RD 72
  expect(
    dataOf(
      [
        [1, 0, 5],
        [2, 0, 6],
      ],
      200,
    ),
  ).toEqual([37, 92]);
});

test("banks of two groups overlap and share the data bus at tCCD_S", () => {
  // ACT 1, ACT 5 (tRRD_S), RD 17, RD 21
  expect(
    dataOf(
      [
        [1, 0, 5],
        [1, 4, 5],
      ],
      100,
    ),
  ).toEqual([37, 41]);
});

test("a fifth activate waits for the window of four", () => {
  // ACTs of four groups at 1, 5, 9, 13; the fifth, in the first group again, at 1 + tFAW 26
  const data = dataOf(
    [
      [1, 0, 1],
      [1, 4, 1],
      [1, 8, 1],
      [1, 12, 1],
      [1, 1, 1],
    ],
    200,
  );
  expect(data.at(-1)).toBe(27 + 16 + 20);
});

test("a refresh closes all rows and holds the next activate for tRFC", () => {
  // due at tREFI 9364: PREab at 9364, REF 16 later, next ACT tRFC 433 later
  expect(
    dataOf(
      [
        [1, 0, 5],
        [9364, 0, 5],
      ],
      11000,
    ),
  ).toEqual([37, 9364 + 16 + 433 + 16 + 20]);
});
