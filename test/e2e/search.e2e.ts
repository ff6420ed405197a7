/** A search that is killed, stopped or given damaged files ends with the same bytes as an undisturbed one, or says why not. */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signalAt } from "./step.ts";

const folder = mkdtempSync(join(tmpdir(), "papillon-search-"));
const file = join(folder, "space.yaml");
const experiment = {
  name: "space",
  title: "A space with designs that run, that do not fit and that conditions leave out",
  source: "a test",
  hardware: "dfx-u280",
  workload: "gpt2-medium",
  set: { "hardware.devices": 1, "workload.outputTokens": 4 },
  sweep: {
    product: {
      "hardware.units.matrix.width": { from: 8, to: 256, factor: 2 },
      "hardware.units.matrix.lanes": { from: 4, to: 64, factor: 2 },
      "hardware.units.hbm.channels": { from: 4, to: 32, by: 4 },
      "workload.inputTokens": [16, 32, 64],
    },
    where: ["matrix.width + hbm.channels <= 284"],
    minimize: ["latencySeconds", "energyJoules"],
    limits: ["averagePowerWatts <= 45"],
  },
  search: { points: 200, seed: 3 },
};
const files = ["results.jsonl", "results.parquet", "convergence.json", "sweep.json"];

const command = (out: string, ...rest: string[]): string[] => [
  "dist/cli.js",
  "search",
  file,
  "-o",
  join(folder, out),
  ...rest,
];
const node = (args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync("node", args, { encoding: "utf8" });
  return { status, stdout, stderr };
};
const run = (out: string, ...rest: string[]) => node(command(out, ...rest));
/** To the end. */
const runWhole = (out: string, ...rest: string[]): void => {
  const { stdout, ...ended } = run(out, ...rest);
  expect(ended, stdout).toEqual({ status: 0, stderr: "" });
};
const bytesOf = (out: string): readonly string[] =>
  files.map((name) => readFileSync(join(folder, out, name), "latin1"));
const shardsOf = (out: string): readonly string[] => readdirSync(join(folder, out, "shards"));

beforeAll(() => {
  writeFileSync(file, JSON.stringify(experiment));
  runWhole("undisturbed", "--workers", "2");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what it looked at is there once each, and how its front grew", () => {
  const [lines = "", , convergence = "", manifest = ""] = bytesOf("undisturbed");
  const rows = lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(new Set(rows.map(({ index }) => index)).size).toBe(200);
  expect(JSON.parse(manifest)).toMatchObject({ seed: 3, search: { method: "nsga2", points: 200 } });
  const { steps } = JSON.parse(convergence);
  expect(steps.at(-1).designs).toBe(200);
  for (const [at, { hypervolume }] of steps.entries())
    expect(hypervolume).toBeGreaterThanOrEqual(at === 0 ? 0 : steps[at - 1].hypervolume);
});

test("any number of workers gives the same bytes", () => {
  runWhole("one", "--workers", "1");
  expect(bytesOf("one")).toEqual(bytesOf("undisturbed"));
});

test("killed at random moments, six times, it goes on to the same bytes", async () => {
  for (let kill = 0; kill <= 6; kill++) {
    const child = spawn("node", command("killed", ...(kill === 0 ? [] : ["--resume"])), {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let told = "";
    child.stderr.on("data", (text) => {
      told += text;
    });
    const ended = new Promise((resolve) => child.on("close", (status, signal) => resolve(signal ?? status)));
    // The last one may end, however slow the machine.
    const timer =
      kill === 6 ? undefined : setTimeout(() => child.kill("SIGKILL"), 500 + ((kill * 977) % 2500));
    const how = await ended;
    clearTimeout(timer);
    expect(["SIGKILL", 0], told).toContain(how);
  }
  expect(bytesOf("killed")).toEqual(bytesOf("undisturbed"));
});

test.each([
  [
    "designs are looked at",
    "shards",
    4,
    /^papillon: stopped after \d\d designs, which are in .*: --resume goes on\n$/,
  ],
  [
    "results are put together",
    "results.",
    3,
    /^papillon: stopped after 200 designs, which are in .*: --resume goes on\n$/,
  ],
])("Ctrl-C while %s says how far it came, and leaves nothing half written", (_, within, step, told) => {
  const out = `stopped at ${step}`;
  const stopped = node([...signalAt("SIGINT", step, within), ...command(out)]);
  expect(stopped).toEqual({ status: 130, stdout: "", stderr: expect.stringMatching(told) });
  expect(readdirSync(join(folder, out)).sort()).toEqual(["shards", "sweep.json"]);
  expect(shardsOf(out).filter((name) => !name.endsWith(".jsonl"))).toEqual([]);
  expect(node(["dist/cli.js", "plot", join(folder, out)])).toMatchObject({ status: 0, stderr: "" });
  runWhole(out, "--resume");
  expect(bytesOf(out)).toEqual(bytesOf("undisturbed"));
});

test("a damaged checkpoint, a folder in use and another search are refused by one line each", () => {
  const refused = (out: string, message: string, ...rest: string[]): void => {
    const { status, stdout, stderr } = run(out, ...rest);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  };
  refused("undisturbed", "holds this search already: --resume goes on with it");
  refused("undisturbed", "holds results of other configs, of another search", "--resume", "--seed", "4");
  const sweep = ["dist/cli.js", "sweep", file, "-o", join(folder, "undisturbed"), "--resume"];
  expect(spawnSync("node", sweep, { encoding: "utf8" }).stderr).toContain("holds a search");
  const shard = (out: string) => join(folder, out, "shards", "000002.jsonl");
  const text = readFileSync(shard("undisturbed"), "utf8");
  const lines = text.split("\n");
  const damages = [
    () => truncateSync(shard("damaged"), text.length - 40),
    () => writeFileSync(shard("damaged"), "rubbish\n"),
    () => writeFileSync(shard("damaged"), ""),
    () => writeFileSync(shard("damaged"), lines.toSpliced(3, 1).join("\n")),
    () => writeFileSync(shard("damaged"), text.replace(/"index":(\d+)/, '"index":1$1')),
  ];
  for (const damage of damages) {
    cpSync(join(folder, "undisturbed"), join(folder, "damaged"), { recursive: true });
    damage();
    refused("damaged", `${shard("damaged")} is damaged: delete it`, "--resume");
  }
  rmSync(shard("damaged"));
  runWhole("damaged", "--resume");
  expect(bytesOf("damaged")).toEqual(bytesOf("undisturbed"));
  writeFileSync(join(folder, "damaged", "sweep.json"), "{");
  refused("damaged", "sweep.json is damaged", "--resume");
});

test("enumeration has the front of the sweep, and says what it skipped", () => {
  const swept = node(["dist/cli.js", "sweep", file, "-o", join(folder, "swept")]);
  const all = run("all", "--method", "enumerate");
  for (const ended of [swept, all]) expect(ended).toMatchObject({ status: 0, stderr: "" });
  const frontIn = (text: string) =>
    text.slice(text.indexOf("\nfront of"), text.indexOf(folder)).trim().split("\n").sort();
  expect(frontIn(all.stdout)).toEqual(frontIn(swept.stdout));
  expect(all.stdout).toMatch(/, \d+ skipped: a bound proves them no better\n/);
  const count = (out: string) => readFileSync(join(folder, out, "results.jsonl"), "utf8").split("\n").length;
  expect(count("all")).toBe(count("swept"));
});

test("what was found is run again on a finer model, and goes on where it was stopped", () => {
  const finer = join(folder, "finer.yaml");
  const refine = {
    hardware: "dfx-u280-banked",
    derive: { "hardware.units.hbm.capacity": "256 MiB * hbm.channels" },
  };
  const search = { points: 40, seed: 3, refine };
  writeFileSync(finer, JSON.stringify({ ...experiment, workload: "gpt2", search }));
  const out = join(folder, "finer");
  const refined = (...rest: string[]) => node(["dist/cli.js", "search", finer, "-o", out, ...rest]);
  const once = refined();
  expect(once).toMatchObject({ status: 0, stderr: "" });
  expect(once.stdout).toContain("On the finer model dfx-u280-banked:");
  const paths = files.map((name) => join(out, "refined", name));
  const bytes = paths.map((path) => readFileSync(path, "latin1"));
  for (const path of paths.slice(0, 3)) rmSync(path);
  const shards = readdirSync(join(out, "refined", "shards")).sort();
  rmSync(join(out, "refined", "shards", shards.at(-1) ?? ""));
  const again = refined("--resume");
  expect(again).toEqual(once);
  expect(paths.map((path) => readFileSync(path, "latin1"))).toEqual(bytes);
});
