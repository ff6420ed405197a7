/** What a page is made from, and how it lies in its HTML. */
import type { Explained } from "./chart/chart.ts";
import type { Results } from "./results.ts";
import type { Timeline } from "./timeline/timeline.ts";
import type { Section } from "./view/view.ts";

export type PageData = RunsPage | SectionsPage;

export interface RunsPage {
  /** All runs with one of them in detail, or side by side. */
  readonly view: "runs" | "comparison";
  readonly title: string;
  readonly subtitle: string;
  readonly results: Results;
  /** By run, where it was watched. */
  readonly timelines: Readonly<Record<string, Timeline>>;
  /** By run, where it was explained. */
  readonly explanations: Readonly<Record<string, Explained>>;
}

/** What is ready to be shown. */
export interface SectionsPage {
  readonly view: "sections";
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly Section[];
}

/** As JSON that no HTML parser takes for a tag or the end of its script. */
export const pageText = (data: PageData): string => JSON.stringify(data).replaceAll("<", "\\u003c");
