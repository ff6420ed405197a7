/** `papillon import` as a user runs it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "papillon-import-"));
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
const topology = file("small.csv", "Layer,M,N,K,\nL0,16,16,10,\nL1,16,B,16,\n");

function papillon(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve("dist/cli.js"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("writes a machine and a workload that other commands take, and tells what was left open", () => {
  const out = join(folder, "out");
  const { status, stdout, stderr } = papillon("import", config, topology, "-o", out, "--set", "B=8");
  expect(stderr).toContain("1 GHz is assumed");
  expect(status).toBe(0);
  expect(stdout.split("\n")).toEqual([
    join(out, "small-hardware.yaml"),
    join(out, "small-workload.yaml"),
    "",
  ]);
  const again = papillon("import", config, topology, "-o", out, "--set", "B=8");
  expect(again.status).toBe(2);
  expect(again.stderr).toContain("--force writes over");
  expect(papillon("import", config, "-o", join(folder, "one"), "--format", "scalesim").status).toBe(0);
  expect(readdirSync(join(folder, "one"))).toEqual(["small.yaml"]);
  const checked = papillon("check", join(out, "small-hardware.yaml"), join(out, "small-workload.yaml"));
  expect(checked).toMatchObject({ status: 0, stderr: "" });
});

test("mistakes are told with their place, and nothing is written", () => {
  const out = join(folder, "none");
  const { status, stderr } = papillon("import", config, topology, "-o", out);
  expect(status).toBe(2);
  expect(stderr).toContain(`${topology}:3:7: expected the N`);
  expect(existsSync(out)).toBe(false);
  expect(papillon("import", "model.txt").stderr).toContain("SCALE-Sim's config (.cfg) and topology (.csv)");
});

test("run takes SCALE-Sim's files as they are", () => {
  const full = file("net.csv", "Layer,M,N,K,\nL0,16,16,10,\nL1,16,8,16,\n");
  const { status, stdout, stderr } = papillon(
    "run",
    "--hardware",
    config,
    "--workload",
    full,
    "--format",
    "json",
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const [run] = JSON.parse(stdout).runs;
  expect(run.report.warnings.join()).toContain("never waited for");
  expect(run.report.totals.macs).toBe(16 * 16 * 10 + 16 * 8 * 16);
  const wrong = papillon("run", "--hardware", config, "--workload", topology);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain(`${topology}:3:7: expected the N`);
});

test("check and show take SCALE-Sim's files as they are", () => {
  const full = file("checked.csv", "Layer,M,N,K,\nL0,16,16,10,\nL1,16,8,16,\n");
  expect(papillon("check", config, full)).toMatchObject({
    status: 0,
    stdout: `${config}: hardware, nothing wrong\n${full}: workload, nothing wrong\n`,
  });
  const wrong = papillon("check", config, topology);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain(`${topology}:3:7: expected the N`);
  const shown = papillon("show", full, "--format", "json");
  expect(shown.status).toBe(0);
  expect(JSON.parse(shown.stdout)).toMatchObject({
    family: "workloads",
    config: { layers: [{ name: "L0", matmul: { rows: 16, inner: 10, columns: 16 } }, { name: "L1" }] },
  });
  expect(papillon("show", topology)).toMatchObject({ status: 2, stdout: "" });
  expect(papillon("show", config).stdout).toContain("systolic");
});
