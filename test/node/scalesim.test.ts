/** `papillon scalesim` as a user runs it. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "papillon-scalesim-"));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const config = file(
  "small.cfg",
  "[general]\nrun_name = small\n[architecture_presets]\nArrayHeight: 8\nArrayWidth: 8\nIfmapSramSzkB: 4\n" +
    "FilterSramSzkB: 4\nOfmapSramSzkB: 4\nBandwidth: 10\nDataflow: os\n[run_presets]\nInterfaceBandwidth: CALC\n",
);
const topology = file("net.csv", "Layer,M,N,K,\nL0,16,16,10,\nL1,16,B,10,\n");

function scalesim(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve("dist/cli.js"), "scalesim", ...args],
    {
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
}

// Output stationary, 2 x 2 folds of 10 + 8 + 8 - 2 cycles: 96, told as 95; B = 8 is half of the folds.
test("writes SCALE-Sim's reports below the run's name and tells where", () => {
  const out = join(folder, "out");
  const { status, stdout } = scalesim(
    "-c",
    config,
    "-t",
    topology,
    "-p",
    out,
    "--compat",
    "v2",
    "--set",
    "B=8",
  );
  expect(stdout).toBe(`2 layers, 142 cycles; reports in ${join(out, "small")}\n`);
  expect(status).toBe(0);
  expect(readdirSync(join(out, "small")).sort()).toEqual([
    "BANDWIDTH_REPORT.csv",
    "COMPUTE_REPORT.csv",
    "DETAILED_ACCESS_REPORT.csv",
  ]);
  const report = readFileSync(join(out, "small", "COMPUTE_REPORT.csv"), "utf8");
  expect(report.split("\n").map((line) => line.split(", ")[1])).toEqual([
    "Total Cycles",
    "95",
    "47",
    undefined,
  ]);
});

test("a mistake ends with status 2, its place on standard error, and nothing written", () => {
  const out = join(folder, "none");
  const { status, stderr } = scalesim("-c", config, "-t", topology, "-p", out);
  expect(status).toBe(2);
  expect(stderr).toContain(`${topology}:3:7: expected the N, a whole number of at least 1`);
  expect(existsSync(out)).toBe(false);
  expect(scalesim("-c", join(folder, "absent.cfg"), "-t", topology).stderr).toContain("cannot read");
});

test("the installed command is one file that answers the same", () => {
  const installed = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [resolve("dist/papillon.cjs"), ...args], {
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };
  const out = join(folder, "installed");
  const args = ["-c", config, "-t", topology, "-p", out, "--set", "B=8"];
  expect(installed("scalesim", ...args)).toEqual(scalesim(...args));
  expect(installed("scalesim", "-c", config)).toEqual(scalesim("-c", config));
  expect(installed("--version").status).toBe(0);
});

test("a reader that stops early is no error, a full disk is told in one line", async () => {
  const args = ["scalesim", "-c", config, "-t", topology, "-p", join(folder, "printed"), "--set", "B=8"];
  const child = spawn(process.execPath, [resolve("dist/papillon.cjs"), ...args]);
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  child.stdout.destroy();
  const status = await new Promise((done) => child.on("close", done));
  expect({ status, errors }).toEqual({ status: 0, errors: "" });
  const line = `exec "${process.execPath}" "${resolve("dist/papillon.cjs")}" "$@" > /dev/full`;
  const full = spawnSync("sh", ["-c", line, "sh", ...args], { encoding: "utf8" });
  expect(full.stderr).toBe(
    "papillon: cannot print: no space left on device\n(PAPILLON_DEBUG=1 shows where)\n",
  );
  expect(full.status).toBe(1);
});
