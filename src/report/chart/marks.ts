/**
 * What Chart.js does not draw: hatches in bars and in their legend, numbers in the cells of heat maps, texts behind bars and
 * beside points. All are lines and text, so that they stay sharp in SVG. Datasets ask by `hatch`, `texts`, `ends`, `names`.
 */
import type { Chart, Element, Plugin } from "chart.js";
import type { Hatch } from "./palette.ts";

export const marks: Plugin = {
  id: "marks",
  afterDatasetsDraw(chart) {
    for (const [index, dataset] of chart.data.datasets.entries()) {
      if (!chart.isDatasetVisible(index)) continue;
      const { hatch = "none", texts, ends, names } = asked(dataset);
      for (const [at, element] of chart.getDatasetMeta(index).data.entries()) {
        hatchBox(chart, boxOf(element), hatch);
        cellText(chart, element, texts?.[at]);
        nameText(chart, element, names?.[at]);
      }
      endTexts(chart, ends ?? []);
    }
  },
  afterDraw(chart) {
    const { legend } = chart;
    if (legend === undefined || !("legendHitBoxes" in legend) || !Array.isArray(legend.legendHitBoxes))
      return;
    const { boxWidth, boxHeight } = legend.options.labels;
    for (const [at, { datasetIndex = -1, hidden }] of (legend.legendItems ?? []).entries()) {
      const { hatch = "none" } = asked(chart.data.datasets[datasetIndex] ?? {});
      const { left = 0, top = 0, height = 0 } = legend.legendHitBoxes[at] ?? {};
      const box = {
        left,
        top: top + (height - (boxHeight ?? 0)) / 2,
        width: boxWidth,
        height: boxHeight ?? 0,
      };
      if (hidden !== true && height > 0) hatchBox(chart, box, hatch);
    }
  },
};

interface Asked {
  readonly hatch?: Hatch;
  readonly texts?: readonly CellText[];
  readonly ends?: readonly string[];
  readonly names?: readonly string[];
}

/** A number in a cell of a heat map: light on a dark one. */
export interface CellText {
  readonly text: string;
  readonly light: boolean;
}

/** What a dataset holds beyond what Chart.js knows of. */
const asked = (dataset: object): Asked => dataset;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function boxOf(element: Element): Box {
  const { x, y, base, width, height, horizontal } = element.getProps(
    ["x", "y", "base", "width", "height", "horizontal"],
    true,
  );
  return horizontal
    ? { left: Math.min(x, base), top: y - height / 2, width: Math.abs(x - base), height }
    : { left: x - width / 2, top: Math.min(y, base), width, height: Math.abs(y - base) };
}

/** Each hatch by the directions of its lines, as steps to the right for one down; null for level ones. */
const directions: Readonly<Record<Exclude<Hatch, "none">, readonly (number | null)[]>> = {
  "/": [-1],
  "\\": [1],
  "|": [0],
  "-": [null],
  x: [-1, 1],
  ".": [0, null],
};
const gap = 5;

function hatchBox({ ctx }: Chart, { left, top, width, height }: Box, hatch: Hatch): void {
  if (hatch === "none" || !(width > 1 && height > 1)) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.beginPath();
  for (const direction of directions[hatch]) {
    if (direction === null)
      for (let y = top + gap / 2; y < top + height; y += gap) {
        ctx.moveTo(left, y);
        ctx.lineTo(left + width, y);
      }
    else {
      const lean = direction * height;
      // Lines lie on one lattice for the whole drawing, so that neighbours of one series go on into each other.
      const first = Math.floor((left - Math.max(0, lean)) / gap) * gap;
      for (let x = first; x < left + width + Math.max(0, -lean); x += gap) {
        ctx.moveTo(x, top);
        ctx.lineTo(x + lean, top + height);
      }
    }
  }
  ctx.strokeStyle = "rgba(0, 0, 0, 0.5)";
  ctx.lineWidth = 0.8;
  ctx.stroke();
  ctx.restore();
}

function fontOf({ options }: Chart, scale: number): { readonly pixels: number; readonly font: string } {
  const { size = 12, family = "sans-serif" } = { ...options.font };
  const pixels = Number(size) * scale;
  return { pixels, font: `${pixels}px ${family}` };
}

const colourOf = ({ options }: Chart): string =>
  typeof options.color === "string" ? options.color : "#1b1b1b";

/** Only where the cell has room for it. */
function cellText(chart: Chart, element: Element, cell: CellText | undefined): void {
  if (cell === undefined) return;
  const { x, y, width, height } = element.getProps(["x", "y", "width", "height"], true);
  const { ctx } = chart;
  const { pixels, font } = fontOf(chart, 0.85);
  ctx.save();
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = cell.light ? "#ffffff" : "#1b1b1b";
  if (ctx.measureText(cell.text).width <= width - 2 && pixels <= height)
    ctx.fillText(cell.text, x + width / 2, y + height / 2);
  ctx.restore();
}

/** Beside a point, on the side that has room. */
function nameText(chart: Chart, element: Element, name: string | undefined): void {
  if (name === undefined || name === "") return;
  const { x, y } = element.getProps(["x", "y"], true);
  const { ctx, chartArea } = chart;
  const { pixels, font } = fontOf(chart, 0.85);
  ctx.save();
  ctx.font = font;
  ctx.textBaseline = "middle";
  ctx.fillStyle = colourOf(chart);
  const away = pixels * 0.95;
  const fits = x + away + ctx.measureText(name).width <= chartArea.right;
  ctx.textAlign = fits ? "left" : "right";
  ctx.fillText(name, fits ? x + away : x - away, y);
  ctx.restore();
}

/** Behind the end of each lying bar, or stack of bars. */
function endTexts(chart: Chart, ends: readonly string[]): void {
  const { ctx } = chart;
  const { pixels, font } = fontOf(chart, 0.9);
  ctx.save();
  ctx.font = font;
  ctx.textBaseline = "middle";
  ctx.fillStyle = colourOf(chart);
  for (const [at, text] of ends.entries()) {
    const boxes = chart.data.datasets.flatMap((_, index) => {
      const element = chart.getDatasetMeta(index).data[at];
      return element === undefined || !chart.isDatasetVisible(index) ? [] : [boxOf(element)];
    });
    const right = Math.max(
      chart.chartArea.left,
      ...boxes.map(({ left, width }) => left + width).filter(Number.isFinite),
    );
    const [first] = boxes;
    if (first !== undefined) ctx.fillText(text, right + pixels * 0.4, first.top + first.height / 2);
  }
  ctx.restore();
}
