/** A fixture: one half of a ring. */
import type { Step } from "./step.ts";

export interface Loop {
  readonly body: readonly Step[];
}

export const loop = (times: number): number => times;
