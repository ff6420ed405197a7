/** Draws a timeline's frame: the names of its units, its times. What is between them: draw-tracks.ts. */

import { kindStyle } from "../chart/palette.ts";
import { duration } from "../human.ts";
import { unpackSpans } from "./pack.ts";
import type { Spans, Stretch, Timeline } from "./timeline.ts";

/** What is needed of a canvas' context. */
export interface Pen {
  fillStyle: unknown;
  strokeStyle: unknown;
  globalAlpha: number;
  font: string;
  textBaseline: string;
  textAlign: string;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
}

export interface Look {
  readonly width: number;
  readonly fontPixels: number;
  readonly fontFamily: string;
  readonly theme: "light" | "dark";
}

/** Unpacked once, drawn often. */
export interface Drawable {
  readonly timeline: Timeline;
  readonly tracks: readonly { readonly unit: string; readonly spans: Spans }[];
  /** By op. */
  readonly colours: readonly string[];
  readonly labels: readonly string[];
}

export function drawable(timeline: Timeline): Drawable {
  const kinds = [...new Set(timeline.ops.map(({ kind }) => kind))].sort();
  return {
    timeline,
    tracks: timeline.tracks.map(({ unit, packed, tasks }) => ({ unit, spans: unpackSpans(packed, tasks) })),
    colours: timeline.ops.map(({ kind }) => kindStyle(kind, kinds).colour),
    labels: timeline.ops.map(({ name }) => name.slice(name.indexOf(".") + 1)),
  };
}

export interface Frame {
  /** Where the tracks begin, in pixels: unit names are left of it. */
  readonly left: number;
  readonly row: number;
  readonly height: number;
}

export function frameOf({ tracks }: Drawable, { fontPixels, width }: Look): Frame {
  const longest = Math.max(0, ...tracks.map(({ unit }) => unit.length)) + 1;
  const row = fontPixels * 2;
  return {
    left: Math.min(width / 3, longest * fontPixels * 0.6 + fontPixels),
    row,
    height: tracks.length * row + fontPixels * 2,
  };
}

export const inks = {
  light: { page: "#ffffff", text: "#1b1b1b", row: "#f1f3f5", line: "#c9cdd3" },
  dark: { page: "#14171b", text: "#e8e8e8", row: "#1f242a", line: "#4a515a" },
};

/** All but the boxes, which `drawTracks` makes: names of units on the left, times below, and lines through the tracks. */
export function drawFrame(pen: Pen, drawn: Drawable, view: Stretch, look: Look): void {
  const { width, fontPixels, fontFamily, theme } = look;
  const { left, row, height } = frameOf(drawn, look);
  const ink = inks[theme];
  const below = drawn.tracks.length * row;
  pen.globalAlpha = 1;
  pen.fillStyle = ink.page;
  pen.fillRect(0, 0, left, height);
  pen.fillRect(left, below, width - left, height - below);
  pen.font = `${fontPixels}px ${fontFamily}`;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  pen.fillStyle = ink.text;
  for (const [index, { unit }] of drawn.tracks.entries())
    pen.fillText(fitted(unit, left - fontPixels / 2, fontPixels), left - fontPixels / 2, (index + 0.5) * row);
  drawAxis(pen, drawn.timeline, view, { ...look, left, top: below });
}

function drawAxis(
  pen: Pen,
  { ticksPerSecond }: Timeline,
  view: Stretch,
  { width, fontPixels, theme, left, top }: Look & { readonly left: number; readonly top: number },
): void {
  const ink = inks[theme];
  const span = view.to - view.from;
  const from = view.from / ticksPerSecond;
  const seconds = span / ticksPerSecond;
  const step = roundStep((seconds * fontPixels * 9) / (width - left));
  for (let mark = Math.ceil(from / step); mark * step <= from + seconds; mark++) {
    const x = left + ((mark * step - from) * (width - left)) / seconds;
    const text = duration(mark * step, digitsFor(mark * step, step));
    pen.fillStyle = ink.line;
    pen.fillRect(x, 0, 0.5, top + fontPixels * 0.4);
    pen.fillStyle = ink.text;
    pen.textAlign =
      x + pen.measureText(text).width / 2 > width ? "right" : x < left + fontPixels * 2 ? "left" : "center";
    pen.fillText(text, x, top + fontPixels);
  }
}

/** 1, 2 or 5 times a power of ten, not below. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => power * factor >= least) ?? 10);
}

/** Enough to tell neighbours apart. */
const digitsFor = (at: number, step: number): number =>
  at === 0 ? 1 : Math.min(15, Math.max(2, Math.ceil(Math.log10(Math.abs(at) / step)) + 2));

/** The task at a point, as the words that are told of it. */
export function toldAt(drawn: Drawable, view: Stretch, look: Look, x: number, y: number): string {
  const { left, row } = frameOf(drawn, look);
  const track = drawn.tracks[Math.floor(y / row)];
  if (track === undefined || x < left) return "";
  const time = view.from + ((x - left) * (view.to - view.from)) / (look.width - left);
  const { starts, ends, ops } = track.spans;
  const index = firstAfter(ends, time);
  const start = starts[index] ?? Number.POSITIVE_INFINITY;
  if (start > time) return `${track.unit}: free`;
  const { ticksPerSecond } = drawn.timeline;
  const took = duration(((ends[index] ?? start) - start) / ticksPerSecond);
  return `${track.unit}: ${drawn.timeline.ops[ops[index] ?? 0]?.name ?? ""}, ${took} from ${duration(start / ticksPerSecond, 7)}`;
}

/** The first task that ends after a time. */
export function firstAfter(ends: Float64Array, time: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Cut where it would run out of its box; empty where not even a few letters fit. Estimated: measuring takes longer than drawing. */
export function fitted(text: string, room: number, fontPixels: number): string {
  const letters = Math.floor(room / (fontPixels * 0.6));
  if (text.length <= letters) return text;
  return letters < 3 ? "" : `${text.slice(0, letters - 1)}…`;
}
