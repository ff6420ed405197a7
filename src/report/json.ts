/** Results as JSON: stable keys in a stable order, every digit. The fields are described in docs/report.md. */
import { type RunResult, schemaVersion } from "./report.ts";

/** The text of the results of an experiment, one run or many. @throws Error when a value is not JSON (NaN, undefined) */
export function renderJson(experiment: string, runs: readonly RunResult[]): string {
  return `${JSON.stringify({ schemaVersion, experiment, runs: runs.map(flat) }, refuseHoles, 2)}\n`;
}

/** The run as printed: the result's fields beside its name, without a level of their own. */
function flat({ name, parameters, result, ...related }: RunResult): unknown {
  return { name, parameters, ...result, ...related };
}

/** JSON would write NaN as null, and drop undefined. */
function refuseHoles(key: string, value: unknown): unknown {
  if (value === undefined || (typeof value === "number" && !Number.isFinite(value)))
    throw new Error(`the result "${key}" is ${value}, which JSON cannot hold`);
  return value;
}
