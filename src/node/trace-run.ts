/** The timeline of a planned run, over a window of it. */
import { gzipSync } from "node:zlib";
import type { PlannedRun } from "../config/plan.ts";
import { priceList } from "../energy/price.ts";
import type { Span } from "../engine/observer.ts";
import { run } from "../engine/run.ts";
import { tallies } from "../report/fold.ts";
import { memoryRows } from "../report/memory.ts";
import { perfettoTrace } from "../report/perfetto.ts";
import { traceOf } from "../report/trace.ts";
import { tracedOf } from "../report/track.ts";
import { firstIterations } from "../report/window.ts";

/** In seconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** More would make a file that no viewer opens. */
const mostSpans = 2_000_000;

/**
 * A protobuf where the file's name is one of Perfetto's, JSON otherwise; compressed where it ends in .gz, which Perfetto opens as well.
 * @param asked absent: the first two tokens of decode, or iterations of the last phase where nothing is decoded
 * @throws Error when the run does not fit
 */
export function traceRun(
  { name, machine, workload, energyTable }: PlannedRun,
  file: string,
  asked?: Window,
): string | Uint8Array {
  const { hardware, dataflow } = machine;
  const { tickRate } = hardware;
  if (dataflow.check(hardware, workload).length > 0)
    throw new Error(`${name} does not fit, so there is nothing to trace`);
  const program = dataflow.lower(hardware, workload);
  const stats = run(program);
  const window =
    asked === undefined
      ? firstIterations(program, stats, 2)
      : {
          from: Math.round(asked.from * tickRate),
          to: Math.min(stats.finish, Math.round(asked.to * tickRate)),
        };
  const spans: Span[] = [];
  const onSpan = (span: Span): void => {
    if (spans.push(span) > mostSpans)
      throw new Error(`more than ${mostSpans} tasks in the window: choose a shorter one by --trace-window`);
  };
  run(program, { observer: { ...window, onSpan } });
  const units = program.units.map((unit) => unit.name);
  const traced = tracedOf(spans, {
    window,
    tickRate,
    units,
    prices: priceList(hardware, energyTable),
    memories: memoryRows(hardware, program, stats, tallies(program, stats)),
  });
  const text = (): string => `${JSON.stringify(traceOf(spans, units, tickRate, traced))}\n`;
  const trace = /\.(pftrace|perfetto-trace)(\.gz)?$/.test(file) ? perfettoTrace(traced) : text();
  return file.endsWith(".gz") ? gzipSync(trace) : trace;
}
