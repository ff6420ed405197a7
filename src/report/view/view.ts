/** What a page shows, as data: sections of facts, tables and charts. The page draws it and knows nothing of simulation. */
import type { Chart } from "../chart/chart.ts";
import type { Timeline } from "../timeline/timeline.ts";

export interface Section {
  /** Names it in links. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "text"; readonly text: string; readonly tone?: Tone }
  | { readonly kind: "facts"; readonly facts: readonly (readonly [string, string])[] }
  | Table
  | { readonly kind: "chart"; readonly chart: Chart }
  | { readonly kind: "timeline"; readonly timeline: Timeline }
  | { readonly kind: "code"; readonly caption: string; readonly text: string };

export type Tone = "warning" | "error" | "quiet";

export interface Table {
  readonly kind: "table";
  readonly caption: string;
  readonly columns: readonly TableColumn[];
}

export interface TableColumn {
  readonly header: string;
  readonly cells: readonly Cell[];
}

/** A column of numbers is sorted by them; one of words by its texts. */
export interface Cell {
  readonly text: string;
  readonly number?: number;
  readonly tone?: Tone | "bold";
}

export const words = (header: string, texts: readonly string[]): TableColumn => ({
  header,
  cells: texts.map((text) => ({ text })),
});

/** Empty where there is no number. */
export const numbers = (
  header: string,
  values: readonly (number | undefined)[],
  text: (value: number) => string,
): TableColumn => ({
  header,
  cells: values.map((number) => (number === undefined ? { text: "" } : { text: text(number), number })),
});
