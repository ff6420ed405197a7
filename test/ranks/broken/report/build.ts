/** A fixture: a report that reads configuration. */
import { plan } from "../config/plan.ts";
import { run } from "../engine/run.ts";

export const build = (file: string): number => (plan(file) ? run() : 0);
