/** Transfers of one memory over different channels, as programs and in whole runs. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Sustained } from "../../src/arch/dram/sustained.ts";
import type { Hardware } from "../../src/arch/hardware.ts";
import { hbmBanked } from "../../src/arch/memory-banked.ts";
import { deviceTask, machineOf } from "../../src/dataflow/pattern.ts";
import { sideBySide } from "../../src/dataflow/side-by-side.ts";
import { counts } from "../../src/engine/counts.ts";
import { run } from "../../src/engine/run.ts";
import { type Dependency, type Item, type Program, repeat, type Task } from "../../src/program.ts";
import { hertz, ticks } from "../../src/quantity.ts";
import { planned, reportOf } from "../library.ts";
import { presetNamed } from "../validation/dram/rows.ts";

const clock = hertz(200e6);
const memo = new Map<string, Sustained>();
const around = planned("dfx-u280-banked", "gpt2").machine.hardware;

/** Sequential walks by the first of their channels and how many; `other` goes over all eight. */
type Placed = Readonly<Record<string, readonly [first: number, over: number]>>;

/** Eight channels behind ports of 64 B a tick, which is less than a channel gives to a stream. */
function machine(placed: Placed): Hardware {
  const walks = Object.entries({ other: [0, 8], ...placed }).map(([name, [first, over]]) => [
    name,
    { pattern: "sequential", first, over },
  ]);
  const fields = hbmBanked.fields.parse({
    kind: "hbm",
    model: "banked",
    preset: presetNamed("u280-hbm2"),
    channels: 8,
    interleave: "64 B",
    capacity: "2 GB",
    granule: "64 B",
    outstanding: 64,
    port: { width: "512 bit", addresses: "75 MHz", latency: "80 ns" },
    efficiency: {},
    latency: {},
    walks: Object.fromEntries(walks),
  });
  const spec = hbmBanked.resolve(fields, { clock, tickRate: clock }, memo);
  return { ...around, devices: 1, clock, tickRate: clock, units: { hbm: { kind: "hbm", spec } } };
}

/** So many bytes along a walk; nothing is waited for behind its last byte. */
function moving(
  { units: { hbm } }: Hardware,
  walk: string,
  bytes: number,
  name = walk,
  after: readonly Dependency[] = [],
  direction: "read" | "write" = "read",
): Task {
  if (hbm?.kind !== "hbm") throw new Error("the machine has no HBM");
  const cost = { ...hbmBanked.cost(hbm.spec, { direction, bytes, walk }), latency: ticks(0) };
  return deviceTask(0, { unit: `hbm.${direction}`, op: name, after, cost });
}

const programOf = (hardware: Hardware, body: readonly Item[]): Program =>
  sideBySide(hardware, { ...machineOf(hardware), body });
const finish = (hardware: Hardware, ...body: readonly Item[]): number =>
  run(programOf(hardware, body)).finish;

describe("two streams", () => {
  const halves = machine({ left: [0, 4], right: [4, 4] });

  test("on disjoint channels do not slow each other", () => {
    // 25,600 B over four ports of 64 B a tick are 100 ticks, 15,360 B are 60.
    const [left, right] = [moving(halves, "left", 25_600), moving(halves, "right", 15_360)];
    expect(finish(halves, left)).toBe(100);
    expect(finish(halves, right)).toBe(60);
    expect(finish(halves, left, right)).toBe(100);
    expect(finish(halves, right, left)).toBe(100);
  });

  test("on the same channels share their time", () => {
    const [left, again] = [moving(halves, "left", 25_600), moving(halves, "left", 15_360, "again")];
    expect(finish(halves, left, again)).toBe(160);
    const back = moving(halves, "left", 15_360, "back", [], "write");
    expect(finish(halves, left, back)).toBe(160);
  });

  test("that have some channels in common share those", () => {
    // Over all eight ports 51,200 B are 100 ticks: on the left behind its 60, on the right at once. What waits for them waits for both.
    const all = moving(halves, "other", 51_200, "all");
    expect(finish(halves, moving(halves, "left", 15_360), all)).toBe(160);
    const next = moving(halves, "right", 2560, "next", ["device0.all"]);
    expect(finish(halves, moving(halves, "left", 15_360), all, next)).toBe(170);
    expect(finish(halves, moving(halves, "left", 15_360), all, moving(halves, "right", 2560))).toBe(160);
  });
});

test("a memory whose walks all go everywhere is one, by its plain names", () => {
  const whole = machine({ left: [0, 8] });
  const program = { ...machineOf(whole), body: [moving(whole, "left", 64)] };
  expect(sideBySide(whole, program)).toBe(program);
  expect(program.units.map(({ name }) => name)).toEqual(["device0.hbm.read", "device0.hbm.write"]);
});

test("parts are units of their own, and bytes are counted once", () => {
  const halves = machine({ left: [0, 4] });
  const program = programOf(halves, [moving(halves, "other", 51_200, "all")]);
  expect(program.units.map(({ name, server }) => `${name} on ${server}`)).toEqual([
    "device0.hbm.0-3.read on device0.hbm.0-3",
    "device0.hbm.0-3.write on device0.hbm.0-3",
    "device0.hbm.4-7.read on device0.hbm.4-7",
    "device0.hbm.4-7.write on device0.hbm.4-7",
  ]);
  expect(program.servers.map(({ name }) => name)).toEqual(["device0.hbm.0-3", "device0.hbm.4-7"]);
  const read = counts(program).map((place) => place.counts["hbm.readBytes"] ?? 0);
  expect(read).toEqual([51_200, 0]);
});

test("a loop's transfer waits for all pieces of older ones, of its own as of others", () => {
  const halves = machine({ right: [4, 4] });
  const all = (after: readonly Dependency[]): Task => moving(halves, "other", 51_200, "all", after);
  // 10 ticks on the right half once the 100 on both are done.
  const then = moving(halves, "right", 2560, "then", ["device0.all"]);
  // Each starts when the one before is done on both halves: the pieces of one instance do not wait for each other.
  expect(finish(halves, repeat(3, [all(["device0.all"])]))).toBe(300);
  // The right half is always busy; the left one waits for it, or for the one before the last.
  expect(finish(halves, repeat(3, [all([{ task: "device0.all", age: 1 }]), then]))).toBe(330);
  expect(finish(halves, repeat(3, [all([{ task: "device0.then", back: 1 }]), then]))).toBe(330);
  // The left half's last 100 end at 300; 20 ticks on it follow, beside the right one's last 10.
  const left = machine({ left: [0, 4], right: [4, 4] });
  const last = moving(left, "left", 5120, "last");
  const loop = repeat(3, [
    moving(left, "other", 51_200, "all"),
    moving(left, "right", 2560, "then", ["device0.all"]),
  ]);
  expect(finish(left, loop, last)).toBe(330);
});

describe("laws", () => {
  const channels = fc
    .tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 8 }))
    .map(([first, over]): readonly [number, number] => [first, Math.min(over, 8 - first)]);
  const asked = fc.record({
    walk: fc.constantFrom("a", "b", "c"),
    ticks: fc.integer({ min: 1, max: 50 }),
    direction: fc.constantFrom("read" as const, "write" as const),
  });
  const drawn = fc.record({
    a: channels,
    b: channels,
    c: channels,
    transfers: fc.array(asked, { minLength: 1, maxLength: 8 }),
  });

  test("transfers that nothing links take as long as the busiest channel, and those of no common channel as if alone", () => {
    fc.assert(
      fc.property(drawn, ({ transfers, ...placed }) => {
        const hardware = machine(placed);
        const tasks = transfers.map(({ walk, ticks: long, direction }, index) => {
          const [, over] = placed[walk];
          return moving(hardware, walk, 64 * over * long, `${walk}${index}`, [], direction);
        });
        const busy = Array.from({ length: 8 }, (_, channel) =>
          transfers
            .filter(({ walk }) => placed[walk][0] <= channel && channel < placed[walk][0] + placed[walk][1])
            .reduce((sum, each) => sum + each.ticks, 0),
        );
        // A queue deep enough, so that none waits to be dispatched behind another channel's.
        const deep = { ...hardware, sequencer: { ...hardware.sequencer, depth: 16 } };
        expect(finish(deep, ...tasks)).toBe(Math.max(...busy));
      }),
    );
  });
});

describe("a run of DFX with weights and cache on channels of their own", () => {
  const few = ["hardware.devices=1", "workload.inputTokens=40", "workload.outputTokens=2"];
  const apart = [
    ...few,
    "hardware.units.hbm.walks.weights.over=24",
    "hardware.units.hbm.walks.cache.over=8",
    "hardware.units.hbm.walks.cache.first=24",
    "hardware.units.hbm.walks.transposed.over=8",
    "hardware.units.hbm.walks.transposed.first=24",
  ];
  const report = reportOf("dfx-u280-banked", "gpt2", apart);

  test("tells the parts as units, each with its own busy time", () => {
    const names = report.units.map(({ unit }) => unit).filter((unit) => unit.startsWith("hbm"));
    expect(new Set(names)).toEqual(
      new Set(["hbm.0-23.read", "hbm.0-23.write", "hbm.24-31.read", "hbm.24-31.write"]),
    );
  });

  test("moves the bytes that it moves on one memory, and prices them alike", () => {
    const whole = reportOf("dfx-u280-banked", "gpt2", few);
    const bytesOf = ({ memories: [hbm] }: typeof report) =>
      hbm?.walks?.map(({ walk, bytes }) => [walk, bytes]);
    expect(bytesOf(report)).toEqual(bytesOf(whole));
    expect(report.energy.unpriced).toEqual(whole.energy.unpriced);
    expect(report.memories[0]?.peakBytes).toBe(whole.memories[0]?.peakBytes);
  });

  test("is faster than with both on the same of them", () => {
    const small = [...apart, "workload.model.n_layer=2", "workload.model.vocab_size=1000"];
    const crowded = [...small, "hardware.units.hbm.walks.weights.first=8"];
    expect(reportOf("dfx-u280-banked", "gpt2", small).totals.latencySeconds).toBeLessThan(
      reportOf("dfx-u280-banked", "gpt2", crowded).totals.latencySeconds,
    );
  });
});
