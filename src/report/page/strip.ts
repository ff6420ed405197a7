/**
 * The boxes of a timeline, kept as a picture that is wider than what is seen: while the timeline moves, only the picture does. It is
 * made anew where the zoom changes, and, three times as wide, where the view leaves it.
 */
import type { Drawable, Look } from "../timeline/draw.ts";
import { frameOf } from "../timeline/draw.ts";
import { drawTracks } from "../timeline/draw-tracks.ts";
import type { Stretch } from "../timeline/timeline.ts";
import { element, sized } from "./element.ts";

/** Browsers take no canvas that is wider. */
const widest = 16_000;

export interface Strip {
  /** Puts what is to be seen of it at the right of `left`. */
  readonly paint: (pen: CanvasRenderingContext2D, view: Stretch, look: Look) => void;
}

/** @param whole beyond which nothing is shown */
export function stripOf(drawn: Drawable, whole: Stretch): Strip {
  const canvas = element("canvas");
  let made: { readonly view: Stretch; readonly scale: number; readonly look: Look } | undefined;

  function make(view: Stretch, scale: number, look: Look): void {
    const height = drawn.tracks.length * frameOf(drawn, look).row;
    sized(canvas, (view.to - view.from) * scale, height);
    const pen = canvas.getContext("2d");
    if (pen !== null) drawTracks(pen, drawn, view, { ...look, width: (view.to - view.from) * scale });
    made = { view, scale, look };
  }

  return {
    paint(pen, view, look) {
      const { left, row } = frameOf(drawn, look);
      const width = look.width - left;
      const span = view.to - view.from;
      const scale = width / span;
      const same = made !== undefined && made.look === look && Math.abs(made.scale / scale - 1) < 1e-9;
      if (!same) make(view, scale, look);
      else if (made !== undefined && (view.from < made.view.from || view.to > made.view.to)) {
        const beside = Math.max(0, Math.min(span, (widest / devicePixelRatio / scale - span) / 2));
        const from = Math.max(whole.from, view.from - beside);
        make({ from, to: Math.min(whole.to, view.to + beside) }, scale, look);
      }
      const ratio = devicePixelRatio;
      const height = Math.round(drawn.tracks.length * row * ratio);
      // Whole pixels of the screen: nothing in between is worth its time.
      const skipped = Math.round((view.from - (made?.view.from ?? view.from)) * scale * ratio);
      const seen = Math.min(Math.round(width * ratio), canvas.width - skipped);
      if (seen <= 0 || height <= 0) return;
      pen.drawImage(canvas, skipped, 0, seen, height, left, 0, seen / ratio, height / ratio);
    },
  };
}
