/** The report of every shipped experiment, in a browser: no error, no request, every chart drawn, open to all readers. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inkOf, openBrowser, openFile } from "./browser.ts";

const folder = mkdtempSync(join(tmpdir(), "papillon-e2e-"));
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const experiments = readdirSync("experiments").flatMap((file) =>
  file.endsWith(".yaml") ? [basename(file, ".yaml")] : [],
);

function pageOf(experiment: string): string {
  const file = join(folder, `${experiment}.html`);
  const { status, stderr } = spawnSync(process.execPath, [
    resolve("dist/cli.js"),
    "run",
    experiment,
    "--html",
    file,
  ]);
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
  return file;
}

/** GPT-2 on one card, two tokens. */
const little = [
  ...["--hardware", "dfx-u280", "--workload", "gpt2"],
  ...["--set", "devices=1", "--set", "outputTokens=2"],
];

/** On a phone and, dark, on a desktop: every chart drawn, nothing too wide, not a word, no request, no barrier. @param meanwhile before the last look at it */
async function opensCleanly(file: string, meanwhile = async (_: Page): Promise<void> => {}): Promise<void> {
  for (const look of [{ width: 360 }, { width: 1440, colorScheme: "dark" }] as const) {
    const { page, said, requests } = await openFile(browser, file, look);
    for (const [name, ink] of await inkOf(page)) expect(ink, name).toBeGreaterThan(0.01);
    await meanwhile(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(look.width);
    expect({ said, requests }).toEqual({ said: [], requests: [] });
    await page.evaluate(axe.source);
    expect(barriers(await page.evaluate("axe.run()"))).toEqual([]);
    await page.close();
  }
}

describe.each(experiments)("the report of %s", (experiment) => {
  let file = "";
  beforeAll(() => {
    file = pageOf(experiment);
  });

  test.each([
    { width: 360, height: 800, colorScheme: "light" },
    { width: 1440, height: 900, colorScheme: "dark" },
  ] as const)("opens in silence at $width pixels, $colorScheme, with every chart drawn", async (look) => {
    const { page, said, requests } = await openFile(browser, file, look);
    const drawn = await inkOf(page);
    expect(drawn.length).toBeGreaterThan(0);
    for (const [name, ink] of drawn) expect(ink, name).toBeGreaterThan(0.01);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(look.width);
    expect({ said, requests }).toEqual({ said: [], requests: [] });
    await page.close();
  });

  test("has no barrier that axe finds", async () => {
    const { page } = await openFile(browser, file);
    // The page lets no script in, so axe comes by the debugger, which is not asked.
    await page.evaluate(axe.source);
    const found = await page.evaluate("axe.run()");
    expect(barriers(found)).toEqual([]);
    await page.close();
  });

  test("prints to A4, on light ground", async () => {
    const { page } = await openFile(browser, file, { colorScheme: "dark" });
    const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true, printBackground: true });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    const [, width, height] = /\/MediaBox ?\[ ?0 0 ([\d.]+) ([\d.]+)/.exec(pdf.toString("latin1")) ?? [];
    expect([Math.round(Number(width)), Math.round(Number(height))]).toEqual([595, 842]);
    await page.close();
  });
});

/** Violations that axe calls serious or worse, each with where it stands. */
function barriers(found: unknown): readonly string[] {
  if (typeof found !== "object" || found === null || !("violations" in found)) return ["axe said nothing"];
  const { violations } = found;
  if (!Array.isArray(violations)) return ["axe said nothing"];
  return violations.flatMap(({ id, impact, nodes }) =>
    impact === "serious" || impact === "critical"
      ? nodes.map(({ target }: { target: unknown }) => `${id}: ${String(target)}`)
      : [],
  );
}

test("a name that looks like a tag or ends a script is text", async () => {
  const run = spawnSync(process.execPath, [
    resolve("dist/cli.js"),
    "run",
    "fabnet-machines",
    "--format",
    "json",
  ]);
  const evil = `</script><img src=x onerror="console.log('in')"><!--<script>`;
  const results = JSON.parse(run.stdout.toString());
  results.runs[0].name = evil;
  const file = join(folder, "evil.html");
  const { status, stderr } = spawnSync(
    process.execPath,
    [resolve("dist/cli.js"), "report", "-", "--out", file],
    { input: JSON.stringify({ ...results, experiment: evil }) },
  );
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
  const { page, said, requests } = await openFile(browser, file);
  expect(await page.locator("h1").textContent()).toBe(evil);
  expect(await page.locator("tbody th").first().textContent()).toBe(evil);
  expect({ said, requests }).toEqual({ said: [], requests: [] });
  expect(readFileSync(file, "utf8")).not.toContain("<img");
  await page.close();
});

test("a comparison opens in silence, at phone and desktop, with every chart drawn and no barrier", async () => {
  const run = spawnSync(process.execPath, [resolve("dist/cli.js"), "run", "sta-speedup", "--format", "json"]);
  const results = join(folder, "speedup.json");
  writeFileSync(results, run.stdout);
  const file = join(folder, "comparison.html");
  const compared = ["dense", "2:8", "1:8"].map((name) => `${results}#${name}`);
  const { status, stderr } = spawnSync(process.execPath, [
    resolve("dist/cli.js"),
    "compare",
    ...compared,
    "--html",
    file,
  ]);
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
  await opensCleanly(file);
});

test("an explained run shows what to change first, and its critical path", async () => {
  const papillon = (...args: readonly string[]) =>
    spawnSync(process.execPath, [resolve("dist/cli.js"), ...args], { maxBuffer: 1e9 });
  const [results, why, file] = ["explained.json", "why.json", "explained.html"].map((name) =>
    join(folder, name),
  );
  writeFileSync(results ?? "", papillon("run", ...little, "--format", "json").stdout);
  writeFileSync(why ?? "", papillon("explain", ...little, "--format", "json").stdout);
  const { status, stderr } = papillon("report", results ?? "", "--explain", why ?? "", "--out", file ?? "");
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
  const { page, said } = await openFile(browser, file ?? "");
  const drawn = new Map(await inkOf(page));
  for (const title of ["What to change first", "Critical path"]) {
    const [, ink] = [...drawn].find(([label]) => label.startsWith(title)) ?? [];
    expect(ink, title).toBeGreaterThan(0.01);
  }
  expect(said).toEqual([]);
  await page.close();
});

test("a run that explains itself opens in silence with its gains, costs and timeline, at phone and desktop", async () => {
  const file = join(folder, "explaining.html");
  const args = ["run", ...little, "--html", file, "--explain"];
  const { status, stderr } = spawnSync(process.execPath, [resolve("dist/cli.js"), ...args]);
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
  await opensCleanly(file, async (page) => {
    const headers = await page.locator("#change th[scope=col]").allTextContents();
    expect(headers).toEqual(expect.arrayContaining(["gain", "energy", "DSP"]));
    expect(await page.locator("#change tbody th").first().textContent()).toMatch(/^hbm\./);
    await page.getByLabel("Zoom to a layer").selectOption({ index: 2 });
  });
});

test("tables are sorted by their headers, by keyboard too", async () => {
  const { page } = await openFile(browser, pageOf("sta-speedup"));
  const header = page.locator("#summary th", { hasText: "latency" });
  const latencies = async (): Promise<readonly string[]> =>
    await page.locator("#summary tbody td:nth-child(2)").allTextContents();
  const before = await latencies();
  await header.getByRole("button").press("Enter");
  expect(await header.getAttribute("aria-sort")).toBe("descending");
  const sorted = await latencies();
  expect(sorted).not.toEqual(before);
  expect(sorted.toSorted()).toEqual(before.toSorted());
  await header.getByRole("button").press("Enter");
  expect(await latencies()).toEqual(sorted.toReversed());
  await page.close();
});

test("another run is shown when it is chosen, and the theme changes at a touch", async () => {
  const { page } = await openFile(browser, pageOf("sta-speedup"));
  const latency = async (): Promise<string> => (await page.locator("#run dl").textContent()) ?? "";
  const before = await latency();
  await page.getByLabel("Run in detail").selectOption({ label: "1:8" });
  expect(await latency()).not.toBe(before);
  const theme = async (): Promise<unknown> => await page.evaluate("document.documentElement.dataset.theme");
  expect(await theme()).toBe("light");
  await page.getByRole("button", { name: "Dark or light" }).click();
  expect(await theme()).toBe("dark");
  await page.close();
});
