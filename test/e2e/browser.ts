/** Debian's Chromium without a window, and pages in it that note every request and every word on the console. */
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

/** Milliseconds for whatever a browser on a busy machine may take. */
const patience = 120_000;
const executablePath = "/usr/bin/chromium";

/** @throws Error when it is not installed: a test that is left out is no test */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is missing: apt-get install chromium`);
  const quiet = ["disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"];
  const args = [...quiet, "disable-component-update", "disable-sync", "no-sandbox"].map(
    (flag) => `--${flag}`,
  );
  return await chromium.launch({ executablePath, args, timeout: patience });
}

export interface Opened {
  readonly page: Page;
  /** Whatever the console was told, and errors. */
  readonly said: readonly string[];
  /** Besides the file itself. */
  readonly requests: readonly string[];
}

export async function openFile(
  browser: Browser,
  file: string,
  { width = 1440, height = 900, colorScheme = "light" }: Look = {},
): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  page.setDefaultTimeout(patience);
  const said: string[] = [];
  const requests: string[] = [];
  const url = pathToFileURL(file).href;
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  await page.goto(url);
  return { page, said, requests };
}

export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

/** The share of pixels of each canvas that differ from its first one. */
export const inkOf = async (page: Page): Promise<readonly (readonly [string, number])[]> =>
  await page.locator("canvas").evaluateAll((canvases) =>
    canvases.map((canvas) => {
      const context = "getContext" in canvas ? canvas.getContext("2d") : undefined;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let inked = 0;
      for (let at = 0; at < data.length; at += 4)
        if ([0, 1, 2, 3].some((channel) => data[at + channel] !== data[channel])) inked++;
      return [canvas.getAttribute("aria-label") ?? "", inked / (data.length / 4)] as const;
    }),
  );
