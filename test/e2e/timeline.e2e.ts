/** A timeline of a hundred thousand tasks, in a browser: how soon it is there, how smoothly it moves, how large its file is. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, openFile } from "./browser.ts";

const folder = mkdtempSync(join(tmpdir(), "papillon-timeline-"));
const file = join(folder, "long.html");
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  const run = ["run", "--hardware", "dfx-u280", "--workload", "gpt2-1.5b-dfx", "--html", file];
  // A token takes about 4,700 tasks of the first card.
  const { status, stderr } = spawnSync(process.execPath, [
    resolve("dist/cli.js"),
    ...run,
    "--trace-window",
    "0:0.17",
  ]);
  expect({ status, stderr: String(stderr) }).toEqual({ status: 0, stderr: "" });
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

const tasksOf = async (page: Page): Promise<number> =>
  Number(/(\d+) tasks/.exec((await page.locator("canvas.timeline").getAttribute("aria-label")) ?? "")?.[1]);

test("is a file below 5 MB", () => {
  expect(statSync(file).size).toBeLessThan(5e6);
});

test("opens in less than 2 seconds", async () => {
  // The best of three: other work of the machine only makes it later.
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3; attempt++) {
    const begun = performance.now();
    const { page, said } = await openFile(browser, file);
    await page.locator("canvas.timeline").waitFor();
    best = Math.min(best, performance.now() - begun);
    expect(await tasksOf(page)).toBeGreaterThan(100_000);
    expect(said).toEqual([]);
    await page.close();
  }
  process.stdout.write(`timeline there after ${Math.round(best)} ms\n`);
  expect(best).toBeLessThan(2000);
});

test("moves and zooms at more than 30 frames a second", async () => {
  const { page } = await openFile(browser, file);
  const canvas = page.locator("canvas.timeline");
  await canvas.waitFor();
  for (const [what, keys] of [
    ["all tasks in sight, moving", ["-"]],
    ["half of them", ["+", "+", "+"]],
    ["a tenth", ["+", "+", "+", "+", "+", "+", "+"]],
  ] as const) {
    await canvas.focus();
    for (const key of keys) await page.keyboard.press(key);
    let rate = 0;
    for (let attempt = 0; attempt < 5 && rate <= 30; attempt++)
      rate = Math.max(rate, Number(await page.evaluate(framesPerSecond)));
    process.stdout.write(`${what}: ${rate.toFixed(0)} frames/s\n`);
    expect(rate, what).toBeGreaterThan(30);
  }
  await page.close();
});

/**
 * Moves back and forth by a key in every frame, for four seconds, and takes the best half second: other work of the machine
 * only makes frames rarer.
 */
const framesPerSecond = `new Promise((done) => {
  const canvas = document.querySelector("canvas.timeline");
  const begun = performance.now();
  const times = [];
  let frames = 0;
  const step = (now) => {
    times.push(now);
    if (now - begun > 4000) {
      const rates = times.map((from, index) => {
        const to = times.findIndex((time) => time >= from + 500);
        return to < 0 ? 0 : ((to - index) * 1000) / (times[to] - from);
      });
      return done(Math.max(...rates));
    }
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: frames++ % 20 < 10 ? "ArrowRight" : "ArrowLeft" }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

test("is moved by keys, buttons and the list of layers, and tells the task under the pointer", async () => {
  const { page } = await openFile(browser, file);
  const canvas = page.locator("canvas.timeline");
  const picture = async (): Promise<string> => (await canvas.screenshot()).toString("base64");
  const whole = await picture();
  await page.getByLabel("Zoom to a layer").selectOption({ label: "decoder 3" });
  const layer = await picture();
  expect(layer).not.toBe(whole);
  await page.getByLabel("Later", { exact: true }).press("Enter");
  expect(await picture()).not.toBe(layer);
  await canvas.focus();
  await page.keyboard.press("Home");
  expect(await picture()).toBe(whole);
  await page.getByLabel("Zoom to a layer").selectOption({ label: "decoder 3" });
  await canvas.hover({ position: { x: 400, y: 12 } });
  expect(await page.locator(".told").textContent()).toMatch(/^hbm\.read: (free|\S+, .* from )/);
  await page.close();
});
