/** Sections of a view as elements, with the charts that they hold. */
import type { Block, Section } from "../view/view.ts";
import { type ChartFigure, chartFigure } from "./chart.ts";
import { element } from "./element.ts";
import { tableElement } from "./table.ts";

export interface ShownSection {
  readonly element: HTMLElement;
  readonly charts: readonly ChartFigure[];
}

export function sectionElement({ id, title, blocks }: Section): ShownSection {
  const shown = blocks.map((block) => blockElement(block));
  const made = element(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    element("h2", { id: `${id}-title` }, title),
  );
  const charts = shown.flatMap(({ chart }) => chart ?? []);
  made.append(...shown.map(({ element }) => element));
  return { element: made, charts };
}

interface ShownBlock {
  readonly element: HTMLElement;
  readonly chart?: ChartFigure;
}

function blockElement(block: Block): ShownBlock {
  switch (block.kind) {
    case "text":
      return { element: element("p", block.tone === undefined ? {} : { class: block.tone }, block.text) };
    case "facts":
      return {
        element: element(
          "dl",
          {},
          ...block.facts.flatMap(([label, text]) => [element("dt", {}, label), element("dd", {}, text)]),
        ),
      };
    case "table":
      return { element: tableElement(block) };
    case "chart": {
      const chart = chartFigure(block.chart);
      return { element: chart.element, chart };
    }
    case "code":
      return {
        element: element(
          "details",
          {},
          element("summary", {}, block.caption),
          element("pre", { tabindex: "0", role: "region", "aria-label": block.caption }, block.text),
        ),
      };
  }
}
