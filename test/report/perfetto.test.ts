/** Traces are read back by protobufjs with Perfetto's own schema, which shares nothing with the writer. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { run } from "../../src/engine/run.ts";
import { simulate } from "../../src/index.ts";
import { traceRun } from "../../src/node/trace-run.ts";
import {
  newWire,
  writeDouble,
  writeFixed64,
  writeMessage,
  writeText,
  writeUint,
  written,
} from "../../src/report/protobuf.ts";
import { planned } from "../library.ts";

const schema = protobuf.parse(readFileSync("test/report/perfetto/trace.proto", "utf8"), { keepCase: true });
const traceType = schema.root.lookupType("perfetto.protos.Trace");

const entry = z.object({ iid: z.number(), name: z.string().optional(), str: z.string().optional() });
const packetSchema = z.object({
  timestamp: z.number().optional(),
  trusted_packet_sequence_id: z.number(),
  sequence_flags: z.number(),
  track_event: z
    .object({
      type: z.string(),
      track_uuid: z.number(),
      name_iid: z.number().optional(),
      category_iids: z.array(z.number()).default([]),
      debug_annotations: z
        .array(
          z.object({
            name_iid: z.number(),
            uint_value: z.number().optional(),
            string_value_iid: z.number().optional(),
          }),
        )
        .default([]),
      double_counter_value: z.number().optional(),
      flow_ids: z.array(z.number()).default([]),
      terminating_flow_ids: z.array(z.number()).default([]),
    })
    .optional(),
  interned_data: z.record(z.string(), z.array(entry)).optional(),
  track_descriptor: z
    .object({
      uuid: z.number(),
      name: z.string(),
      parent_uuid: z.number().optional(),
      process: z.object({ pid: z.number(), process_name: z.string() }).optional(),
      counter: z.object({ unit: z.string().optional(), unit_name: z.string().optional() }).optional(),
      sibling_order_rank: z.number().optional(),
    })
    .optional(),
});

function decoded(bytes: Uint8Array) {
  const message = traceType.decode(bytes);
  const plain = traceType.toObject(message, { longs: Number, enums: String, bytes: String });
  return z.object({ packet: z.array(packetSchema) }).parse(plain).packet;
}

const gpt2 = planned("dfx-u280", "gpt2", ["devices=2", "inputTokens=2", "outputTokens=2", "model.n_layer=2"]);

function traceOf(run: typeof gpt2, to: number): Uint8Array {
  const trace = traceRun(run, "run.pftrace", { from: 0, to });
  if (typeof trace === "string") throw new Error("not a protobuf");
  return trace;
}

describe("a protobuf trace of a whole run", () => {
  const { hardware, dataflow } = gpt2.machine;
  const stats = run(dataflow.lower(hardware, gpt2.workload));
  const result = simulate(gpt2);
  if (result.status === "unfit") throw new Error(result.reason);
  const { latencySeconds } = result.report.totals;
  const packets = decoded(traceOf(gpt2, 1));
  const events = packets.flatMap(({ track_event, timestamp = 0 }) =>
    track_event === undefined ? [] : [{ ...track_event, timestamp }],
  );
  const tracks = packets.flatMap(({ track_descriptor }) => track_descriptor ?? []);
  const texts = packets[0]?.interned_data ?? {};
  const begins = events.filter(({ type }) => type === "TYPE_SLICE_BEGIN");

  test("is one sequence that begins afresh, with all texts in its first packet", () => {
    expect(packets[0]?.sequence_flags).toBe(1);
    expect(packets.slice(1).every(({ sequence_flags }) => sequence_flags === 2)).toBe(true);
    expect(new Set(packets.map(({ trusted_packet_sequence_id }) => trusted_packet_sequence_id))).toEqual(
      new Set([1]),
    );
    const names = new Set((texts["event_names"] ?? []).map(({ iid }) => iid));
    expect(begins.every(({ name_iid = 0 }) => names.has(name_iid))).toBe(true);
    expect((texts["event_names"] ?? []).map(({ name }) => name)).toContain("softmax");
  });

  test("has a track for each unit under the process of its device, before its events", () => {
    const processes = tracks.filter(({ process }) => process !== undefined);
    expect(processes.map(({ name, process }) => [name, process?.process_name])).toEqual([
      ["device 0", "device 0"],
      ["device 1", "device 1"],
      ["machine", "machine"],
    ]);
    const uuids = tracks.map(({ uuid }) => uuid);
    expect(new Set(uuids).size).toBe(uuids.length);
    for (const { parent_uuid } of tracks) if (parent_uuid !== undefined) expect(uuids).toContain(parent_uuid);
    expect(events.every(({ track_uuid }) => uuids.includes(track_uuid))).toBe(true);
    const units = tracks.filter(({ counter, process }) => counter === undefined && process === undefined);
    expect(units).toHaveLength(stats.units.length);
  });

  test("has a slice for each task, and on each track they begin and end in turn", () => {
    expect(begins).toHaveLength(stats.places.reduce((sum, { instances }) => sum + instances, 0));
    const depth = new Map<number, number>();
    let time = 0;
    for (const { type, track_uuid, timestamp } of events) {
      expect(timestamp).toBeGreaterThanOrEqual(time);
      time = timestamp;
      if (type === "TYPE_COUNTER") continue;
      const open = (depth.get(track_uuid) ?? 0) + (type === "TYPE_SLICE_BEGIN" ? 1 : -1);
      expect(open === 0 || open === 1).toBe(true);
      depth.set(track_uuid, open);
    }
    expect([...depth.values()].every((open) => open === 0)).toBe(true);
  });

  test("ends when the report says", () => {
    const latencyId = texts["debug_annotation_names"]?.find(({ name }) => name === "latency ns")?.iid;
    const open = new Map<number, number>();
    let last = 0;
    for (const { type, track_uuid, timestamp, debug_annotations } of events) {
      if (type === "TYPE_SLICE_BEGIN")
        open.set(
          track_uuid,
          debug_annotations.find(({ name_iid }) => name_iid === latencyId)?.uint_value ?? 0,
        );
      else if (type === "TYPE_SLICE_END") last = Math.max(last, timestamp + (open.get(track_uuid) ?? 0));
    }
    expect(last).toBe(Math.round(latencySeconds * 1e9));
  });

  test("each unit's slices are as long together as the report says it is busy", () => {
    const open = new Map<number, number>();
    const busy = new Map<number, number>();
    for (const { type, track_uuid, timestamp } of events) {
      if (type === "TYPE_SLICE_BEGIN") open.set(track_uuid, timestamp);
      else if (type === "TYPE_SLICE_END")
        busy.set(track_uuid, (busy.get(track_uuid) ?? 0) + timestamp - (open.get(track_uuid) ?? 0));
    }
    for (const { device, unit, busySeconds } of result.report.units) {
      const process = tracks.find(({ name }) => name === `device ${device}`)?.uuid;
      const track = tracks.find(({ name, parent_uuid }) => name === unit && parent_uuid === process);
      const count = begins.filter(({ track_uuid }) => track_uuid === track?.uuid).length;
      // Each end is rounded to a nanosecond; a slice also has the ticks of contention.
      if (unit !== "hbm.write")
        expect(Math.abs((busy.get(track?.uuid ?? 0) ?? 0) - busySeconds * 1e9)).toBeLessThanOrEqual(count);
    }
  });

  test("an arrow leads from each result to a task that started with it", () => {
    const heads = new Map(
      begins.flatMap((event) => event.terminating_flow_ids.map((id) => [id, event] as const)),
    );
    const tails = begins.flatMap((event) => event.flow_ids.map((id) => [id, event] as const));
    expect(tails.length).toBeGreaterThan(200);
    expect(tails).toHaveLength(heads.size);
    for (const [id, tail] of tails) {
      const head = heads.get(id);
      expect(head?.timestamp).toBeGreaterThanOrEqual(tail.timestamp);
    }
  });

  test("bandwidth, summed over time, is what the report says was moved; power is the energy", () => {
    const counted = (name: string): number =>
      tracks
        .filter((track) => track.name === name && track.counter !== undefined)
        .reduce((sum, { uuid }) => {
          const points = events.filter(({ track_uuid }) => track_uuid === uuid);
          const end = Math.round(latencySeconds * 1e9);
          return points.reduce(
            (all, { timestamp, double_counter_value = 0 }, index) =>
              all + (double_counter_value * ((points[index + 1]?.timestamp ?? end) - timestamp)) / 1e9,
            sum,
          );
        }, 0);
    const moved = result.report.devices.reduce((sum, { bytes }) => sum + (bytes["hbm"] ?? 0), 0);
    expect(counted("hbm bandwidth") / moved).toBeCloseTo(1, 3);
    expect(counted("power drawn") / result.report.totals.energyJoules).toBeCloseTo(1, 2);
    const capacity = tracks.find(({ name }) => name === "hbm capacity");
    expect(capacity?.counter?.unit).toBe("UNIT_SIZE_BYTES");
  });
});

test("the writer's numbers and texts are what a reader reads", () => {
  const type = protobuf
    .parse(
      'syntax = "proto2"; message M { optional uint64 u = 1; optional fixed64 f = 2; optional double d = 3; optional string s = 4; optional M m = 200; }',
    )
    .root.lookupType("M");
  for (const [u, f, s] of [
    [0, 0, ""],
    [127, 2 ** 32, "é λ 漢 🦋"],
    [128, 2 ** 53 - 1, "x".repeat(127)],
    [2 ** 53 - 1, 5, "y".repeat(200_000)],
  ] as const) {
    const wire = newWire();
    writeMessage(wire, 200, () => {
      writeUint(wire, 1, u);
      writeFixed64(wire, 2, f);
      writeDouble(wire, 3, -0.1);
      writeText(wire, 4, s);
    });
    const read = type.toObject(type.decode(written(wire)), { longs: Number });
    expect(read).toEqual({ m: { u, f, d: -0.1, s } });
  }
  expect(() => writeUint(newWire(), 1, -1)).toThrow("expected a whole number from 0 to 2^53, found -1");
});

test("a name that ends in .gz is compressed", () => {
  const compressed = traceRun(gpt2, "run.pftrace.gz", { from: 0, to: 1 });
  if (typeof compressed === "string") throw new Error("not compressed");
  expect(gunzipSync(compressed).equals(traceOf(gpt2, 1))).toBe(true);
});

test("a protobuf is less than a third of the JSON", () => {
  const json = traceRun(gpt2, "run.json", { from: 0, to: 1 });
  expect(traceOf(gpt2, 1).length).toBeLessThan(json.length / 3);
});
