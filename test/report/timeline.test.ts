/** Timelines: what is packed comes out again, and what is shown is what the run did. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { repeat, type Task } from "../../src/program.ts";
import { ticks } from "../../src/quantity.ts";
import { buildTimeline } from "../../src/report/timeline/build.ts";
import { packSpans, unpackSpans } from "../../src/report/timeline/pack.ts";

test("spans come out of their packing as they went in, times past 2^32 included", () => {
  const gap = fc.oneof(fc.nat(300), fc.nat(2 ** 45));
  fc.assert(
    fc.property(fc.array(fc.tuple(gap, gap, fc.nat(65_535))), (parts) => {
      let free = 0;
      const spans = parts.map(([before, length, op]) => {
        const start = free + before;
        free = start + length;
        return { start, end: free, op };
      });
      const columns = {
        starts: Float64Array.from(spans, ({ start }) => start),
        ends: Float64Array.from(spans, ({ end }) => end),
        ops: Uint16Array.from(spans, ({ op }) => op),
      };
      expect(unpackSpans(packSpans(columns), spans.length)).toEqual(columns);
    }),
    { numRuns: 300 },
  );
});

test("tasks that overlap on one unit are refused", () => {
  const overlapping = {
    starts: Float64Array.of(0, 5),
    ends: Float64Array.of(10, 12),
    ops: Uint16Array.of(0, 0),
  };
  expect(() => packSpans(overlapping)).toThrow("overlap by 5 ticks");
});

const task = (id: string, unit: string, op: string, occupancy: number, after: readonly string[]): Task => ({
  kind: "task",
  id,
  unit: `device0.${unit}`,
  op,
  occupancy: occupancy,
  latency: ticks(0),
  after,
  counts: {},
});
/**
 * Three tokens, each a load of 10 ticks and a product of 20 behind it: the loads run ahead, the products stand back to back.
 *
 *     load   |0 10|10 20|20 30|
 *     matrix      |10   30|30   50|50   70|
 */
const program = {
  units: ["load", "matrix"].map((unit) => ({ name: `device0.${unit}`, sequencer: "device0", depth: 8 })),
  servers: [],
  body: [
    repeat(
      3,
      [task("load", "load", "layer.load", 10, []), task("mac", "matrix", "layer.mac", 20, ["load"])],
      "decode",
    ),
  ],
};
const kinds = new Map([["layer.mac", "matmul"]]);

test("a window shows each task of its units, and an overview the share of time that they are busy", () => {
  const timeline = buildTimeline({
    program,
    ticksPerSecond: 10,
    kinds,
    window: { from: 0, to: 70 },
    most: 100,
  });
  expect(timeline.finish).toBe(70);
  expect(timeline.ops).toEqual([
    { name: "layer.load", kind: "machine" },
    { name: "layer.mac", kind: "matmul" },
  ]);
  const tracks = timeline.tracks.map(({ unit, tasks, packed }) => ({ unit, ...unpackSpans(packed, tasks) }));
  expect(tracks.map(({ unit, starts, ends }) => [unit, [...starts], [...ends]])).toEqual([
    ["load", [0, 10, 20], [10, 20, 30]],
    ["matrix", [10, 30, 50], [30, 50, 70]],
  ]);
  expect(timeline.layers.map(({ name, from, to }) => [name, from, to])).toEqual([
    ["layer 1", 0, 30],
    ["layer 2", 10, 50],
    ["layer 3", 20, 70],
  ]);
  const [load] = timeline.overview.units;
  const busy = load?.busy.reduce((sum, thousandths) => sum + thousandths, 0) ?? 0;
  // 30 of 70 ticks, in thousandths of each of 240 bins, each rounded.
  expect(Math.abs(busy / 240 - (1000 * 30) / 70)).toBeLessThan(0.5);
});

test("a window with too many tasks ends early, and says so", () => {
  const timeline = buildTimeline({
    program,
    ticksPerSecond: 10,
    kinds,
    window: { from: 0, to: 70 },
    most: 4,
  });
  expect(timeline.tracks.reduce((sum, { tasks }) => sum + tasks, 0)).toBeLessThanOrEqual(4);
  expect(timeline.window.to).toBeLessThan(70);
  expect(timeline.cut).toBe("the first 4 tasks of the window");
});
