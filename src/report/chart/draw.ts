/** Draws a dressed chart by Chart.js: on a page, or on a canvas without one. Charts register nothing before one is drawn. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartItem,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  Tooltip,
} from "chart.js";
import { MatrixController, MatrixElement } from "chartjs-chart-matrix";
import { Flow, SankeyController } from "chartjs-chart-sankey";
import { marks } from "./marks.ts";

/** @param canvas as wide and high as it is to be drawn */
export function drawChart(canvas: ChartItem, config: ChartConfiguration): Chart {
  register();
  const { options, data } = config;
  const plugins = { ...options?.plugins };
  return new Chart(canvas, {
    ...config,
    data: {
      ...data,
      datasets: data.datasets.map((dataset) => ({
        ...dataset,
        ...cellSizes(dataset),
        ...flowColours(dataset),
      })),
    },
    options: {
      ...options,
      plugins: { ...plugins, tooltip: { ...plugins.tooltip, callbacks: { label: labelOf } } },
    },
    plugins: [...(config.plugins ?? []), marks],
  });
}

/** Again and again is no harm. */
const register = (): void =>
  Chart.register(
    BarController,
    BarElement,
    CategoryScale,
    Filler,
    Flow,
    Legend,
    LinearScale,
    LineController,
    LineElement,
    LogarithmicScale,
    MatrixController,
    MatrixElement,
    PointElement,
    SankeyController,
    ScatterController,
    Tooltip,
  );

/** Datasets may say what is told of each point, in lines. */
function labelOf({
  dataset,
  dataIndex,
  formattedValue,
}: {
  readonly dataset: object;
  readonly dataIndex: number;
  readonly formattedValue: string;
}): string | string[] {
  const { label = "", tips } = { label: undefined, tips: undefined, ...dataset };
  const tip: unknown = Array.isArray(tips) ? tips[dataIndex] : undefined;
  if (typeof tip === "string") return tip.split("\n");
  return typeof label === "string" && label !== "" ? `${label}: ${formattedValue}` : formattedValue;
}

/** Cells of a heat map fill the chart. */
function cellSizes(dataset: object): object {
  const { columns, rows } = { columns: undefined, rows: undefined, ...dataset };
  if (typeof columns !== "number" || typeof rows !== "number") return {};
  return {
    width: ({ chart }: { readonly chart: Chart }) => (chart.chartArea?.width ?? 0) / columns - 1,
    height: ({ chart }: { readonly chart: Chart }) => (chart.chartArea?.height ?? 0) / rows - 1,
  };
}

/** Flows take their colours one by one from functions only. */
function flowColours(dataset: object): object {
  const { fromColours, toColours } = { fromColours: undefined, toColours: undefined, ...dataset };
  if (!Array.isArray(fromColours) || !Array.isArray(toColours)) return {};
  return {
    colorFrom: ({ dataIndex }: { readonly dataIndex: number }) => fromColours[dataIndex],
    colorTo: ({ dataIndex }: { readonly dataIndex: number }) => toColours[dataIndex],
  };
}
