/** BERT on the dense MAC machine that FABNet is compared with. */
import { chosen, reportOf } from "./fabnet-run.ts";
import type { Comparison, Suite } from "./suite.ts";

export const fabnetMacBaseline: Suite = {
  name: "fabnet-mac-baseline",
  source: "the authors' open performance model of their dense baseline (FABNet, MICRO 2022)",
  tables: ["test/validation/fabnet/authors-mac-baseline.csv"],
  columns: [
    "version",
    "seq_len",
    "head_dim",
    "dram_bw_bits",
    "pv_lt",
    "p_head",
    "att_cycles",
    "lp_cycles",
    "fc1_cycles",
    "fc2_cycles",
    "layer_cycles",
    "latency_ms_at200MHz_eff0.85",
  ],
  tolerance: { latencySeconds: { max: 0.005 }, layerCycles: { max: 0.005 }, opCycles: { max: 0.005 } },
  run(row, library) {
    const { version = "", seq_len: sequence, head_dim: headSize } = row;
    const model = sizes[version === "large" ? "large" : "base"];
    const report = reportOf("fabnet-mac-baseline", chosen(workloads, "version", version), library, [
      `workload.sequence=${sequence}`,
      `workload.model.num_attention_heads=${model.hidden / Number(headSize)}`,
      "hardware.units.memory.channels=1",
      `hardware.units.memory.width=${row["dram_bw_bits"]} bit`,
      `hardware.units.linear.width=${row["pv_lt"]}`,
      // Heads side by side, in the linear unit for query, key and value each.
      `hardware.units.linear.lanes=${3 * Number(row["p_head"])}`,
      ...["queryKey.lanes", "scoreValue.lanes", "softmax.pipelines"].map(
        (field) => `hardware.units.${field}=${row["p_head"]}`,
      ),
    ]);
    const { totals, ops } = report;
    const label = `BERT-${version} ${sequence}, heads of ${headSize}`;
    const milliseconds = 1e-3;
    const cycles = (names: readonly string[]): number =>
      ops
        .filter(({ op }) => names.includes(op.replace("attention.", "")))
        .reduce((sum, { latencyCycles }) => sum + latencyCycles / model.layers, 0);
    const group = (column: string, names: readonly string[]): Comparison => ({
      quantity: "opCycles",
      label: `${label}: ${column}`,
      ours: cycles(names),
      reference: Number(row[column]),
    });
    return [
      {
        quantity: "latencySeconds",
        label,
        ours: totals.latencySeconds,
        reference: Number(row["latency_ms_at200MHz_eff0.85"]) * milliseconds,
      },
      {
        quantity: "layerCycles",
        label,
        ours: totals.latencyCycles / model.layers,
        reference: Number(row["layer_cycles"]),
      },
      group("att_cycles", ["query", "key", "value", "scores", "softmax", "context"]),
      group("lp_cycles", ["projection", "mixingResidual", "mixingNorm"]),
      group("fc1_cycles", ["expand", "activation"]),
      group("fc2_cycles", ["contract", "feedForwardResidual", "feedForwardNorm"]),
    ];
  },
};

const workloads = { base: "bert-base", large: "bert-large" };
const sizes = { base: { hidden: 768, layers: 12 }, large: { hidden: 1024, layers: 24 } };
