/** One butterfly engine, phase by phase, against its RTL. */
import { phasesOf, steadyOf, type Transform } from "../arch/butterfly-timing.ts";
import { isKind } from "../arch/index.ts";
import { planSingle } from "../config/plan.ts";
import { formatProblems } from "../schema/problem.ts";
import type { Comparison, Row, Suite } from "./suite.ts";

export const butterflyRtl: Suite = {
  name: "butterfly-rtl",
  source: "the authors' open RTL of the butterfly accelerator (MICRO 2022), run with Verilator and Icarus",
  tables: ["test/validation/fabnet/rtl-cycles.csv"],
  columns: [
    "mode",
    "N",
    "shortcut",
    "layernorm",
    "bypass_p2s",
    "bu_per_be",
    "input_cycles",
    "last_in_to_start",
    "compute_cycles",
    "finish_to_out_start",
    "out_start_to_first_out",
    "output_span_cycles",
    "single_vector_latency",
    "steady_interval_per_vector",
  ],
  tolerance: { phaseCycles: { max: 0 }, latencyCycles: { max: 0 }, intervalCycles: { max: 0.01 } },
  run(row, library) {
    const engine = { ...timingOf(library), units: Number(row["bu_per_be"]) };
    const transform = transformOf(row);
    const phases = phasesOf(engine, transform);
    const label = labelOf(row);
    const phase = (column: string, ours: number): Comparison => ({
      quantity: "phaseCycles",
      label: `${label}: ${column}`,
      ours,
      reference: Number(row[column]),
    });
    const interval = row["steady_interval_per_vector"] ?? "";
    const { latency } = phases;
    return [
      phase("input_cycles", phases.input),
      phase("last_in_to_start", phases.lastInToStart),
      phase("compute_cycles", phases.compute),
      phase("finish_to_out_start", phases.finishToOut),
      phase("out_start_to_first_out", phases.outToFirst),
      phase("output_span_cycles", phases.output),
      { quantity: "latencyCycles", label, ours: latency, reference: Number(row["single_vector_latency"]) },
      ...(interval === ""
        ? []
        : [
            {
              quantity: "intervalCycles",
              label,
              ours: steadyOf(engine, transform).interval,
              reference: Number(interval),
            },
          ]),
    ];
  },
};

function transformOf(row: Row): Transform {
  return {
    mode: row["mode"] === "FFT" ? "fft" : "butterfly",
    points: Number(row["N"]),
    layerNorm: row["layernorm"] === "1",
    shortcut: row["shortcut"] === "1",
    parallelOutput: row["bypass_p2s"] === "1",
  };
}

function labelOf(row: Row): string {
  const options = ["shortcut", "layernorm", "bypass_p2s"].filter((name) => row[name] === "1");
  return [row["mode"], row["N"], ...options].join(" ");
}

/** The engine as the machine's YAML has it. */
function timingOf(library: Parameters<Suite["run"]>[1]) {
  const planned = planSingle("fabnet-vcu128-be128", "fabnet-base", library);
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  const engine = planned.value.runs[0]?.machine.hardware.units["engine"];
  if (!isKind(engine, "butterfly")) throw new Error("fabnet-vcu128-be128 has no butterfly engine");
  return engine.spec.timing;
}
