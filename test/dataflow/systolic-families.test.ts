import { describe, expect, test } from "vitest";
import { simulate } from "../../src/index.ts";
import { library, planned } from "../library.ts";

const generating = library
  .names("workloads")
  .filter((name) => planned("gemmini", name).workload.task.kind === "generation");

/** What memories hold is never given back twice: the engine refuses that. */
describe.each(["gemmini", "tpu-v1", "edge-tpu"])("families of models in 8 bit on %s", (machine) => {
  test.each(generating)("%s generates, or is refused with a reason", (name) => {
    const run = planned(machine, name, [
      "workload.precision=int8",
      "workload.inputTokens=3",
      "workload.outputTokens=2",
    ]);
    const result = simulate(run);
    if (result.status === "unfit") expect(result.reason).toMatch(/exceed/);
    else expect(result.report.totals.latencySeconds).toBeGreaterThan(0);
  });
});
