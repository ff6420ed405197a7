/** A sweep that is killed, stopped, starved of disk or given damaged files ends with the same bytes as an undisturbed one, or says why not. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signalAt } from "./step.ts";

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
/** Of four machines each. */
const shards = 6;

const command = (out: string, ...rest: string[]): string[] => [
  "dist/cli.js",
  "sweep",
  file,
  "-o",
  join(folder, out),
  ...rest,
];
const node = (args: readonly string[]) => {
  const { status, signal, stdout, stderr } = spawnSync("node", args, { encoding: "utf8", maxBuffer: 1e8 });
  return { status, signal, stdout, stderr };
};
const run = (out: string, ...rest: string[]) => node(command(out, ...rest));
/** To the end of the whole sweep. @param told on standard error */
const runWhole = (out: string, rest: readonly string[] = [], told = ""): void => {
  const { stdout, ...ended } = run(out, ...rest);
  expect(ended, stdout).toEqual({ status: 0, signal: null, stderr: told });
};
const digest = (out: string): readonly string[] =>
  ["results.jsonl", "results.parquet"].map((name) =>
    createHash("sha256")
      .update(readFileSync(join(folder, out, name)))
      .digest("hex"),
  );

let undisturbed: readonly string[] = [];

beforeAll(() => {
  writeFileSync(file, JSON.stringify(experiment));
  runWhole("undisturbed", ["--workers", "2"]);
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
  runWhole("one", ["--workers", "1"]);
  for (const part of ["2/3", "3/3"]) {
    const { status, stdout, stderr } = run("parts", "--shard", part);
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: "" });
  }
  runWhole("parts", ["--shard", "1/3"]);
  expect([digest("one"), digest("parts")]).toEqual([undisturbed, undisturbed]);
});

test("killed at random moments, twenty times, it goes on to the same bytes", async () => {
  let kills = 0;
  for (let round = 0; kills < 20; round++) {
    const out = `killed-${round}`;
    for (let begun = false; ; begun = true) {
      const child = spawn("node", command(out, "--workers", "2", ...(begun ? ["--resume"] : [])), {
        stdio: ["ignore", "ignore", "pipe"],
      });
      let told = "";
      child.stderr.on("data", (text) => {
        told += text;
      });
      const ended = new Promise<string>((resolve) =>
        child.on("close", (status, signal) => resolve(signal ?? String(status))),
      );
      // The last one may end, however slow the machine.
      const timer =
        kills >= 20
          ? undefined
          : setTimeout(() => child.kill("SIGKILL"), 400 + (((round * 7 + kills) * 977) % 6000));
      const how = await ended;
      clearTimeout(timer);
      if (how !== "SIGKILL") {
        expect(how, told).toBe("0");
        break;
      }
      kills++;
    }
    expect(digest(out)).toEqual(undisturbed);
  }
}, 1_200_000);

test("killed between any two changes of files, it goes on to the same bytes", () => {
  const little = join(folder, "little.yaml");
  const { set, sweep } = experiment;
  // Two shards, of designs that run in no time.
  const tokens = { "workload.inputTokens": { from: 1, to: 40, by: 1 } };
  writeFileSync(
    little,
    JSON.stringify({
      ...experiment,
      set: { ...set, "model.n_layer": 1, "workload.outputTokens": 1 },
      sweep: { ...sweep, product: { ...sweep.product, "hardware.units.matrix.width": [16], ...tokens } },
    }),
  );
  const args = (out: string): readonly string[] => [
    ...["dist/cli.js", "sweep", little],
    ...["-o", join(folder, out), "--workers", "1"],
  ];
  const whole = { status: 0, signal: null, stderr: "" };
  expect(node(args("little"))).toMatchObject(whole);
  let kills = 0;
  for (; ; kills++) {
    const out = `step-${kills}`;
    const killed = node([...signalAt("SIGKILL", kills), ...args(out)]);
    if (killed.signal === null) {
      expect(killed).toMatchObject(whole);
      break;
    }
    expect(node([...args(out), "--resume"]), out).toMatchObject(whole);
    expect(digest(out), out).toEqual(digest("little"));
  }
  // Four for the folder and its sweep.json, one for that of the shards, two for each, and ten or so for the results.
  expect(kills).toBeGreaterThan(15);
}, 1_200_000);

test.each([
  [
    "shards are worked out",
    "shards",
    4,
    /^papillon: stopped with [2-5] of 6 shards in .*: --resume goes on\n$/,
  ],
  [
    "results are put together",
    "results.",
    3,
    /^papillon: stopped with 6 of 6 shards in .*: --resume goes on\n$/,
  ],
])("Ctrl-C while %s says how far it came, and leaves nothing half written", (_, within, step, told) => {
  const out = `stopped at ${step}`;
  const { stdout, stderr, ...ended } = node([
    ...signalAt("SIGINT", step, within),
    ...command(out, "--workers", "2"),
  ]);
  expect(ended, stderr).toEqual({ status: 130, signal: null });
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: expect.stringMatching(told) });
  expect(readdirSync(join(folder, out)).sort()).toEqual(["shards", "sweep.json"]);
  expect(readdirSync(join(folder, out, "shards")).filter((name) => !name.endsWith(".jsonl"))).toEqual([]);
  runWhole(out, ["--resume"]);
  expect(digest(out)).toEqual(undisturbed);
});

describe("what cannot go on says so", () => {
  test("a damaged shard is worked out again", () => {
    runWhole("damaged");
    const done = join(folder, "damaged", "shards");
    const [first = "", second = "", third = ""] = readdirSync(done).sort();
    writeFileSync(join(done, first), readFileSync(join(done, first)).subarray(0, -40));
    writeFileSync(join(done, second), "rubbish\n");
    const lines = readFileSync(join(done, third), "utf8").split("\n");
    writeFileSync(join(done, third), lines.filter((_, at) => at !== 5).join("\n"));
    const told = `papillon: ${join(folder, "damaged")}: shard 0, 1, 2 is damaged and worked out again\n`;
    runWhole("damaged", ["--resume"], told);
    expect(digest("damaged")).toEqual(undisturbed);
  });

  test("a damaged sweep.json, a folder in use, other configs", () => {
    const again = run("undisturbed");
    expect(again).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("holds this sweep already: --resume"),
    });
    const other = run("undisturbed", "--resume", "--set", "hardware.clock=100 MHz");
    expect(other).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("holds results of other configs"),
    });
    mkdirSync(join(folder, "rubbish"));
    writeFileSync(join(folder, "rubbish", "sweep.json"), "{");
    const damaged = run("rubbish", "--resume");
    expect(damaged).toMatchObject({ status: 1, stderr: expect.stringContaining("sweep.json is damaged") });
    expect(digest("undisturbed")).toEqual(undisturbed);
  });

  test("a folder that cannot be written", () => {
    const { status, stderr } = spawnSync("node", ["dist/cli.js", "sweep", file, "-o", "/proc/papillon"], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining("cannot write /proc/papillon/sweep.json"),
    });
  });

  test.each([
    ["a shard", 60, "shards/000000.jsonl", 0],
    ["the results", 300, "results.jsonl", shards],
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
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: `papillon: cannot write ${join(folder, out, name)}: file too large\n(PAPILLON_DEBUG=1 shows where)\n`,
      });
      expect(readdirSync(join(folder, out)).sort()).toEqual(["shards", "sweep.json"]);
      expect(readdirSync(join(folder, out, "shards"))).toHaveLength(whole);
      runWhole(out, ["--resume"]);
      expect(digest(out)).toEqual(undisturbed);
    },
  );

  test("a full disk, where this machine may make one", () => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", disk]).status !== 0) return;
    try {
      const full = run("disk/sweep", "--workers", "2");
      expect(full).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^papillon: cannot write .*: no space left on device/),
      });
      expect(full.stderr.split("\n").filter((line) => line.startsWith("papillon:"))).toHaveLength(1);
    } finally {
      spawnSync("umount", ["-l", disk]);
    }
  });
});
