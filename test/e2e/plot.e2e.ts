/** The page of a sweep in a browser: silent, drawn, without barriers, at the sizes of a phone and of a desk. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSweep } from "../node/sweep-folder.ts";
import { inkOf, openBrowser, openFile } from "./browser.ts";

const folder = mkdtempSync(join(tmpdir(), "papillon-plot-"));
const file = join(folder, "plot.html");
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  writeSweep(folder);
  const { status, stderr } = spawnSync(process.execPath, [
    resolve("dist/cli.js"),
    "plot",
    folder,
    "--mark",
    "width=16,lanes=4",
  ]);
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

test.each([
  { width: 360, height: 800, colorScheme: "dark" },
  { width: 1440, height: 900, colorScheme: "light" },
] as const)("opens in silence at $width pixels, $colorScheme, with every chart drawn", async (look) => {
  const { page, said, requests } = await openFile(browser, file, look);
  const drawn = await inkOf(page);
  // Front, coordinates, an effect and three interactions of two measures, two maps, convergence.
  expect(drawn).toHaveLength(13);
  for (const [name, ink] of drawn) expect(ink, name).toBeGreaterThan(0.01);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(look.width);
  expect({ said, requests }).toEqual({ said: [], requests: [] });
  await page.close();
});

test.each(["light", "dark"] as const)("has no barrier that axe finds, %s", async (colorScheme) => {
  const { page } = await openFile(browser, file, { colorScheme });
  await page.evaluate(axe.source);
  const serious = `axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target)))`;
  expect(await page.evaluate(serious)).toEqual([]);
  await page.close();
});

test("a point of the front tells its design, and keys reach every control and the numbers behind a chart", async () => {
  const { page } = await openFile(browser, file);
  const canvas = page.locator("#chart-pareto canvas");
  await canvas.scrollIntoViewIfNeeded();
  const picture = async (): Promise<string> => (await canvas.screenshot()).toString("base64");
  const before = await picture();
  // The leftmost pixel in the colour of the front is the edge of its first point.
  const first = await canvas.evaluate((canvas) => {
    const context = "getContext" in canvas ? canvas.getContext("2d") : undefined;
    for (let x = 0; x < canvas.width; x++) {
      const { data } = context.getImageData(x, 0, 1, canvas.height);
      for (let y = 0; y < canvas.height - 100; y++)
        if (data[4 * y] === 0xd5 && data[4 * y + 1] === 0x5e && data[4 * y + 2] === 0) return { x: x + 2, y };
    }
    return { x: 0, y: 0 };
  });
  await canvas.hover({ position: first });
  await expect.poll(picture).not.toBe(before);
  const numbers = page.locator("#chart-pareto summary");
  await numbers.focus();
  await page.keyboard.press("Enter");
  // The rows are written when the browser tells the page of the opening.
  await expect.poll(() => page.locator("#chart-pareto tbody tr").count()).toBe(28);
  await page.close();
});
