/** `papillon plot`, `figure` and `query` on the folder of a sweep, as a user types them. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSweep } from "./sweep-folder.ts";

const root = mkdtempSync(join(tmpdir(), "papillon-plot-"));
const folder = join(root, "swept");
beforeAll(() => writeSweep(folder));
afterAll(() => rmSync(root, { recursive: true }));

function papillon(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve("dist/cli.js"), ...args], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("plot writes a page that asks for nothing, the same bytes each time", () => {
  const file = join(root, "page.html");
  expect(papillon("plot", folder, "-o", file)).toEqual({ status: 0, stdout: `${file}\n`, stderr: "" });
  const page = readFileSync(file, "utf8");
  expect(page).toContain("default-src 'none'");
  expect(page).toContain("<h1>A space &lt;by&gt; hand</h1>");
  papillon("plot", folder, "-o", file);
  expect(readFileSync(file, "utf8")).toBe(page);
});

test("plot tells of all mistakes in names at once, and of a folder that is no sweep's", () => {
  const { status, stderr } = papillon("plot", folder, "--x", "widht", "--mark", "lanes=3");
  expect({ status, lines: stderr.trim().split("\n") }).toEqual({
    status: 2,
    lines: [
      `papillon: --x: nothing is named "widht", did you mean "width"?; there are latencySeconds, energyJoules, width, lanes, clock`,
      `papillon: --mark lanes: nothing is named "3", did you mean "1"?; there are 1, 2, 4`,
    ],
  });
  expect(papillon("plot", root)).toEqual({
    status: 2,
    stdout: "",
    stderr: `papillon: ${root}: expected a folder that papillon sweep wrote, found none\n`,
  });
});

test("figure lists the charts of a sweep, and writes the numbers of one", () => {
  expect(papillon("figure", folder).stdout).toMatch(/^pareto {2,}energyJoules over latencySeconds$/m);
  const file = join(root, "front.csv");
  expect(papillon("figure", folder, "--chart", "pareto", "--csv", file).status).toBe(0);
  const [header, ...rows] = readFileSync(file, "utf8").trim().split("\n");
  expect(header).toBe(
    "design,hardware.units.matrix.width,hardware.units.matrix.lanes,hardware.clock,front,latencySeconds,energyJoules",
  );
  // 33 fit, and of those 5 miss the limit: designs 3, 10, 17, 24 and 31.
  expect(rows).toHaveLength(28);
});

test("query answers as a table, JSON and CSV, by short names and by whole ones", () => {
  const counts = "SELECT status, count(*) AS designs FROM designs GROUP BY status ORDER BY status";
  expect(JSON.parse(papillon("query", folder, counts, "--format", "json").stdout)).toEqual([
    { status: "done", designs: 33 },
    { status: "unfit", designs: 3 },
  ]);
  const whole = 'SELECT max("hardware.units.matrix.width") AS most, min(clock) AS slow FROM results, designs';
  expect(papillon("query", folder, whole, "--format", "csv").stdout).toBe("most,slow\n64,100 MHz\n");
  expect(papillon("query", folder, counts).stdout).toBe(
    "status  designs\n───────────────\ndone         33\nunfit         3\n",
  );
});

test("query works on a sweep that is not done, and plot says so", () => {
  const part = join(root, "part");
  writeSweep(part, 2);
  const { stdout } = papillon("query", part, "SELECT count(*) AS n FROM designs", "--format", "csv");
  expect(stdout).toBe("n\n24\n");
  expect(papillon("plot", part).stdout).toBe(`${join(part, "plot.html")}\n`);
  expect(readFileSync(join(part, "plot.html"), "utf8")).toContain("Not done: 1 of 3 shards are missing");
});

test("query tells what DuckDB does not understand, and what to install where it is missing", () => {
  const { status, stderr } = papillon("query", folder, "SELECT widht FROM designs");
  expect(status).toBe(2);
  expect(stderr).toContain("width");
  cpSync("dist", join(root, "dist"), { recursive: true });
  const alone = spawnSync(process.execPath, [join(root, "dist/cli.js"), "query", folder, "SELECT 1"], {
    encoding: "utf8",
  });
  expect(alone.status).toBe(1);
  expect(alone.stderr).toContain(
    "papillon query needs the optional package @duckdb/node-api: npm install @duckdb/node-api",
  );
});
