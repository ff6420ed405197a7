/** What the algorithm gains and what the hardware gains: BERT and FABNet on the dense machine, FABNet on butterfly engines. */
import { chosen, reportOf } from "./fabnet-run.ts";
import type { Suite } from "./suite.ts";

export const fabnetFig19: Suite = {
  name: "fabnet-fig19",
  source: "the authors' open performance models (FABNet, MICRO 2022), figure 19",
  tables: ["test/validation/fabnet/fig19.csv"],
  columns: [
    "version",
    "seq_len",
    "fabnet_on_butterfly_ms",
    "fabnet_on_baseline_ms",
    "bert_on_baseline_ms",
    "sw_speedup",
    "hw_speedup",
    "total_speedup",
  ],
  tolerance: { latencySeconds: { max: 0.005 }, speedup: { max: 0.005 } },
  run(row, library) {
    const { version = "", seq_len: sequence } = row;
    const latency = (hardware: string, workload: string, ...set: string[]): number =>
      reportOf(hardware, workload, library, [`workload.sequence=${sequence}`, ...set]).totals.latencySeconds;
    const fabnet = chosen({ base: "fabnet-base", large: "fabnet-large" }, "version", version);
    const bert = chosen({ base: "bert-base", large: "bert-large" }, "version", version);
    // The figure's scripts give the weight port as many bits as the others, and heads 32 elements.
    const butterfly = latency(
      "fabnet-vcu128-be128-evaluated",
      fabnet,
      "hardware.units.coefficients.channels=8",
    );
    const baseline = latency("fabnet-mac-baseline", fabnet);
    const heads = version === "base" ? 24 : 32;
    const dense = latency("fabnet-mac-baseline", bert, `workload.model.num_attention_heads=${heads}`);
    const label = `${version} ${sequence}`;
    const milliseconds = 1e-3;
    const time = (what: string, ours: number, column: string) => ({
      quantity: "latencySeconds",
      label: `${label}: ${what}`,
      ours,
      reference: Number(row[column]) * milliseconds,
    });
    const speedup = (what: string, ours: number, column: string) => ({
      quantity: "speedup",
      label: `${label}: ${what}`,
      ours,
      reference: Number(row[column]),
    });
    return [
      time("FABNet on butterfly engines", butterfly, "fabnet_on_butterfly_ms"),
      time("FABNet on the dense machine", baseline, "fabnet_on_baseline_ms"),
      time("BERT on the dense machine", dense, "bert_on_baseline_ms"),
      speedup("algorithm", dense / baseline, "sw_speedup"),
      speedup("hardware", baseline / butterfly, "hw_speedup"),
      speedup("together", dense / butterfly, "total_speedup"),
    ];
  },
};
