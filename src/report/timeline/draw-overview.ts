/** Draws how busy each unit is over the whole run, with the stretch that the timeline shows marked. */
import { ramp } from "../chart/palette.ts";
import { type Drawable, frameOf, inks, type Look, type Pen } from "./draw.ts";
import type { Stretch } from "./timeline.ts";

export const overviewHeight = ({ timeline }: Drawable, { fontPixels }: Look): number =>
  (timeline.overview.units.length + 1) * rowOf(fontPixels);

const rowOf = (fontPixels: number): number => Math.round(fontPixels * 1.35);

export function drawOverview(pen: Pen, drawn: Drawable, view: Stretch, look: Look): void {
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
    for (const [bin, thousandths] of busy.entries()) {
      const x = at(overview.edges[bin] ?? 0);
      pen.fillStyle = ramp(thousandths / 1000);
      pen.fillRect(x, index * row + 1, at(overview.edges[bin + 1] ?? finish) - x + 0.5, row - 2);
    }
  }
  const height = overview.units.length * row;
  pen.fillStyle = ink.text;
  for (const edge of [at(view.from), Math.max(at(view.from) + 1, at(view.to))])
    pen.fillRect(edge, 0, 1.5, height + row / 2);
  pen.fillRect(at(view.from), height + row / 2 - 2, Math.max(2, at(view.to) - at(view.from)), 3);
}
