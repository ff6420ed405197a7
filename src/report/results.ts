/** Results as `papillon run --format json` prints them, read again. */
import { type CurvePoint, type Report, type RunResult, schemaVersion } from "./report.ts";

export interface Results {
  readonly experiment: string;
  readonly runs: readonly RunResult[];
}

export type ReadResults =
  | { readonly ok: true; readonly value: Results }
  | { readonly ok: false; readonly problem: string };

/** @param name how the text is called in a problem, such as its file */
export function readResults(text: string, name: string): ReadResults {
  const parsed = parse(text);
  if (parsed === undefined)
    return wrong(`${name}: expected the JSON that papillon run --format json prints, found no JSON`);
  const { schemaVersion: found, experiment, runs } = record(parsed);
  if (found !== schemaVersion)
    return wrong(
      found === undefined
        ? `${name}: expected the results of papillon run --format json, found JSON without schemaVersion`
        : `${name}: has schemaVersion ${JSON.stringify(found)}; this Papillon reads version ${schemaVersion}: run the experiment again`,
    );
  if (typeof experiment !== "string" || !Array.isArray(runs))
    return wrong(`${name}: expected experiment and runs, found ${Object.keys(record(parsed)).join(", ")}`);
  const read = runs.map((run: unknown) => runOf(run));
  const bad = read.indexOf(undefined);
  if (bad >= 0) return wrong(`${name}: runs.${bad} lacks what a run has today: run the experiment again`);
  return { ok: true, value: { experiment, runs: read.flatMap((run) => run ?? []) } };
}

const wrong = (problem: string): ReadResults => ({ ok: false, problem });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function runOf(run: unknown): RunResult | undefined {
  const { name, parameters, status, report, reason, misfits, curve } = record(run);
  if (typeof name !== "string") return undefined;
  const named = { name, parameters: record(parameters), ...(isCurvePoint(curve) ? { curve } : {}) };
  if (status === "unfit" && typeof reason === "string")
    return { ...named, result: { status, reason, misfits: Array.isArray(misfits) ? misfits : [] } };
  return status === "done" && isReport(report) ? { ...named, result: { status, report } } : undefined;
}

/** By the fields that every report has; what is in them is trusted, for a program of the same version wrote it. */
function isReport(value: unknown): value is Report {
  const report = record(value);
  const { layers } = report;
  const lists = ["warnings", "phases", "layers", "ops", "devices", "units", "memories", "references"];
  return (
    lists.every((key) => Array.isArray(report[key])) &&
    (Array.isArray(layers) ? layers : []).every((layer: unknown) =>
      isRecord(record(layer)["energyByComponent"]),
    ) &&
    ["provenance", "totals", "energy", "roofs"].every((key) => Object.keys(record(report[key])).length > 0)
  );
}

function isCurvePoint(value: unknown): value is CurvePoint {
  const { along, speedup, ofFastest, saturated } = record(value);
  return (
    typeof along === "string" &&
    typeof speedup === "number" &&
    typeof ofFastest === "number" &&
    typeof saturated === "boolean"
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const record = (value: unknown): Readonly<Record<string, unknown>> => (isRecord(value) ? value : {});
