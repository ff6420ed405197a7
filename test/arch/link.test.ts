import { expect, test } from "vitest";
import { host, ring } from "../../src/arch/link.ts";
import { hertz } from "../../src/quantity.ts";

const clock = hertz(200e6);
const document = {
  kind: "ring",
  bandwidth: "100 Gbit/s",
  efficiency: { encoding: 0.96 },
  latency: "498 ns",
  energy: "35 pJ/bit",
};
const spec = ring.resolve(ring.fields.parse(document), { clock, tickRate: clock });

test("a message takes its bytes over the rate that the encoding leaves, then flies for the latency", () => {
  // 12.5 GB/s * 0.96 = 12 GB/s: 60 B in a tick of 5 ns. 498 ns are 99.6 ticks.
  const send = (bytes: number) => ring.cost(spec, { bytes });
  expect(send(60)).toEqual({ occupancy: 1, latency: 100, counts: { bytes: 60 } });
  expect(send(61)).toEqual({ occupancy: 2, latency: 100, counts: { bytes: 61 } });
  expect(send(0)).toEqual({ occupancy: 0, latency: 100, counts: { bytes: 0 } });
});

test("its peak is the rate on the wire, its energy per byte eight times that per bit", () => {
  expect(spec.peak).toEqual({ bytes: 12.5e9 });
  expect(spec.energyPerByte).toBeCloseTo(280e-12, 20);
});

test("sender and router work side by side", () => {
  expect(spec).toMatchObject({ queues: ["send", "router"], shared: false });
});

test("overheads multiply", () => {
  const fields = host.fields.parse({ ...document, kind: "host", efficiency: { packets: 0.5, credits: 0.4 } });
  // 12.5 GB/s * 0.2 = 2.5 GB/s: 25 B in 10 ns, which are two ticks.
  expect(host.resolve(fields, { clock, tickRate: clock }).ticksPerBytes).toEqual([2, 25]);
});
