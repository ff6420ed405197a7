/**
 * Draws a timeline: a row for each unit, a box for each task. Boxes narrower than a pixel are gathered, and the pixel is as
 * strong as it is busy, so that a hundred thousand tasks cost what their pixels cost.
 */

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

export function drawTimeline(pen: Pen, drawn: Drawable, view: Stretch, look: Look): void {
  const { width, fontPixels, fontFamily, theme } = look;
  const { left, row, height } = frameOf(drawn, look);
  const ink = inks[theme];
  const scale = (width - left) / (view.to - view.from);
  pen.globalAlpha = 1;
  pen.fillStyle = ink.page;
  pen.fillRect(0, 0, width, height);
  pen.font = `${fontPixels}px ${fontFamily}`;
  pen.textBaseline = "middle";
  for (const [index, { unit, spans }] of drawn.tracks.entries()) {
    const top = index * row;
    pen.fillStyle = ink.row;
    pen.fillRect(left, top + 2, width - left, row - 4);
    pen.fillStyle = ink.text;
    pen.textAlign = "right";
    pen.fillText(fitted(unit, left - fontPixels / 2, fontPixels), left - fontPixels / 2, top + row / 2);
    pen.textAlign = "left";
    drawTrack(pen, drawn, spans, { view, scale, left, top: top + 2, height: row - 4, width, fontPixels });
  }
  drawAxis(pen, drawn.timeline, view, { ...look, left, top: drawn.tracks.length * row });
}

interface Place {
  readonly view: Stretch;
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly height: number;
  readonly width: number;
  readonly fontPixels: number;
}

function drawTrack(pen: Pen, { colours, labels }: Drawable, spans: Spans, place: Place): void {
  const { view, scale, left, top, height, width } = place;
  const { starts, ends, ops } = spans;
  let pixel = -1;
  let busy = 0;
  let colour = "";
  // Neighbours that look alike are one box; eight strengths are as many as eyes tell apart.
  let run: Run = { from: 0, to: 0, colour: "", strength: 0 };
  const paint = (): void => {
    if (run.strength > 0) {
      pen.globalAlpha = 0.15 + (0.85 * run.strength) / strengths;
      pen.fillStyle = run.colour;
      pen.fillRect(run.from, top, run.to - run.from, height);
      pen.globalAlpha = 1;
    }
    run = { from: 0, to: 0, colour: "", strength: 0 };
  };
  const flush = (): void => {
    const strength = Math.ceil(Math.min(1, busy) * strengths);
    if (busy > 0 && run.to === pixel && run.colour === colour && run.strength === strength)
      run = { ...run, to: pixel + 1 };
    else if (busy > 0) {
      paint();
      run = { from: pixel, to: pixel + 1, colour, strength };
    }
    busy = 0;
  };
  for (let index = firstAfter(ends, view.from); index < starts.length; index++) {
    const start = starts[index] ?? 0;
    if (start > view.to) break;
    const x = Math.max(left, left + (start - view.from) * scale);
    const end = Math.min(width, left + ((ends[index] ?? 0) - view.from) * scale);
    const op = ops[index] ?? 0;
    if (end - x < 1) {
      const at = Math.floor(x);
      if (at !== pixel) flush();
      pixel = at;
      busy += end - x;
      colour = colours[op] ?? "";
      continue;
    }
    flush();
    paint();
    pen.fillStyle = colours[op] ?? "";
    pen.fillRect(x, top, end - x - (end - x > 3 ? 0.6 : 0), height);
    if (end - x > 24) {
      pen.fillStyle = deep.has(colours[op] ?? "") ? "#ffffff" : "#000000";
      pen.fillText(fitted(labels[op] ?? "", end - x - 6, place.fontPixels), x + 3, top + height / 2);
    }
  }
  flush();
  paint();
}

/** Pixels that are drawn as one. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly colour: string;
  readonly strength: number;
}

const strengths = 8;

/** Colours on which black is hard to read. */
const deep = new Set(["#0072b2", "#d55e00"]);

/** The first task that ends after a time. */
function firstAfter(ends: Float64Array, time: number): number {
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
function fitted(text: string, room: number, fontPixels: number): string {
  const letters = Math.floor(room / (fontPixels * 0.6));
  if (text.length <= letters) return text;
  return letters < 3 ? "" : `${text.slice(0, letters - 1)}…`;
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
