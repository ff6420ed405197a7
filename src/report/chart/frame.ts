/** The frames that charts share: bars that lie or stand, lines and points over an axis. */
import { shortened } from "./axis.ts";
import type { ChartConfig, Json, JsonRecord } from "./chart.ts";
import { ink, type Style } from "./palette.ts";

export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly style: Style;
}

/** Lying bars, one for each label, its series stacked. @param ends text behind each bar @param more of the axis @param stacked false: side by side */
export function stackedBars(
  labels: readonly string[],
  series: readonly Series[],
  axisTitle: string,
  ends: readonly string[] = [],
  more: JsonRecord = {},
  stacked = true,
): ChartConfig {
  const room = Math.max(0, ...ends.map((text) => text.length));
  return {
    type: "bar",
    data: {
      labels: labels.map((label) => shortened(label, labelLength)),
      datasets: series.map(({ label, values, style }, index) => ({
        label,
        data: values,
        backgroundColor: style.colour,
        borderColor: ink,
        borderWidth: 0.5,
        hatch: style.hatch,
        ...(index === series.length - 1 && ends.length > 0 ? { ends } : {}),
      })),
    },
    options: {
      indexAxis: "y",
      // Room for the texts behind the bars, in characters: made pixels where the font is known.
      room,
      scales: {
        x: { stacked, title: titled(axisTitle), beginAtZero: true, ...more },
        y: { stacked, grid: { display: false }, ticks: { autoSkip: false } },
      },
      plugins: { legend: { display: series.length > 1 } },
    },
  };
}

/** A dataset of lines or points. */
export const lineOf = (
  label: string,
  data: readonly Json[],
  style: Style,
  more: JsonRecord = {},
): JsonRecord => ({
  label,
  data,
  borderColor: style.colour,
  backgroundColor: style.colour,
  borderDash: style.dash,
  borderWidth: 2,
  pointStyle: style.marker,
  pointRadius: 4,
  ...more,
});

export const titled = (text: string): JsonRecord => ({ display: true, text });

/** The height of lying bars in lines of text, axis and legend included. */
export const barLines = (bars: number, series: number): number =>
  4 + Math.max(2, bars * 1.5) + (series > 1 ? 1.5 + Math.ceil(series / 4) : 0);

const labelLength = 34;

/** Points in rows, one for each label, over an axis of numbers. */
export const rowsOf = (
  labels: readonly string[],
  datasets: readonly JsonRecord[],
  axis: JsonRecord,
): ChartConfig => ({
  type: "line",
  data: { labels: labels.map((label) => shortened(label, longLabel)), datasets },
  options: { indexAxis: "y", scales: { x: axis, y: { offset: true, ticks: { autoSkip: false } } } },
});

const longLabel = 48;
