/** Sections of a view as elements, with the figures that they hold. */
import type { Block, Section } from "../view/view.ts";
import { chartFigure } from "./chart.ts";
import { element } from "./element.ts";
import type { Figure } from "./figure.ts";
import { tableElement } from "./table.ts";
import { timelineFigure } from "./timeline.ts";

export interface ShownSection {
  readonly element: HTMLElement;
  readonly figures: readonly Figure[];
}

export function sectionElement({ id, title, blocks }: Section): ShownSection {
  const shown = blocks.map((block) => blockElement(block));
  const made = element(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    element("h2", { id: `${id}-title` }, title),
  );
  const figures = shown.flatMap(({ figure }) => figure ?? []);
  made.append(...shown.map(({ element }) => element));
  return { element: made, figures };
}

interface ShownBlock {
  readonly element: HTMLElement;
  readonly figure?: Figure;
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
      const figure = chartFigure(block.chart);
      return { element: figure.element, figure };
    }
    case "timeline": {
      const figure = timelineFigure(block.timeline);
      return { element: figure.element, figure };
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
