import { describe, expect, test } from "vitest";
import { run } from "../../src/engine/run.ts";
import { type Item, type Program, repeat, type Task } from "../../src/program.ts";
import { ticks } from "../../src/quantity.ts";
import { boundsOf, finishingTicks, groupBy, splitUnit, sumOf, tallies } from "../../src/report/fold.ts";

const task = (device: number, unit: string, op: string, more: Partial<Task>): Task => ({
  kind: "task",
  id: `device${device}.${op}.${unit}`,
  unit: `device${device}.${unit}`,
  op,
  occupancy: 0,
  latency: ticks(0),
  after: [],
  counts: {},
  ...more,
});

const programOf = (body: readonly Item[], devices = 1): Program => ({
  units: Array.from({ length: devices }, (_, device) => device).flatMap((device) =>
    ["hbm.read", "matrix"].map((unit) => ({
      name: `device${device}.${unit}`,
      sequencer: `device${device}`,
      depth: 4,
    })),
  ),
  servers: [],
  body,
});
const folded = (program: Program) => tallies(program, run(program));

/**
 * Twice: 10 ticks of load, there 5 later; then 4 of products, done 1 later.
 *     load   0-10   10-20
 *     there     15     25
 *     matrix       15-19   25-29
 *     done            20      30
 */
const load = task(0, "hbm.read", "layer.query", {
  occupancy: 10,
  latency: ticks(5),
  counts: { "hbm.readBytes": 64 },
});
const product = task(0, "matrix", "layer.query", {
  occupancy: 4,
  latency: ticks(1),
  after: [load.id],
  counts: { "matrix.macs": 32 },
});
const start = task(0, "hbm.read", "host.start", {});

describe("tallies of a pencil run", () => {
  const [host, query, ...others] = folded(programOf([start, repeat(2, [load, product], "prefill")]));

  test("are one for each op, device and phase; what stands outside of all loops is of the host", () => {
    expect(others).toEqual([]);
    expect(host).toMatchObject({ phase: "host", op: "host.start", device: 0 });
    expect(query).toMatchObject({ phase: "prefill", op: "layer.query", device: 0 });
  });

  test("tell by how much each cause moved the finish line", () => {
    // Load: 0 to 10 and its latency to 15, then from 20 to 25. Matrix: 15 to 19, 25 to 29, and twice a tick of latency.
    expect(Object.fromEntries(query?.finishing ?? [])).toEqual({
      "hbm.read rate": 10,
      "hbm.read latency": 10,
      "matrix rate": 8,
      "matrix latency": 2,
    });
    expect(query && finishingTicks(query)).toBe(30);
    expect(host && finishingTicks(host)).toBe(0);
  });

  test("tell how long each unit worked, and how long it stood free for what", () => {
    expect(Object.fromEntries(query?.busy ?? [])).toEqual({ "hbm.read": 20, matrix: 8 });
    // The matrix unit waits from 0 to 15 and from 19 to 25, both times for the load.
    expect(Object.fromEntries(query?.stalls ?? [])).toEqual({ "hbm.read": 21 });
  });

  test("count every execution", () => {
    expect(Object.fromEntries(query?.counts ?? [])).toEqual({ "hbm.readBytes": 128, "matrix.macs": 64 });
  });

  test("say what bounds an op, largest share first", () => {
    expect(query && boundsOf(query)).toEqual([
      { unit: "hbm.read", limit: "rate", share: 10 / 30 },
      { unit: "hbm.read", limit: "latency", share: 10 / 30 },
      { unit: "matrix", limit: "rate", share: 8 / 30 },
      { unit: "matrix", limit: "latency", share: 2 / 30 },
    ]);
    expect(host && boundsOf(host)).toEqual([]);
  });
});

test("devices are tallied apart, and sums put them together", () => {
  const on = (device: number, occupancy: number): Task =>
    task(device, "matrix", "layer.query", { occupancy, counts: { "matrix.macs": 5 } });
  const parts = folded(programOf([repeat(3, [on(0, 4), on(1, 6)], "decode")], 2));
  expect(parts.map(({ device }) => device)).toEqual([0, 1]);
  const { busy, counts } = sumOf(parts);
  expect(Object.fromEntries(busy)).toEqual({ matrix: 30 });
  expect(Object.fromEntries(counts)).toEqual({ "matrix.macs": 30 });
});

test("the same op in two phases is tallied twice", () => {
  const parts = folded(programOf([repeat(1, [load], "prefill"), repeat(2, [load], "decode")]));
  expect(parts.map(({ phase, counts }) => [phase, counts.get("hbm.readBytes")])).toEqual([
    ["prefill", 64],
    ["decode", 128],
  ]);
});

test("a task's unit is its device and its queue", () => {
  expect(splitUnit("device3.hbm.read")).toEqual({ device: 3, unit: "hbm.read" });
  expect(splitUnit("device12.matrix")).toEqual({ device: 12, unit: "matrix" });
});

test("groups stand in the order in which their keys first appear", () => {
  const groups = groupBy(["pear", "apple", "plum", "avocado"], ([first = ""]) => first);
  expect([...groups]).toEqual([
    ["p", ["pear", "plum"]],
    ["a", ["apple", "avocado"]],
  ]);
});
