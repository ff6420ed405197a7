/** `papillon memory`, as a user runs it. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { csvParse } from "d3-dsv";
import { expect, test } from "vitest";

function memory(...args: readonly string[]) {
  const run = spawnSync(process.execPath, [resolve("dist/cli.js"), "memory", ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "" },
  });
  return { ...run, lines: run.stdout.trimEnd().split("\n") };
}

test("a memory is shown in tables and bars that fit the width", () => {
  const { status, lines } = memory("hbm2-1800-u280", "--width", "72");
  expect(status).toBe(0);
  expect(lines.filter((line) => [...line].length > 72)).toEqual([]);
  expect(lines[0]).toContain("14.40 GB/s at peak");
  for (const title of ["Patterns", "Bandwidth against chunk size", "Latency against load"])
    expect(lines.some((line) => line.startsWith(title))).toBe(true);
  expect(lines.some((line) => /^4096 B .*█{10}/.test(line))).toBe(true);
});

test("one pattern as CSV: reads, mixed and writes of it, below the peak, slower the more is offered", () => {
  const { status, stdout } = memory("hbm2-1800-u280", "--pattern", "chunk:256", "--format", "csv");
  expect(status).toBe(0);
  const rows = csvParse(stdout);
  const patterns = rows.filter(({ table }) => table === "pattern");
  expect(patterns.map(({ pattern, writes }) => [pattern, writes])).toEqual([
    ["chunk:256", "0"],
    ["chunk:256", "0.5"],
    ["chunk:256", "1"],
  ]);
  for (const { bytesPerSecond } of rows) expect(Number(bytesPerSecond)).toBeLessThan(14.41e9);
  const latencies = rows.filter(({ table }) => table === "load").map((row) => Number(row["latencySeconds"]));
  expect(latencies).toHaveLength(9);
  expect(latencies.at(-1) ?? 0).toBeGreaterThan(2 * (latencies[0] ?? 0));
});

test("JSON has every figure; a preset without energy says null", () => {
  const { stdout } = memory("ddr5-4800", "--pattern", "random", "--format", "json");
  const { patterns, outstanding, peakBytesPerSecond } = JSON.parse(stdout);
  expect({ outstanding, kinds: patterns.length }).toEqual({ outstanding: 64, kinds: 3 });
  expect(patterns[0]).toMatchObject({ pattern: { kind: "random" }, writePercent: 0, joulesPerByte: null });
  // 64 B in 8 clocks of 416 ps.
  expect(peakBytesPerSecond / 1e9).toBeCloseTo(64 / (8 * 0.416), 6);
});

test("a timing that no data sheet could print is refused at its place, with what it requires", () => {
  const { status, stderr, stdout } = memory(
    "hbm2-1800-u280",
    "--set",
    "timing.tRAS=9",
    "--set",
    "timing.tFAW=1",
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toBe(
    [
      "--set timing.tRAS=9: expected what a data sheet can say: tRAS 9 is less than tRCDRD 13: a row must stay open until it can be read, found 9",
      "--set timing.tRAS=9: expected what a data sheet can say: tRAS 9 is less than tRCDWR 11: a row must stay open until it can be written, found 9",
      "--set timing.tFAW=1: expected what a data sheet can say: tFAW 1 is less than tRRD_S 4: the window must hold four activates, found 1\n",
    ].join("\n"),
  );
});

test("unknown names and patterns are told with the ones that there are", () => {
  expect(memory("hbm2-1800-u28").stderr).toContain('did you mean "hbm2-1800-u280"?');
  expect(memory("ddr4-2400", "--pattern", "spiral").stderr).toContain(
    "expected a pattern such as sequential",
  );
  expect(memory("ddr4-2400", "--pattern", "chunk:100").stderr).toContain(
    "100 B is no multiple of the 64 B of one command",
  );
});
