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
  const times: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const begun = performance.now();
    const { page, said } = await openFile(browser, file);
    await page.locator("canvas.timeline").waitFor();
    times.push(performance.now() - begun);
    expect(await tasksOf(page)).toBeGreaterThan(100_000);
    expect(said).toEqual([]);
    await page.close();
  }
  process.stdout.write(`timeline there after ${times.map(Math.round).join(", ")} ms\n`);
  expect(median(times)).toBeLessThan(2000);
});

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;

test("moves and zooms at more than 30 frames a second", async () => {
  const { page } = await openFile(browser, file);
  const canvas = page.locator("canvas.timeline");
  await canvas.waitFor();
  // Each farther than the one before: to the ends of the window, and of the last seven views to one side.
  for (const [what, keys, pixels, turn] of [
    ["four fifths in sight", ["+"], 7, 40],
    ["half of them", ["+", "+"], 40, 30],
    ["a tenth", ["+", "+", "+", "+", "+", "+", "+"], 40, 240],
  ] as const) {
    await canvas.focus();
    for (const key of keys) await page.keyboard.press(key);
    const times = await page.evaluate(frameTimes(pixels, turn));
    if (!Array.isArray(times)) throw new Error("no frames");
    const rate = 1000 / median(times.map(Number));
    process.stdout.write(`${what}: ${rate.toFixed(0)} frames/s, median of ${times.length} frames\n`);
    expect(rate, what).toBeGreaterThan(30);
  }
  await page.close();
});

/** Moves by so many pixels in every frame, to and fro, for four seconds, and tells how long each frame took. */
const frameTimes = (pixels: number, turn: number): string => `new Promise((done) => {
  const canvas = document.querySelector("canvas.timeline");
  const begun = performance.now();
  const times = [];
  let before = begun;
  let frames = 0;
  const step = (now) => {
    if (frames > 0) times.push(now - before);
    before = now;
    if (now - begun > 4000) return done(times);
    canvas.dispatchEvent(new WheelEvent("wheel", { deltaX: frames++ % ${2 * turn} < ${turn} ? ${pixels} : ${-pixels} }));
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
  // What is drawn is there with the next frame.
  await expect.poll(picture).not.toBe(whole);
  const layer = await picture();
  await page.getByLabel("Later", { exact: true }).press("Enter");
  await expect.poll(picture).not.toBe(layer);
  await canvas.focus();
  await page.keyboard.press("Home");
  await expect.poll(picture).toBe(whole);
  await page.getByLabel("Zoom to a layer").selectOption({ label: "decoder 3" });
  await canvas.hover({ position: { x: 400, y: 12 } });
  await expect.poll(() => page.locator(".told").textContent()).toMatch(/^hbm\.read: (free|\S+, .* from )/);
  await page.close();
});
