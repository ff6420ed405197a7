/** The timeline on the page: drawn anew for every frame that moves it; by mouse, touch, keys and buttons. */
import { kindStyle } from "../chart/palette.ts";
import { duration } from "../human.ts";
import { drawable, drawFrame, frameOf, type Look, toldAt } from "../timeline/draw.ts";
import { drawMarks, drawOverview, overviewHeight } from "../timeline/draw-overview.ts";
import type { Stretch, Timeline } from "../timeline/timeline.ts";
import { button, element, sized } from "./element.ts";
import type { Figure } from "./figure.ts";
import { stripOf } from "./strip.ts";
import type { Theme } from "./theme.ts";

const fontPixels = 12;
/** Shorter than this many ticks there is nothing more to see. */
const closest = 8;

export function timelineFigure(timeline: Timeline): Figure {
  const drawn = drawable(timeline);
  const { window, ticksPerSecond, layers } = timeline;
  const whole: Stretch = { from: window.from, to: Math.max(window.to, window.from + closest) };
  let view = whole;
  let look: Look = { width: 0, fontPixels, fontFamily: "sans-serif", theme: "light" };
  let pending = false;
  let marked = "";
  const strip = stripOf(drawn, whole);
  const tasks = drawn.tracks.reduce((sum, { spans }) => sum + spans.starts.length, 0);
  const shows = `${tasks} tasks from ${duration(window.from / ticksPerSecond)} to ${duration(window.to / ticksPerSecond)}${timeline.cut === "" ? "" : `, ${timeline.cut}`}`;
  const canvas = element("canvas", {
    tabindex: "0",
    role: "img",
    "aria-label": `Timeline of the units of the first device, ${shows}. Arrow keys move, plus and minus zoom, Home shows all.`,
    class: "timeline",
  });
  const overview = element("canvas", {
    role: "img",
    "aria-label": "How busy each unit is over the whole run",
  });
  // What of the overview never moves, drawn once.
  const still = element("canvas");
  const told = element("p", { class: "told", "aria-live": "polite" }, "Point at a task.");
  const plot = element("div", { class: "plot" }, overview, canvas);
  const made = element(
    "figure",
    { id: "chart-timeline" },
    element("figcaption", {}, element("h3", {}, "What each unit does when"), element("p", {}, caption())),
    controls(),
    plot,
    told,
    legend(),
  );
  listen();
  return { element: made, draw };

  function caption(): string {
    return `Below, ${shows}, a box for each; first device. Above, how busy units are over the whole run, the stronger the busier; the marks show where the lower part lies.`;
  }

  function draw(theme: Theme): void {
    const { fontFamily } = getComputedStyle(document.body);
    const width = plot.clientWidth;
    if (width === 0 || (width === look.width && theme === look.theme)) return;
    look = { ...look, width, fontFamily, theme };
    sized(overview, width, overviewHeight(drawn, look));
    sized(still, width, overviewHeight(drawn, look));
    sized(canvas, width, frameOf(drawn, look).height);
    marked = "";
    const pen = still.getContext("2d");
    if (pen !== null) drawOverview(pen, drawn, look);
    paint();
  }

  function paint(): void {
    pending = false;
    const [pen, above] = [canvas.getContext("2d"), overview.getContext("2d")];
    if (pen !== null) {
      strip.paint(pen, view, look);
      drawFrame(pen, drawn, view, look);
    }
    // The marks move by less than a pixel, most of the time.
    const marks = [view.from, view.to].map((tick) => Math.round((2 * tick * look.width) / timeline.finish));
    if (above === null || marks.join() === marked) return;
    marked = marks.join();
    above.drawImage(still, 0, 0, look.width, overviewHeight(drawn, look));
    drawMarks(above, drawn, view, look);
  }

  function show(from: number, to: number): void {
    const span = Math.min(whole.to - whole.from, Math.max(closest, to - from));
    const first = Math.min(Math.max(from, whole.from), whole.to - span);
    if (first === view.from && first + span === view.to) return;
    view = { from: first, to: first + span };
    if (!pending) requestAnimationFrame(paint);
    pending = true;
  }

  /** @param at the share of the width that stays where it is */
  function zoom(factor: number, at = 0.5): void {
    const span = view.to - view.from;
    const fixed = view.from + span * at;
    show(fixed - span * factor * at, fixed + span * factor * (1 - at));
  }

  function pan(share: number): void {
    const step = (view.to - view.from) * share;
    show(view.from + step, view.to + step);
  }

  function listen(): void {
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => pan(-0.1),
      ArrowRight: () => pan(0.1),
      "+": () => zoom(0.8),
      "=": () => zoom(0.8),
      "-": () => zoom(1.25),
      Home: () => show(whole.from, whole.to),
    };
    canvas.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    });
    const across = (): number => look.width - frameOf(drawn, look).left;
    canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener("pointermove", (event) => {
      if (event.buttons === 1) pan(-event.movementX / across());
      else told.textContent = toldAt(drawn, view, look, event.offsetX, event.offsetY) || "Point at a task.";
    });
    canvas.addEventListener(
      "wheel",
      (event) => {
        // A plain wheel scrolls the page; with Ctrl, as for all zooming, or sideways it is meant for the timeline.
        if (!event.ctrlKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
        event.preventDefault();
        const { left } = frameOf(drawn, look);
        if (event.ctrlKey) zoom(1.002 ** event.deltaY, (event.offsetX - left) / across());
        else pan(event.deltaX / across());
      },
      { passive: false },
    );
  }

  function controls(): HTMLElement {
    const choice = element(
      "select",
      { "aria-label": "Zoom to a layer" },
      element("option", { value: "" }, "zoom to ..."),
      ...layers.map(({ name }, index) => element("option", { value: String(index) }, name)),
    );
    choice.addEventListener("change", () => {
      const layer = layers[Number(choice.value)];
      if (choice.value === "" || layer === undefined) return show(whole.from, whole.to);
      const margin = (layer.to - layer.from) * 0.02;
      show(layer.from - margin, layer.to + margin);
    });
    return element(
      "div",
      { class: "controls", role: "group", "aria-label": "Move the timeline" },
      button("←", () => pan(-0.25), { "aria-label": "Earlier" }),
      button("→", () => pan(0.25), { "aria-label": "Later" }),
      button("+", () => zoom(0.5), { "aria-label": "Closer" }),
      button("−", () => zoom(2), { "aria-label": "Farther" }),
      button("all", () => show(whole.from, whole.to)),
      ...(layers.length > 1 ? [choice] : []),
    );
  }

  function legend(): HTMLElement {
    const kinds = [...new Set(timeline.ops.map(({ kind }) => kind))].sort();
    const items = kinds.map((kind) => {
      const swatch = element("span", { class: "swatch" });
      swatch.style.background = kindStyle(kind, kinds).colour;
      return element("li", {}, swatch, kind);
    });
    return element("ul", { class: "legend", "aria-label": "Kinds of ops" }, ...items);
  }
}
