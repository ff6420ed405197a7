/** Operations and model size of FABNet against the vanilla transformer on the Long Range Arena, as its authors count them. */
import type { Library } from "../config/library.ts";
import { planSingle } from "../config/plan.ts";
import { formatProblems } from "../schema/problem.ts";
import type { Workload } from "../workload/graph.ts";
import { effortOf, reductionOf } from "../workload/reduction.ts";
import type { Comparison, Row, Suite } from "./suite.ts";

export const fabnetReduction: Suite = {
  name: "fabnet-reduction",
  source: "the authors' open script of figure 17 (FABNet, MICRO 2022), with the sizes that it names",
  tables: ["test/validation/fabnet/reduction.csv"],
  columns: [
    "task",
    "tokens",
    ...["transformer", "fabnet"].flatMap((network) =>
      ["layers", "hidden", "ffn", "ops", "params"].map((column) => `${network}_${column}`),
    ),
    "ops_ratio",
    "params_ratio",
  ],
  tolerance: { operations: { max: 0 }, size: { max: 0 }, reduction: { max: 0 } },
  run(row, library) {
    const [dense, sparse] = [networkOf(row, "transformer", library), networkOf(row, "fabnet", library)];
    const task = row["task"] ?? "";
    const saved = reductionOf(dense, sparse, "published");
    const counted = (network: string, workload: Workload): readonly Comparison[] => {
      const { operations, size } = effortOf(workload, "published");
      const label = `${network} on ${task}`;
      return [
        { quantity: "operations", label, ours: operations, reference: Number(row[`${network}_ops`]) },
        { quantity: "size", label, ours: size, reference: Number(row[`${network}_params`]) },
      ];
    };
    const reduction = (of: "operations" | "size", reference: string | undefined): Comparison => ({
      quantity: "reduction",
      label: `${of} on ${task}`,
      ours: saved[of],
      reference: Number(reference),
    });
    return [
      ...counted("transformer", dense),
      ...counted("fabnet", sparse),
      reduction("operations", row["ops_ratio"]),
      reduction("size", row["params_ratio"]),
    ];
  },
};

/** The shipped network of the task with the row's sizes. @throws Error when the row has none that can be read */
function networkOf(row: Row, network: "transformer" | "fabnet", library: Library): Workload {
  // The counts are the workload's own; the machine is only there because a run needs one.
  const planned = planSingle("fabnet-vcu128-be128", `lra-${row["task"]}-${network}`, library, {
    set: [
      `workload.sequence=${row["tokens"]}`,
      `workload.model.hidden_size=${row[`${network}_hidden`]}`,
      `workload.model.intermediate_size=${row[`${network}_ffn`]}`,
      `workload.model.num_hidden_layers=${row[`${network}_layers`]}`,
    ],
  });
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  const [run] = planned.value.runs;
  if (run === undefined) throw new Error("nothing planned");
  return run.workload;
}
