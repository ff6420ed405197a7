/** Figures, pages and comparisons of kept results, by the built command as a user runs it. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { csvParse } from "d3-dsv";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "papillon-figure-"));
afterAll(() => rmSync(folder, { recursive: true }));

function papillon(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve("dist/cli.js"), ...args], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  return { status, stdout, stderr };
}

const results = join(folder, "machines.json");
writeFileSync(results, papillon("run", "fabnet-machines", "--format", "json").stdout);

test("every chart is drawn as SVG, PNG and CSV, twice the same to the byte", () => {
  const folders = ["once", "again"].map((name) => join(folder, name));
  for (const out of folders)
    expect(papillon("figure", results, "--chart", "all", "--out", out).status).toBe(0);
  const [once = "", again = ""] = folders;
  const files = readdirSync(once);
  const charts = papillon("figure", results).stdout.trim().split("\n");
  expect(files).toHaveLength(3 * charts.length);
  for (const file of files) {
    const bytes = readFileSync(join(once, file));
    expect(bytes.equals(readFileSync(join(again, file))), file).toBe(true);
    if (file.endsWith(".png")) expect(bytes.subarray(1, 4).toString(), file).toBe("PNG");
    if (file.endsWith(".svg"))
      expect(bytes.subarray(0, 300).toString(), file).toMatch(/<svg [^>]*width="(85|178)mm"/);
    if (file.endsWith(".csv")) expect(csvParse(bytes.toString()).length, file).toBeGreaterThan(0);
  }
});

test("a figure is as wide as asked, PNG in dots of the asked fineness", () => {
  const [svg, png] = [join(folder, "ops.svg"), join(folder, "ops.png")];
  const size = ["--width", "2in", "--height", "1in", "--dpi", "300"];
  expect(papillon("figure", results, "--chart", "ops", "--svg", svg, "--png", png, ...size).status).toBe(0);
  expect(readFileSync(svg, "utf8")).toContain('width="50.8mm" height="25.4mm" viewBox="0 0 192 96"');
  // Width and height stand in the first chunk of a PNG.
  const bytes = readFileSync(png);
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([600, 300]);
});

test("mistakes name what there is, and what was probably meant; nothing is written", () => {
  const out = join(folder, "nothing");
  const refused = (...args: readonly string[]): string => {
    const { status, stderr } = papillon(...args);
    expect(status, args.join(" ")).toBe(2);
    return stderr;
  };
  expect(refused("figure", results, "--chart", "opps", "--out", out)).toContain('did you mean "ops"?');
  expect(refused("figure", results, "--chart", "ops", "--run", "no such", "--out", out)).toContain(
    "there are",
  );
  expect(refused("figure", results, "--chart", "ops")).toContain("--svg, --png, --csv or --out");
  expect(refused("figure", results, "--width", "85")).toContain("85mm");
  expect(refused("report", join(folder, "no.json"))).toContain("found none");
  expect(refused("compare", `${results}#no such`, results)).toContain("no run that fits is named");
  const old = join(folder, "old.json");
  writeFileSync(old, JSON.stringify({ ...JSON.parse(readFileSync(results, "utf8")), schemaVersion: 0 }));
  for (const command of ["report", "figure", "compare"])
    expect(refused(command, old)).toContain("has schemaVersion 0; this Papillon reads version 1");
  writeFileSync(old, "{}");
  expect(refused("report", old)).toContain("without schemaVersion");
  expect(existsSync(out)).toBe(false);
});

test("a page has one script, named in its policy by its hash, and no other address but its own", () => {
  const page = join(folder, "machines.html");
  expect(papillon("report", results)).toMatchObject({ status: 0, stdout: `${page}\n` });
  const html = readFileSync(page, "utf8");
  const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';/);
  expect(policy).not.toContain("unsafe");
  expect(html).not.toMatch(/<(script|link|img|iframe)[^>]*(src|href)="(?!data:)/);
});

test("results that come late on standard input are waited for", () => {
  const page = join(folder, "late.html");
  const line = `(sleep 1; cat ${results}) | ${process.execPath} ${resolve("dist/cli.js")} report - --out ${page}`;
  expect(spawnSync("sh", ["-c", line], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  expect(existsSync(page)).toBe(true);
});

test("two runs of a file are compared, as table, JSON and CSV", () => {
  const { runs } = JSON.parse(readFileSync(results, "utf8"));
  const [a, b] = runs.map(({ name }: { name: string }) => `${results}#${name}`);
  expect(papillon("compare", a, b).stdout).toContain("Where the difference of");
  const compared = JSON.parse(papillon("compare", a, b, "--format", "json").stdout);
  const latency = (index: number): number => runs[index].report.totals.latencySeconds;
  const sum = compared.against[0].reasons.reduce(
    (all: number, { seconds }: { seconds: number }) => all + seconds,
    0,
  );
  expect(sum / (latency(1) - latency(0))).toBeCloseTo(1, 9);
  expect(csvParse(papillon("compare", a, b, "--format", "csv").stdout)).toHaveLength(
    compared.against[0].reasons.length,
  );
});
