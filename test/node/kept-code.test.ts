import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exportsOf, keptBeside, scriptOf } from "../../src/node/kept-code.ts";

const folder = mkdtempSync(join(tmpdir(), "papillon-kept-"));
afterAll(() => rmSync(folder, { recursive: true }));

const config = join(folder, "small.cfg");
writeFileSync(
  config,
  "[general]\nrun_name = small\n[architecture_presets]\nArrayHeight: 8\nArrayWidth: 8\nIfmapSramSzkB: 4\n" +
    "FilterSramSzkB: 4\nOfmapSramSzkB: 4\nBandwidth: 10\nDataflow: os\n[run_presets]\nInterfaceBandwidth: CALC\n",
);
const topology = join(folder, "net.csv");
writeFileSync(topology, "Layer,M,N,K,\nL0,16,16,10,\n");

/** What the installed command in this folder says, with the compiled form as it is there. */
function answer(dist: string): string {
  const args = ["scalesim", "-c", config, "-t", topology, "-p", join(folder, "out")];
  const { stdout, stderr } = spawnSync(process.execPath, [join(dist, "papillon.cjs"), ...args], {
    encoding: "utf8",
  });
  return stdout + stderr;
}

test("a module's functions are those of its text", () => {
  const file = join(folder, "twice.cjs");
  writeFileSync(file, 'exports.twice = (x) => 2 * x; exports.path = require("node:path").sep;');
  const script = scriptOf(file);
  const module = exportsOf<{ twice: (x: number) => number }>(script, process.getBuiltinModule);
  expect(module.twice(21)).toBe(42);
  expect(scriptOf(file, script.createCachedData()).cachedDataRejected).toBe(false);
});

test("this Node takes what the build has compiled", () => {
  const file = resolve("dist/scalesim-plain.cjs");
  const look = `const { Script } = require("node:vm"), { readFileSync: read } = require("node:fs");
    const text = "(function (exports, require) {" + read(${JSON.stringify(file)}, "utf8") + "\\n})";
    console.log(new Script(text, { cachedData: read(${JSON.stringify(keptBeside(file))}) }).cachedDataRejected);`;
  expect(spawnSync(process.execPath, ["-e", look], { encoding: "utf8" }).stdout).toBe("false\n");
});

// Output stationary, 2 x 2 folds of 10 + 8 + 8 - 2 cycles: 96, told as 95.
test.each([
  ["whole", (compiled: Buffer) => compiled],
  ["of another version", (compiled: Buffer) => Buffer.concat([Buffer.alloc(16), compiled.subarray(16)])],
  ["cut off", (compiled: Buffer) => compiled.subarray(0, 1000)],
  ["empty", () => Buffer.alloc(0)],
  ["absent", () => undefined],
])("the command answers the same with a compiled form that is %s", (_, change) => {
  const dist = mkdtempSync(join(folder, "dist-"));
  for (const file of ["papillon.cjs", "scalesim-plain.cjs"]) cpSync(resolve("dist", file), join(dist, file));
  const compiled = change(readFileSync(keptBeside(resolve("dist/scalesim-plain.cjs"))));
  if (compiled !== undefined) writeFileSync(keptBeside(join(dist, "scalesim-plain.cjs")), compiled);
  expect(answer(dist)).toBe(`1 layers, 95 cycles; reports in ${join(folder, "out", "small")}\n`);
});
