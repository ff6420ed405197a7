/** FABNet on the butterfly accelerator as evaluated: our run under the authors' assumptions against their model. */
import { chosen, port, reportOf } from "./fabnet-run.ts";
import type { Comparison, Suite } from "./suite.ts";

export const fabnetAuthorsModel: Suite = {
  name: "fabnet-authors-model",
  source: "the authors' open performance model of FABNet (MICRO 2022), from which the paper's figures come",
  tables: ["test/validation/fabnet/authors-model.csv"],
  columns: [
    "config",
    "version",
    "seq_len",
    "be",
    "bu",
    "in_bw_bits_per_cycle",
    "coef_bw_bits_per_cycle",
    "out_bw_bits_per_cycle",
    "fft1_cycles",
    "fft2_cycles",
    "bfly_up_cycles",
    "bfly_down_cycles",
    "layers",
    "total_cycles",
    "latency_ms_at200MHz_eff0.85",
  ],
  tolerance: { latencySeconds: { max: 0.001 }, latencyCycles: { max: 0.001 }, opCycles: { max: 0.001 } },
  run(row, library) {
    const { config = "", version = "", seq_len: sequence, be, bu, layers } = row;
    const set = [
      `workload.sequence=${sequence}`,
      `workload.model.num_hidden_layers=${layers}`,
      `hardware.units.engine.engines=${be}`,
      `hardware.units.engine.unitsPerEngine=${bu}`,
      `hardware.units.engine.bankDepth=${bankElements / (2 * Number(bu))}`,
      `hardware.units.engine.weightBuffer.width=${weightBits * Number(bu)} bit`,
      ...port("input", row["in_bw_bits_per_cycle"] ?? ""),
      ...port("coefficients", row["coef_bw_bits_per_cycle"] ?? ""),
      ...port("output", row["out_bw_bits_per_cycle"] ?? ""),
    ];
    const machine = config.startsWith("Zynq") ? "fabnet-zynq7045-be20" : "fabnet-vcu128-be128";
    const workload = chosen(workloads, "version", version);
    const { totals, ops } = reportOf(`${machine}-evaluated`, workload, library, set);
    const ports = `${row["in_bw_bits_per_cycle"]}/${row["coef_bw_bits_per_cycle"]}/${row["out_bw_bits_per_cycle"]}`;
    const label = `${version} ${sequence} on BE-${be}, ${ports} bit`;
    const milliseconds = 1e-3;
    const op = (name: string, column: string): Comparison => ({
      quantity: "opCycles",
      label: `${label}: ${name}`,
      ours: (ops.find((each) => each.op === `fourier.${name}`)?.latencyCycles ?? NaN) / Number(layers),
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
        quantity: "latencyCycles",
        label,
        ours: totals.latencyCycles,
        reference: Number(row["total_cycles"]),
      },
      op("fourierSequence", "fft1_cycles"),
      op("fourierHidden", "fft2_cycles"),
      op("expand", "bfly_up_cycles"),
      op("contract", "bfly_down_cycles"),
    ];
  },
};

/** The model has no banks: they hold as much whatever the units, as those of the RTL with its four. */
const bankElements = 4096;
/** Four words of 32 bit for each unit. */
const weightBits = 128;

const workloads = { base: "fabnet-base", large: "fabnet-large" };
