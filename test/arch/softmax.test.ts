import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { softmax } from "../../src/arch/softmax.ts";
import { bytes, cycles, hertz } from "../../src/quantity.ts";

const time = { tickRate: hertz(200e6), clock: hertz(200e6) };

const specOf = (pipelines: number, lanes: number, latency = 0) =>
  softmax.resolve(
    {
      kind: "softmax",
      precision: "int16",
      pipelines,
      lanes,
      capacity: bytes(1024),
      add: cycles(latency),
      multiply: cycles(latency),
      exponential: cycles(latency),
      reciprocal: cycles(latency),
    },
    time,
  );

/** Three stages over rows of scores, one beat of `lanes` elements a cycle each: values, and the cycle after the last one. */
function stepped(scores: readonly (readonly number[])[], pipelines: number, lanes: number) {
  const stages = scores.map((row) => ({ row, maximum: -Infinity, sum: 0, exponentials: [] as number[] }));
  const output: number[][] = scores.map(() => []);
  const done = [0, 0, 0].map(() => scores.map(() => 0));
  const queue = Array.from({ length: pipelines }, (_, lane) =>
    scores.flatMap((_, r) => (r % pipelines === lane ? [r] : [])),
  );
  let cycle = 0;
  const left = (stage: number, r: number): boolean => (done[stage]?.[r] ?? 0) < (scores[r]?.length ?? 0);
  while (scores.some((_, r) => left(2, r))) {
    // A stage takes the first row that the stage before has finished in an earlier cycle and that it has not.
    const picks = queue.flatMap((rows) =>
      [0, 1, 2].flatMap((stage) => {
        const next = rows.find((r) => left(stage, r));
        return next === undefined || (stage > 0 && left(stage - 1, next)) ? [] : [{ stage, r: next }];
      }),
    );
    for (const { stage, r } of picks) {
      const state = stages[r];
      const progress = done[stage];
      if (state === undefined || progress === undefined) continue;
      const from = progress[r] ?? 0;
      const beat = state.row.slice(from, from + lanes);
      if (stage === 0) state.maximum = Math.max(state.maximum, ...beat);
      if (stage === 1)
        for (const value of beat) {
          const exponential = Math.exp(value - state.maximum);
          state.exponentials.push(exponential);
          state.sum += exponential;
        }
      if (stage === 2)
        output[r]?.push(...state.exponentials.slice(from, from + lanes).map((e) => e / state.sum));
      progress[r] = from + beat.length;
    }
    cycle += 1;
  }
  return { output, cycle };
}

describe("softmax pipelines", () => {
  test("a stepped model with values: each row sums to one, and its cycles are the closed form's", () => {
    const size = fc.integer({ min: 1, max: 12 });
    const law = fc.property(
      size,
      size,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      (rows, width, pipelines, lanes) => {
        const scores = Array.from({ length: rows }, (_, r) =>
          Array.from({ length: width }, (_, c) => Math.sin(7 * r + 3 * c)),
        );
        const { output, cycle } = stepped(scores, pipelines, lanes);
        for (const [r, row] of output.entries()) {
          const exponentials = (scores[r] ?? []).map(Math.exp);
          const sum = exponentials.reduce((a, b) => a + b);
          for (const [c, value] of row.entries()) expect(value).toBeCloseTo((exponentials[c] ?? 0) / sum, 12);
        }
        const { occupancy, latency } = softmax.cost(specOf(pipelines, lanes), { rows, width });
        expect(Number(occupancy) + latency).toBe(cycle);
      },
    );
    fc.assert(law, { numRuns: 500 });
  });

  test("by hand: 64 rows of 100 on 4 pipelines of 8 lanes are 16 rows of 13 beats, and two stages more", () => {
    const { occupancy, latency } = softmax.cost(specOf(4, 8, 2), { rows: 64, width: 100 });
    expect(occupancy).toBe(16 * 13);
    // Two trees of 3 levels and an accumulator, an exponential, a reciprocal, a multiplier: 2 cycles each.
    expect(latency).toBe(2 * 13 + 2 * (2 * 4 + 3));
  });
});
