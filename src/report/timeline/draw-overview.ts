/** Draws how busy each unit is over the whole run, with the stretch that the timeline shows marked. */
import { type Drawable, frameOf, inks, type Look, type Pen } from "./draw.ts";
import type { Stretch } from "./timeline.ts";

export const overviewHeight = ({ timeline }: Drawable, { fontPixels }: Look): number =>
  (timeline.overview.units.length + 1) * rowOf(fontPixels);

const rowOf = (fontPixels: number): number => Math.round(fontPixels * 1.35);

/** Where always busy. */
const strong = { light: "#0b4f94", dark: "#7cc0ff" };

/** Without the marks: this part never moves. */
export function drawOverview(pen: Pen, drawn: Drawable, look: Look): void {
  const { width, fontPixels, fontFamily, theme } = look;
  const { overview, finish } = drawn.timeline;
  const { left } = frameOf(drawn, look);
  const row = rowOf(fontPixels);
  const ink = inks[theme];
  const at = (tick: number): number => left + (tick * (width - left)) / Math.max(1, finish);
  pen.globalAlpha = 1;
  pen.fillStyle = ink.page;
  pen.fillRect(0, 0, width, overviewHeight(drawn, look));
  pen.font = `${fontPixels * 0.85}px ${fontFamily}`;
  pen.textBaseline = "middle";
  for (const [index, { unit, busy }] of overview.units.entries()) {
    pen.fillStyle = ink.text;
    pen.textAlign = "right";
    pen.fillText(unit, left - fontPixels / 2, index * row + row / 2);
    pen.fillStyle = ink.row;
    pen.fillRect(left, index * row + 1, width - left, row - 2);
    pen.fillStyle = strong[theme];
    for (const [bin, thousandths] of busy.entries()) {
      const x = at(overview.edges[bin] ?? 0);
      pen.globalAlpha = Math.min(1, thousandths / 1000);
      pen.fillRect(x, index * row + 1, at(overview.edges[bin + 1] ?? finish) - x, row - 2);
    }
    pen.globalAlpha = 1;
  }
}

/** Where the timeline lies. */
export function drawMarks(pen: Pen, drawn: Drawable, view: Stretch, look: Look): void {
  const { width, fontPixels, theme } = look;
  const { overview, finish } = drawn.timeline;
  const { left } = frameOf(drawn, look);
  const row = rowOf(fontPixels);
  const height = overview.units.length * row;
  const at = (tick: number): number => left + (tick * (width - left)) / Math.max(1, finish);
  const [from, to] = [at(view.from), Math.max(at(view.from) + 2, at(view.to))];
  pen.fillStyle = inks[theme].text;
  for (const edge of [from, to]) pen.fillRect(edge, 0, 1.5, height + row / 2);
  pen.fillRect(from, height + row / 2 - 2, to - from, 3);
}
