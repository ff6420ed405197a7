/** A chart on the page: its canvas with a text for those who do not see it, its numbers as a table, files to take along. */
import type { Chart } from "../chart/chart.ts";
import { drawChart } from "../chart/draw.ts";
import { characterWidth, dressed } from "../chart/dress.ts";
import { csvText } from "../csv.ts";
import { button, download, element } from "./element.ts";
import type { Figure } from "./figure.ts";
import { tableElement } from "./table.ts";

const fontPixels = 13;
const linePixels = 20;

export function chartFigure(chart: Chart): Figure {
  const { name, title, description, lines, characters = 0, data } = chart;
  const canvas = element("canvas", { role: "img", "aria-label": `${title}. ${description}` });
  const plot = element(
    "div",
    { class: "plot", tabindex: "0", role: "group", "aria-label": `${title}, chart` },
    canvas,
  );
  const figure = element(
    "figure",
    { id: `chart-${name}` },
    element("figcaption", {}, element("h3", {}, title), element("p", {}, description)),
    plot,
    element("div", { class: "tools" }, save("PNG", savePng), save("CSV", saveCsv)),
    numbersOf(data),
  );
  let drawn: { readonly destroy: () => void } | undefined;
  let state = "";
  return {
    element: figure,
    draw(theme) {
      const width = Math.max(plot.clientWidth, characters * fontPixels * characterWidth);
      const next = `${width} ${theme}`;
      if (next === state || plot.clientWidth === 0) return;
      state = next;
      drawn?.destroy();
      canvas.width = width;
      canvas.height = lines * linePixels;
      const { fontFamily } = getComputedStyle(document.body);
      drawn = drawChart(canvas, dressed(chart.config, { theme, fontPixels, fontFamily, widthPixels: width }));
    },
  };

  function save(format: string, onClick: () => void): HTMLElement {
    return button(format, onClick, { "aria-label": `Save ${title} as ${format}` });
  }
  function savePng(): void {
    canvas.toBlob((blob) => {
      if (blob !== null) download(`${name}.png`, blob);
    });
  }
  function saveCsv(): void {
    download(`${name}.csv`, new Blob([csvText([data.header, ...data.rows])], { type: "text/csv" }));
  }
}

/** Made when first opened: most never are. */
function numbersOf({ header, rows }: Chart["data"]): HTMLElement {
  const details = element("details", {}, element("summary", {}, `Numbers (${rows.length} rows)`));
  details.addEventListener(
    "toggle",
    () =>
      details.append(
        tableElement({
          kind: "table",
          caption: "Numbers of the chart",
          columns: header.map((name, column) => ({
            header: name,
            cells: rows.map((row) => {
              const value = row[column] ?? "";
              return typeof value === "number" ? { text: String(value), number: value } : { text: value };
            }),
          })),
        }),
      ),
    { once: true },
  );
  return details;
}
