/** A fixture. */
import { loop } from "./loop.ts";

export const run = (): number => loop(3);
