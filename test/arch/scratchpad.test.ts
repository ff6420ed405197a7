import { expect, test } from "vitest";
import { scratchpad } from "../../src/arch/scratchpad.ts";
import { hertz } from "../../src/quantity.ts";

const clock = hertz(200e6);
const fields = scratchpad.fields.parse({
  kind: "scratchpad",
  capacity: "8 KiB",
  width: "1024 bit",
  latency: "2 cycles",
});
const spec = scratchpad.resolve(fields, { clock, tickRate: clock });

test("a port moves its width each cycle; the last, shorter word takes a cycle too", () => {
  const read = (bytes: number) => scratchpad.cost(spec, { direction: "read", bytes });
  expect(read(128)).toEqual({ occupancy: 1, latency: 2, counts: { readBytes: 128 } });
  expect(read(129).occupancy).toBe(2);
  expect(read(0).occupancy).toBe(0);
});

test("reads and writes share the port, and a port's peak is its width at its clock", () => {
  expect(spec).toMatchObject({ shared: true, queues: ["read", "write"], capacity: 8192 });
  expect(spec.peak).toEqual({ bytes: 25.6e9 });
});

test("ports of their own let reads and writes pass at the same time, each with its peak", () => {
  const apart = scratchpad.resolve({ ...fields, ports: "separate" }, { clock, tickRate: clock });
  expect(apart.shared).toBe(false);
  expect(apart.peak).toEqual({ readBytes: 25.6e9, writeBytes: 25.6e9 });
});

test("a port narrower than a byte takes several cycles for one", () => {
  const { width } = scratchpad.fields.parse({
    ...{ kind: "scratchpad", capacity: "8 KiB" },
    width: "4 bit",
    latency: "1 cycles",
  });
  const narrow = scratchpad.resolve({ ...fields, width }, { clock, tickRate: clock });
  expect(scratchpad.cost(narrow, { direction: "write", bytes: 3 }).occupancy).toBe(6);
});
