/**
 * Draws the boxes of a timeline: a row for each unit, a box for each task. Boxes narrower than a pixel are gathered, and the pixel is as
 * strong as it is busy, so that a hundred thousand tasks cost what their pixels cost.
 */
import { type Drawable, firstAfter, fitted, frameOf, inks, type Look, type Pen } from "./draw.ts";
import type { Spans, Stretch } from "./timeline.ts";

/** From the pen's left edge on. @param look `width` is that of the tracks alone */
export function drawTracks(pen: Pen, drawn: Drawable, view: Stretch, look: Look): void {
  const { width, fontPixels, fontFamily, theme } = look;
  const { row } = frameOf(drawn, look);
  const ink = inks[theme];
  pen.globalAlpha = 1;
  pen.fillStyle = ink.page;
  pen.fillRect(0, 0, width, drawn.tracks.length * row);
  pen.font = `${fontPixels}px ${fontFamily}`;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  const scale = width / (view.to - view.from);
  for (const [index, { spans }] of drawn.tracks.entries()) {
    const top = index * row + 2;
    pen.fillStyle = ink.row;
    pen.fillRect(0, top, width, row - 4);
    drawTrack(pen, drawn, spans, { view, scale, top, height: row - 4, width, fontPixels });
  }
}

interface Place {
  readonly view: Stretch;
  readonly scale: number;
  readonly top: number;
  readonly height: number;
  readonly width: number;
  readonly fontPixels: number;
}

function drawTrack(pen: Pen, { colours, labels }: Drawable, spans: Spans, place: Place): void {
  const { view, scale, top, height, width } = place;
  const { starts, ends, ops } = spans;
  // Neighbours that look alike are one box; eight strengths are as many as eyes tell apart.
  let from = 0;
  let to = 0;
  let boxColour = "";
  let boxStrength = 0;
  const paint = (): void => {
    if (boxStrength === 0) return;
    pen.globalAlpha = 0.15 + (0.85 * boxStrength) / strengths;
    pen.fillStyle = boxColour;
    pen.fillRect(from, top, to - from, height);
    boxStrength = 0;
  };
  let pixel = -1;
  let busy = 0;
  let colour = "";
  const gather = (): void => {
    if (busy === 0) return;
    const strength = Math.ceil(Math.min(1, busy) * strengths);
    busy = 0;
    if (boxStrength === strength && to === pixel && boxColour === colour) {
      to = pixel + 1;
      return;
    }
    paint();
    from = pixel;
    to = pixel + 1;
    boxColour = colour;
    boxStrength = strength;
  };
  for (let index = firstAfter(ends, view.from); index < starts.length; index++) {
    const start = starts[index] ?? 0;
    if (start > view.to) break;
    const x = Math.max(0, (start - view.from) * scale);
    const end = Math.min(width, ((ends[index] ?? 0) - view.from) * scale);
    const own = colours[ops[index] ?? 0] ?? "";
    if (end - x < 1) {
      const at = Math.floor(x);
      if (at !== pixel) gather();
      pixel = at;
      busy += end - x;
      colour = own;
      continue;
    }
    gather();
    paint();
    pen.globalAlpha = 1;
    pen.fillStyle = own;
    pen.fillRect(x, top, end - x - (end - x > 3 ? 0.6 : 0), height);
    if (end - x <= 24) continue;
    pen.fillStyle = deep.has(own) ? "#ffffff" : "#000000";
    pen.fillText(
      fitted(labels[ops[index] ?? 0] ?? "", end - x - 6, place.fontPixels),
      x + 3,
      top + height / 2,
    );
  }
  gather();
  paint();
  pen.globalAlpha = 1;
}

const strengths = 8;

/** Colours on which black is hard to read. */
const deep = new Set(["#0072b2", "#d55e00"]);
