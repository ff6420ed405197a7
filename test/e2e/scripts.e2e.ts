/** The scripts of `experiments/` run as their first lines tell, and print what the docs tell of them. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const scratch = mkdtempSync(join(tmpdir(), "papillon-scripts-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function run(script: string, ...args: readonly string[]) {
  const node = ["--import", "tsx", join("experiments", script), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: "utf8" });
  return { status, stdout, stderr };
}

const printed: Readonly<Record<string, (script: string) => void>> = {
  "dfx-tile-shape.ts": (script) => {
    const { status, stdout, stderr } = run(script);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^d 64 x l 16 .* <- best$/m);
  },
  "fabnet-accelerators.ts": (script) => {
    const { status, stdout, stderr } = run(script);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^multipliers, FABNet and dense +640 +640$/m);
    expect(stdout).toMatch(/^transformer, dense, simulated +165\.90 /m);
  },
  "sta-compression.ts": (script) => {
    const drops = join(scratch, "drops.csv");
    writeFileSync(drops, "matrix,n,m,bits,drop\nexpand,1,1,16,0\nexpand,2,8,16,0.3\nexpand,1,8,16,0.9\n");
    const { status, stdout, stderr } = run(script, drops, "0.5");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(
      /^attention.expand\S* +2:8 .*0\.3$[\s\S]*^dense +[\d.]+ ms$[\s\S]*^compressed +[\d.]+ ms$/m,
    );
    expect(run(script)).toMatchObject({ status: 2, stderr: expect.stringContaining("drops.csv 0.25") });
  },
};

test.each(readdirSync("experiments").filter((name) => name.endsWith(".ts")))("experiments/%s", (script) => {
  const check = printed[script];
  if (check === undefined) throw new Error(`nothing is said of what ${script} prints`);
  check(script);
});
