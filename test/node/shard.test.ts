import { expect, test } from "vitest";
import { shardSize } from "../../src/node/sweep/shard.ts";

/** A space with so many choices at each path. */
const spaceOf = (choices: Readonly<Record<string, number>>) => ({
  size: Object.values(choices).reduce((product, count) => product * count, 1),
  dimensions: Object.entries(choices).map(([path, count]) => ({
    paths: [path],
    choices: Array.from({ length: count }, (_, choice) => [choice]),
  })),
});

test("designs of one machine stay in one shard where they are few", () => {
  expect(shardSize(spaceOf({ "hardware.devices": 400, "workload.inputTokens": 23 }))).toBe(12 * 23);
  expect(
    shardSize(spaceOf({ "hardware.devices": 400, "workload.inputTokens": 20, "workload.outputTokens": 15 })),
  ).toBe(300);
});

test("a machine of many designs is shared by several shards, and one of a single design by none", () => {
  expect(shardSize(spaceOf({ "hardware.devices": 4, "workload.inputTokens": 1024 }))).toBe(256);
  expect(shardSize(spaceOf({ "hardware.devices": 1000 }))).toBe(256);
  expect(shardSize(spaceOf({ "workload.inputTokens": 500, "hardware.devices": 1000 }))).toBe(256);
});

test("large spaces have few files", () => {
  const space = spaceOf({ "hardware.devices": 100_000, "workload.inputTokens": 100 });
  expect(space.size / shardSize(space)).toBeLessThanOrEqual(4096);
});
