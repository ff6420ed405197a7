/** A sweep that is killed, stopped, starved of disk or given damaged files ends with the same bytes as an undisturbed one, or says why not. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "papillon-sweep-"));
const file = join(folder, "space.yaml");
const experiment = {
  name: "space",
  title: "A space with designs that run, that do not fit and that fail",
  source: "a test",
  hardware: "dfx-u280",
  workload: "gpt2-medium",
  set: { "workload.outputTokens": 4 },
  sweep: {
    product: {
      "hardware.units.matrix.width": [16, 48, 64],
      "hardware.units.hbm.channels": { from: 4, to: 32, by: 4 },
      "workload.inputTokens": { from: 16, to: 1040, by: 16 },
    },
    derive: { "hardware.units.matrix.lanes": "1024 / matrix.width" },
    where: ["matrix.width + hbm.channels <= 84"],
    minimize: ["latencySeconds", "energyJoules"],
  },
};
/** Of 3 x 8 x 65 designs, 3 of channels (24, 28, 32) at width 64 are left out. */
const designs = (3 * 8 - 3) * 65;

const command = (out: string, ...rest: string[]): string[] => [
  "dist/cli.js",
  "sweep",
  file,
  "-o",
  join(folder, out),
  ...rest,
];
const run = (out: string, ...rest: string[]) =>
  spawnSync("node", command(out, ...rest), { encoding: "utf8", maxBuffer: 1e8 });
const digest = (out: string): readonly string[] =>
  ["results.jsonl", "results.parquet"].map((name) =>
    createHash("sha256")
      .update(readFileSync(join(folder, out, name)))
      .digest("hex"),
  );

let undisturbed: readonly string[] = [];

beforeAll(() => {
  writeFileSync(file, JSON.stringify(experiment));
  const { status, stderr } = run("undisturbed", "--workers", "2");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  undisturbed = digest("undisturbed");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every design is there exactly once, in order, those without a result with their reason", () => {
  const lines = readFileSync(join(folder, "undisturbed", "results.jsonl"), "utf8")
    .trimEnd()
    .split("\n");
  const rows = lines.map((line) => JSON.parse(line));
  expect(rows).toHaveLength(designs);
  expect(rows.every((row, at) => at === 0 || row.index > rows[at - 1].index)).toBe(true);
  expect(new Set(rows.map((row) => row.status))).toEqual(new Set(["done", "unfit", "failed"]));
  expect(rows.filter((row) => row.status !== "done").every((row) => row.reason.length > 10)).toBe(true);
});

test("any number of workers and of parts gives the same bytes", () => {
  expect(run("one", "--workers", "1").status).toBe(0);
  for (const part of ["2/3", "3/3", "1/3"]) expect(run("parts", "--shard", part).status).toBe(0);
  expect([digest("one"), digest("parts")]).toEqual([undisturbed, undisturbed]);
});

test("killed at random moments, twenty times, it goes on to the same bytes", async () => {
  let kills = 0;
  for (let round = 0; kills < 20; round++) {
    const out = `killed-${round}`;
    for (let begun = false; ; begun = true) {
      const child = spawn("node", command(out, "--workers", "2", ...(begun ? ["--resume"] : [])), {
        stdio: "ignore",
      });
      const ended = new Promise<string>((resolve) =>
        child.on("exit", (status, signal) => resolve(signal ?? String(status))),
      );
      // The last one may end, however slow the machine.
      const timer =
        kills >= 20
          ? undefined
          : setTimeout(() => child.kill("SIGKILL"), 400 + (((round * 7 + kills) * 977) % 6000));
      const how = await ended;
      clearTimeout(timer);
      if (how !== "SIGKILL") {
        expect(how).toBe("0");
        break;
      }
      kills++;
    }
    expect(digest(out)).toEqual(undisturbed);
  }
}, 1_200_000);

test("Ctrl-C says how far it came, and leaves nothing half written", async () => {
  const child = spawn("node", command("stopped", "--workers", "2"), { stdio: ["ignore", "ignore", "pipe"] });
  let told = "";
  child.stderr.on("data", (text) => {
    told += text;
  });
  setTimeout(() => child.kill("SIGINT"), 3000);
  const status = await new Promise((resolve) => child.on("exit", resolve));
  if (status !== 0) {
    expect(status === 130 || status === null).toBe(true);
    if (status === 130)
      expect(told).toMatch(/^papillon: stopped with \d+ of \d+ shards in .*: --resume goes on\n$/);
    expect(run("stopped", "--resume").status).toBe(0);
  }
  expect(readdirSync(join(folder, "stopped")).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(digest("stopped")).toEqual(undisturbed);
});

describe("what cannot go on says so", () => {
  test("a damaged shard is worked out again", () => {
    expect(run("damaged").status).toBe(0);
    const shards = join(folder, "damaged", "shards");
    const [first = "", second = "", third = ""] = readdirSync(shards).sort();
    writeFileSync(join(shards, first), readFileSync(join(shards, first)).subarray(0, -40));
    writeFileSync(join(shards, second), "rubbish\n");
    const lines = readFileSync(join(shards, third), "utf8").split("\n");
    writeFileSync(join(shards, third), lines.filter((_, at) => at !== 5).join("\n"));
    const { status, stderr } = run("damaged", "--resume");
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `papillon: ${join(folder, "damaged")}: shard 0, 1, 2 is damaged and worked out again\n`,
    });
    expect(digest("damaged")).toEqual(undisturbed);
  });

  test("a damaged sweep.json, a folder in use, other configs", () => {
    const again = run("undisturbed");
    expect(again.status).toBe(1);
    expect(again.stderr).toContain("holds this sweep already: --resume goes on with it");
    const other = run("undisturbed", "--resume", "--set", "hardware.clock=100 MHz");
    expect(other.status).toBe(1);
    expect(other.stderr).toContain("holds results of other configs");
    mkdirSync(join(folder, "rubbish"));
    writeFileSync(join(folder, "rubbish", "sweep.json"), "{");
    const damaged = run("rubbish", "--resume");
    expect(damaged.status).toBe(1);
    expect(damaged.stderr).toContain("sweep.json is damaged");
    expect(digest("undisturbed")).toEqual(undisturbed);
  });

  test("a folder that cannot be written", () => {
    const { status, stderr } = spawnSync("node", ["dist/cli.js", "sweep", file, "-o", "/proc/papillon"], {
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toContain("cannot write /proc/papillon/sweep.json");
  });

  test.each([
    ["a shard", 60, "shards/000000.jsonl", 0],
    ["the results", 300, "results.jsonl", Math.ceil((3 * 8 * 65) / 256)],
  ])(
    "no room for %s: one message, nothing half written, and --resume goes on",
    (_, kilobytes, name, whole) => {
      const out = `limited-${kilobytes}`;
      const limited = `ulimit -f ${kilobytes}; exec node "$@"`;
      const { status, stderr } = spawnSync(
        "bash",
        ["-c", limited, "node", ...command(out, "--workers", "1")],
        {
          encoding: "utf8",
        },
      );
      expect(status).toBe(1);
      expect(stderr).toBe(
        `papillon: cannot write ${join(folder, out, name)}: file too large\n(PAPILLON_DEBUG=1 shows where)\n`,
      );
      expect(readdirSync(join(folder, out)).sort()).toEqual(["shards", "sweep.json"]);
      expect(readdirSync(join(folder, out, "shards"))).toHaveLength(whole);
      expect(run(out, "--resume").status).toBe(0);
      expect(digest(out)).toEqual(undisturbed);
    },
  );

  test("a full disk, where this machine may make one", () => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", disk]).status !== 0) return;
    try {
      const full = run("disk/sweep", "--workers", "2");
      expect(full.status).toBe(1);
      expect(full.stderr).toMatch(/^papillon: cannot write .*: no space left on device/);
      expect(full.stderr.split("\n").filter((line) => line.startsWith("papillon:"))).toHaveLength(1);
    } finally {
      spawnSync("umount", [disk]);
    }
  });
});
