/** A table whose columns sort it: the header of each is a button; wide ones scroll within themselves. */
import type { Cell, Table } from "../view/view.ts";
import { button, element } from "./element.ts";

export function tableElement({ caption, columns }: Table): HTMLElement {
  const count = Math.max(0, ...columns.map(({ cells }) => cells.length));
  const body = element("tbody");
  const headers = columns.map(({ header, cells }, index) => {
    const numeric = isNumeric(cells);
    const made = element("th", { scope: "col", ...(numeric ? { class: "number" } : {}) });
    made.append(button(header, () => sortBy(index)));
    return made;
  });
  const rows = Array.from({ length: count }, (_, row) =>
    element(
      "tr",
      {},
      ...columns.map(({ cells }, column) =>
        cellElement(cells[row] ?? { text: "" }, column === 0, isNumeric(cells)),
      ),
    ),
  );
  body.append(...rows);
  const head = element("thead", {}, element("tr", {}, ...headers));
  const table = element("table", {}, element("caption", {}, caption), head, body);
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table);

  /** Largest numbers first; again, and the other way round. */
  function sortBy(index: number): void {
    const { cells = [] } = columns[index] ?? {};
    const header = headers[index];
    const first = isNumeric(cells) ? "descending" : "ascending";
    const direction =
      header?.getAttribute("aria-sort") === first
        ? first === "ascending"
          ? "descending"
          : "ascending"
        : first;
    for (const each of headers) each.removeAttribute("aria-sort");
    header?.setAttribute("aria-sort", direction);
    const sign = direction === "ascending" ? 1 : -1;
    const order = rows.map((_, row) => row).sort((a, b) => sign * compare(cells[a], cells[b]));
    body.append(...order.flatMap((row) => rows[row] ?? []));
  }
}

const isNumeric = (cells: readonly Cell[]): boolean => cells.some(({ number }) => number !== undefined);

function compare(a: Cell | undefined, b: Cell | undefined): number {
  if (a?.number !== undefined && b?.number !== undefined) return a.number - b.number;
  if (a?.number !== undefined || b?.number !== undefined) return a?.number === undefined ? -1 : 1;
  return (a?.text ?? "").localeCompare(b?.text ?? "", "en", { numeric: true });
}

function cellElement({ text, tone }: Cell, first: boolean, numeric: boolean): HTMLElement {
  const classes = [...(numeric ? ["number"] : []), ...(tone === undefined ? [] : [tone])].join(" ");
  const attributes = classes === "" ? {} : { class: classes };
  return first ? element("th", { scope: "row", ...attributes }, text) : element("td", attributes, text);
}
