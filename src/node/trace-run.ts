/** The timeline of a planned run, over a window of it. */
import type { PlannedRun } from "../config/plan.ts";
import type { Span } from "../engine/observer.ts";
import { run } from "../engine/run.ts";
import { traceOf } from "../report/trace.ts";

/** In seconds. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** More would make a file that no viewer opens. */
const mostSpans = 2_000_000;

/** @param asked absent: the first two tokens of decode, or of prefill where nothing is decoded; @throws Error when the run does not fit */
export function traceRun({ name, machine, workload }: PlannedRun, asked?: Window): string {
  const { hardware, dataflow } = machine;
  if (dataflow.check(hardware, workload).length > 0)
    throw new Error(`${name} does not fit, so there is nothing to trace`);
  const program = dataflow.lower(hardware, workload);
  const { from, to } = asked ?? firstTokens();
  const spans: Span[] = [];
  const onSpan = (span: Span): void => {
    if (spans.push(span) > mostSpans)
      throw new Error(`more than ${mostSpans} tasks in the window: choose a shorter one by --trace-window`);
  };
  run(program, {
    observer: { from: Math.round(from * hardware.tickRate), to: Math.round(to * hardware.tickRate), onSpan },
  });
  const units = program.units.map((unit) => unit.name);
  return `${JSON.stringify(traceOf(spans, units, hardware.tickRate))}\n`;

  function firstTokens(): Window {
    const { marks, finish } = run(program);
    const phases = program.body.map((item) => (item.kind === "repeat" ? item : undefined));
    const index = Math.max(
      phases.findIndex((phase) => phase?.name === "decode"),
      phases.findIndex((phase) => phase !== undefined),
    );
    const begin = marks[index - 1] ?? 0;
    const end = marks[index] ?? finish;
    const times = phases[index]?.times ?? 1;
    return {
      from: begin / hardware.tickRate,
      to: (begin + ((end - begin) / times) * Math.min(2, times)) / hardware.tickRate,
    };
  }
}
