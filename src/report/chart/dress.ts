/** A chart's configuration as it is drawn: in the colours of a theme, with fonts of a size, labels that fit. */
import type { ChartConfiguration } from "chart.js";
import { shortened } from "./axis.ts";
import type { ChartConfig } from "./chart.ts";
import { darkColours } from "./palette.ts";

export interface Dress {
  readonly theme: "light" | "dark";
  readonly fontPixels: number;
  readonly fontFamily: string;
  /** Of the whole drawing. */
  readonly widthPixels: number;
  /** Dots a pixel; absent: what the screen has. */
  readonly ratio?: number;
}

/** @returns a fresh copy, since Chart.js writes into what it is given */
export function dressed({ type, data, options }: ChartConfig, dress: Dress): ChartConfiguration {
  const { theme, fontPixels, fontFamily, widthPixels, ratio } = dress;
  const character = fontPixels * characterWidth;
  const font = { size: fontPixels, family: fontFamily };
  const longest = Math.max(10, Math.floor((widthPixels * 0.32) / character));
  const labels = data.labels?.map((label) => shortened(label, longest));
  const room = typeof options["room"] === "number" ? options["room"] * character + fontPixels / 2 : 0;
  const own = {
    animation: false,
    responsive: false,
    maintainAspectRatio: false,
    ...(ratio === undefined ? {} : { devicePixelRatio: ratio }),
    font,
    color: text[theme],
    borderColor: lines[theme],
    layout: { padding: { right: room, top: fontPixels / 2, bottom: fontPixels / 2 } },
  };
  const legend = {
    position: "bottom",
    title: { color: text[theme], font },
    labels: {
      boxWidth: fontPixels * 1.6,
      boxHeight: fontPixels * 0.8,
      padding: fontPixels * 0.7,
      color: text[theme],
      font,
      usePointStyle: type === "line" || type === "scatter",
    },
  };
  const scales = Object.fromEntries(
    Object.entries(record(options["scales"])).map(([axis, scale]) => [
      axis,
      {
        ...record(scale),
        ticks: {
          color: text[theme],
          font,
          maxRotation: axis === "x" ? 90 : 0,
          ...crowded(scale),
          ...record(record(scale)["ticks"]),
        },
        grid: { color: lines[theme], ...record(record(scale)["grid"]) },
        title: { color: text[theme], font, ...record(record(scale)["title"]) },
      },
    ]),
  );
  const plugins = record(options["plugins"]);
  const whole = {
    type,
    data: { ...data, ...(labels === undefined ? {} : { labels }) },
    options: {
      ...own,
      ...options,
      scales,
      plugins: { ...plugins, legend: merged(legend, record(plugins["legend"])) },
    },
  };
  return JSON.parse(JSON.stringify(whole), (_, value: unknown) =>
    theme === "dark" && typeof value === "string" ? (darkColours[value] ?? value) : value,
  );
}

/** A logarithmic axis would name nearly all of its lines. */
const crowded = (scale: unknown): Readonly<Record<string, unknown>> =>
  record(scale)["type"] === "logarithmic" ? { maxTicksLimit: 9, maxRotation: 0 } : {};

/** Of a font's size, on average. */
export const characterWidth = 0.6;

const text = { light: "#1b1b1b", dark: "#e8e8e8" };
const lines = { light: "#dcdfe3", dark: "#3a3f46" };

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const record = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});

function merged(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const both = Object.entries(over).map(([key, value]) => [
    key,
    isRecord(value) ? merged(record(base[key]), value) : value,
  ]);
  return { ...base, ...Object.fromEntries(both) };
}
