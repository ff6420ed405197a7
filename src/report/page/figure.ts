/** What is drawn, and not laid out by the browser. */
import type { Theme } from "./theme.ts";

export interface Figure {
  readonly element: HTMLElement;
  /** Anew, where the width or the theme has changed. */
  readonly draw: (theme: Theme) => void;
}
