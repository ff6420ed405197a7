import { expect, test } from "vitest";
import { type Port, portBandwidth, portLatency } from "../../../src/arch/dram/port.ts";
import { replay } from "../../../src/arch/dram/replay.ts";
import type { Pattern } from "../../../src/arch/dram/sequence.ts";
import { presetNamed } from "./rows.ts";

// A real Alveo U280, one pseudo-channel, reads: real_u280_measurements.csv.
const preset = presetNamed("u280-hbm2");
const port: Port = { ...(preset.port ?? expect.fail("no port")) };

const gigabytes = (pattern: Pattern): number =>
  replay(preset, {
    traffic: { pattern, writePercent: 0 },
    arrivals: { kind: "closed", outstanding: 64 },
    requests: 40_000,
    warmUp: 2000,
  }).bytesPerSecond / 1e9;

const within = (ours: number, measured: number, share: number): void =>
  expect(Math.abs(ours / measured - 1), `${ours} against ${measured}`).toBeLessThan(share);

test("sequential reads are within 5 % of both sources", () => {
  within(gigabytes({ kind: "sequential" }), 13.0996, 0.05);
  within(gigabytes({ kind: "sequential" }), 13.27, 0.05);
});

test("strides of 4 KB are within 5 %, over the whole channel and within two rows", () => {
  within(gigabytes({ kind: "stride", bytes: 4096 }), 2.4, 0.05);
  within(gigabytes({ kind: "stride", bytes: 4096, windowBytes: 8192 }), 6.7, 0.05);
});

test.each([
  [256, 12.6164],
  [512, 13.1338],
  [1024, 13.155],
])("random chunks of %i B are within 5 %%", (bytes, measured) => {
  within(portBandwidth(port, gigabytes({ kind: "chunk", bytes }) * 1e9, bytes) / 1e9, measured, 0.05);
});

test.each([
  [64, 4.75379],
  [128, 9.59893],
])("chunks of %i B are limited by the master's addresses, not by the channel", (bytes, measured) => {
  const channel = gigabytes({ kind: "chunk", bytes }) * 1e9;
  expect(portBandwidth(port, channel, bytes)).toBeLessThan(channel);
  within(portBandwidth(port, channel, bytes) / 1e9, measured, 0.05);
});

test("idle latencies of a hit, a closed bank and a miss are within 5 %", () => {
  const { CL, BL, tRCDRD, tRP } = preset.timing;
  // One clock to be taken in; an activate takes two clocks on its bus.
  const clocks = { hit: 1 + CL + BL, closed: 2 + tRCDRD + CL + BL, miss: 2 + tRP + tRCDRD + CL + BL };
  const nanoseconds = (count: number): number => portLatency(port, (count * preset.tCK) / 1e12, false) * 1e9;
  within(nanoseconds(clocks.hit), 106.7, 0.05);
  within(nanoseconds(clocks.closed), 122.2, 0.05);
  within(nanoseconds(clocks.miss), 137.8, 0.05);
});
