import fc from "fast-check";
import { expect, test } from "vitest";
import type { Span } from "../../src/engine/observer.ts";
import { type RunOptions, run } from "../../src/engine/run.ts";
import { type Program, repeat, type Task } from "../../src/program.ts";
import { ticks } from "../../src/quantity.ts";
import { type TraceEvent, traceOf } from "../../src/report/trace.ts";

const load: Task = {
  kind: "task",
  id: "device0.load",
  unit: "device0.hbm.read",
  op: "decoder.query",
  occupancy: 10,
  latency: ticks(3),
  after: [],
  counts: {},
};
const compute: Task = {
  ...load,
  id: "device1.compute",
  unit: "device1.matrix",
  occupancy: 4,
  after: [load.id],
};
const units = [
  { name: "device0.hbm.read", sequencer: "device0", depth: 2 },
  { name: "device1.matrix", sequencer: "device1", depth: 2 },
];
const program: Program = { units, servers: [], body: [repeat(3, [load, compute])] };

test("a task is a slice on the track of its unit, in microseconds", () => {
  // At 200 MHz a tick is 5 ns: the second load occupies ticks 10 to 20, the second product waits for it until tick 23.
  const { traceEvents } = traceOf(spansOf(program), names(program), 200e6);
  const [hbm, matrix] = [slices(traceEvents, 2, 1), slices(traceEvents, 3, 2)];
  expect(hbm.map(({ name, cat, ts, dur }) => [name, cat, ts, dur])).toEqual([
    ["query", "decoder", 0, 0.05],
    ["query", "decoder", 0.05, 0.05],
    ["query", "decoder", 0.1, 0.05],
  ]);
  expect(
    matrix.map(({ ts, dur, args }) => [ts, dur, args["readyMicroseconds"], args["doneMicroseconds"]]),
  ).toEqual([
    [0.065, 0.02, 0.065, 0.1],
    [0.115, 0.02, 0.115, 0.15],
    [0.165, 0.02, 0.165, 0.2],
  ]);
});

test("devices are processes and units are threads, by name", () => {
  const { traceEvents } = traceOf([], ["device0.hbm.read", "device1.matrix", "clock"], 1e9);
  const named = traceEvents.flatMap((event) =>
    "name" in event.args ? [[event.name, event.pid, event.args.name]] : [],
  );
  expect(named).toEqual([
    ["process_name", 2, "device 0"],
    ["thread_name", 2, "hbm.read"],
    ["process_name", 3, "device 1"],
    ["thread_name", 3, "matrix"],
    ["process_name", 1, "machine"],
    ["thread_name", 1, "clock"],
  ]);
});

test("each span is one slice, and slices of a track do not overlap, whatever the tick", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 50 })), { maxLength: 40 }),
      fc.constantFrom(1e12, 7e11, 1.2e9, 200e6, 3),
      (gapsAndLengths, tickRate) => {
        let now = 0;
        const spans = gapsAndLengths.map(([gap, length]): Span => {
          const start = now + gap;
          now = start + length;
          return {
            place: 0,
            task: load,
            ready: ticks(start),
            start: ticks(start),
            occupancy: ticks(length),
            end: ticks(now),
            doneAt: ticks(now),
          };
        });
        const track = slices(traceOf(spans, [load.unit], tickRate).traceEvents, 2, 1);
        expect(track).toHaveLength(spans.length);
        let free = 0;
        for (const { ts, dur } of track) {
          // In nanoseconds, as viewers keep them.
          expect(Math.round(ts * 1e3)).toBeGreaterThanOrEqual(free);
          expect(dur).toBeGreaterThanOrEqual(0);
          free = Math.round((ts + dur) * 1e3);
        }
      },
    ),
  );
});

type Slice = Extract<TraceEvent, { readonly ph: "X" }>;

const slices = (events: readonly TraceEvent[], pid: number, tid: number): readonly Slice[] =>
  events.flatMap((event) => (event.ph === "X" && event.pid === pid && event.tid === tid ? [event] : []));

const names = ({ units }: Program): readonly string[] => units.map(({ name }) => name);

function spansOf(program: Program): readonly Span[] {
  const spans: Span[] = [];
  const options: RunOptions = { observer: { from: 0, to: 1e6, onSpan: (span) => spans.push(span) } };
  run(program, options);
  return spans;
}
