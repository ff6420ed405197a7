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
  const begun = performance.now();
  const { page, said } = await openFile(browser, file);
  await page.locator("canvas.timeline").waitFor();
  const took = performance.now() - begun;
  expect(await tasksOf(page)).toBeGreaterThan(100_000);
  expect(took).toBeLessThan(2000);
  expect(said).toEqual([]);
  process.stdout.write(`timeline of ${await tasksOf(page)} tasks: there after ${Math.round(took)} ms\n`);
  await page.close();
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
    const rate = await page.evaluate(framesPerSecond);
    process.stdout.write(`${what}: ${Number(rate).toFixed(0)} frames/s\n`);
    expect(Number(rate), what).toBeGreaterThan(30);
  }
  await page.close();
});

/** Moves back and forth by a key in every frame, for two seconds. */
const framesPerSecond = `new Promise((done) => {
  const canvas = document.querySelector("canvas.timeline");
  const begun = performance.now();
  let frames = 0;
  const step = (now) => {
    if (now - begun > 2000) return done((frames * 1000) / (now - begun));
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
