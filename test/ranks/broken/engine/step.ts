/** A fixture: the other half of the ring. */
import type { Loop } from "./loop.ts";

export interface Step {
  readonly inner: Loop;
}
