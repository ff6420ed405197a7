/** What a page is made from, and how it lies in its HTML. */
import type { Results } from "./results.ts";

export interface PageData {
  readonly title: string;
  readonly subtitle: string;
  readonly results: Results;
}

/** As JSON that no HTML parser takes for a tag or the end of its script. */
export const pageText = (data: PageData): string => JSON.stringify(data).replaceAll("<", "\\u003c");
