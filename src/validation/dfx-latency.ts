/** GPT-2 text generation on DFX: the published latencies of the appliance. */
import { planSingle } from "../config/plan.ts";
import { simulate } from "../index.ts";
import { formatProblems } from "../schema/problem.ts";
import type { Row, Suite } from "./suite.ts";

export const dfxLatency = on("dfx-latency", "dfx-u280");
/** The same rows on the machine whose HBM is modelled down to its banks. */
export const dfxLatencyBanked = on("dfx-latency-banked", "dfx-u280-banked");

function on(name: string, hardware: string): Suite {
  return {
    name,
    source: "DFX (MICRO 2022), as quoted by StreamTensor (arXiv 2509.13694) and IANUS (ASPLOS 2024)",
    tables: ["test/validation/dfx/latency.csv"],
    columns: ["model", "fpgas", "in_tokens", "out_tokens", "latency_ms"],
    tolerance: { latencySeconds: { max: 0.02 } },
    run(row, library) {
      const label = labelOf(row);
      const latency = latencyOf(hardware, row, library);
      const milliseconds = 1e-3;
      const reference = Number(row["latency_ms"]) * milliseconds;
      return [{ quantity: "latencySeconds", label, reference, ...latency }];
    },
  };
}

/** The configs that the paper's model names stand for. */
const workloads: Readonly<Record<string, string>> = {
  "345M": "gpt2-medium",
  "774M": "gpt2-large",
  "1.5B": "gpt2-1.5b-dfx",
};

/** As the calibrated numbers of the machine's YAML name the rows that they were fitted on. */
function labelOf({ model, fpgas, in_tokens: input, out_tokens: output }: Row): string {
  return `${model} on ${fpgas} ${fpgas === "1" ? "card" : "cards"} [${input}:${output}]`;
}

function latencyOf(
  hardware: string,
  row: Row,
  library: Parameters<Suite["run"]>[1],
): { ours: number; fitted: boolean } {
  const { model = "", fpgas, in_tokens: input, out_tokens: output } = row;
  const workload = workloads[model];
  if (workload === undefined)
    throw new Error(`model ${model} is none of ${Object.keys(workloads).join(", ")}`);
  const set = [
    `hardware.devices=${fpgas}`,
    `workload.inputTokens=${input}`,
    `workload.outputTokens=${output}`,
  ];
  const planned = planSingle(hardware, workload, library, { set });
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  const [run] = planned.value.runs;
  if (run === undefined) throw new Error("nothing planned");
  const result = simulate(run);
  if (result.status === "unfit") throw new Error(result.reason);
  const fitted = run.numbers.some(({ fittedOn }) => fittedOn?.includes(labelOf(row)) === true);
  return { ours: result.report.totals.latencySeconds, fitted };
}
