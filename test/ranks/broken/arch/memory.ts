/** A fixture: a component that asks the engine. */
import { run } from "../engine/run.ts";

export const latency = run() + 1;
