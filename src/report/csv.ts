/**
 * Results as CSV (RFC 4180): one row for each op of each phase of each run, every digit, SI units. A run that does not fit
 * has one row. The first columns never change; bytes by memory, the parameters of runs, and how
 * runs stand to each other follow, in alphabetical order.
 */
import { csvFormatRows } from "d3-dsv";
import type { OpRow, RunResult } from "./report.ts";

export function renderCsv(experiment: string, runs: readonly RunResult[]): string {
  const memories = sortedKeys(runs.flatMap(opsOf).map(({ bytes }) => bytes));
  const parameters = sortedKeys(runs.map(({ parameters }) => parameters));
  const relations = sortedKeys(runs.map(relationCells));
  const header = [
    ...Object.keys(runCells(experiment, undefined)),
    ...Object.keys(opCells(undefined)),
    ...memories.map((memory) => `bytes.${memory}`),
    ...parameters.map((parameter) => `parameters.${parameter}`),
    ...relations,
  ];
  const rows = runs.flatMap((run) => {
    const ops: readonly (OpRow | undefined)[] = run.result.status === "done" ? opsOf(run) : [undefined];
    return ops.map((op) => [
      ...Object.values(runCells(experiment, run)),
      ...Object.values(opCells(op)),
      ...memories.map((memory) => (op === undefined ? "" : (op.bytes[memory] ?? 0))),
      ...parameters.map((parameter) => run.parameters[parameter] ?? ""),
      ...relations.map((relation) => relationCells(run)[relation] ?? ""),
    ]);
  });
  return csvText([header, ...rows]);
}

/** A table of cells as CSV; the last line ends too. */
export const csvText = (rows: readonly (readonly unknown[])[]): string =>
  `${csvFormatRows(rows.map((row) => row.map(cell)))}\n`;

const runCells = (experiment: string, run: RunResult | undefined) => ({
  experiment,
  run: run?.name ?? "",
  status: run?.result.status ?? "",
  reason: run?.result.status === "unfit" ? run.result.reason : "",
});

const opCells = (op: OpRow | undefined) => ({
  phase: op?.phase ?? "",
  block: op?.block ?? "",
  op: op?.op ?? "",
  kind: op?.kind ?? "",
  latencySeconds: op?.latencySeconds ?? "",
  latencyCycles: op?.latencyCycles ?? "",
  share: op?.share ?? "",
  macs: op?.macs ?? "",
  utilization: op?.utilization ?? "",
  energyJoules: op?.energyJoules ?? "",
  boundByUnit: op?.boundBy?.unit ?? "",
  boundByLimit: op?.boundBy?.limit ?? "",
  boundByShare: op?.boundBy?.share ?? "",
});

/** How the run stands to others; none where the experiment does not say. */
function relationCells({ against, curve }: RunResult): Readonly<Record<string, unknown>> {
  return {
    ...(against === undefined ? {} : { "against.run": against.run, "against.speedup": against.speedup }),
    ...Object.fromEntries(Object.entries(curve ?? {}).map(([key, value]) => [`curve.${key}`, value])),
  };
}

const opsOf = ({ result }: RunResult): readonly OpRow[] =>
  result.status === "done" ? result.report.ops : [];

const sortedKeys = (records: readonly Readonly<Record<string, unknown>>[]): readonly string[] =>
  [...new Set(records.flatMap((record) => Object.keys(record)))].sort();

const cell = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));
