/** Layers on SCALE-Sim v2 and v3, in both of its bandwidth modes: the compatibility mode's numbers, column by column. */
import type { ScaleSimConfig, Stationary } from "../scalesim/config.ts";
import { type Layer, matrixLayer } from "../scalesim/layer.ts";
import { bandwidthsOf } from "../scalesim/report.ts";
import { type LayerResult, type Operand, runLayer } from "../scalesim/run-layer.ts";
import type { Comparison, Row, Suite, Tolerance } from "./suite.ts";

const exact: Tolerance = { max: 0 };
/** The table has six digits. */
const printed: Tolerance = { max: 5e-6 };

export const scalesim: Suite = {
  name: "scalesim",
  source: "SCALE-Sim v2 and v3, measured: bandwidth estimated (CALC) and given (USER)",
  tables: ["test/validation/systolic/scalesim-CALC.csv", "test/validation/systolic/scalesim-USER.csv"],
  columns: [
    ...["tool", "fmt", "layer_name", "M", "N", "K", "rows", "cols", "dataflow", "bw_mode", "bandwidth"],
    ...["ifmap_kb", "filter_kb", "ofmap_kb"],
  ],
  tolerance: {
    totalCycles: exact,
    stallCycles: exact,
    totalWithPrefetch: exact,
    sramAccesses: exact,
    dramAccesses: exact,
    accessCycle: exact,
    utilization: printed,
    wordsPerCycle: printed,
  },
  run(row) {
    const version = row["tool"] === "scalesim-v2" ? "v2" : "v3";
    const result = runLayer(layerOf(row), configOf(row), version);
    const label = `${row["layer_name"]} ${row["M"]} x ${row["N"]} x ${row["K"]}, ${row["dataflow"]} on ${row["rows"]} x ${row["cols"]}, ${row["bw_mode"]} ${version}`;
    return columnsOf(result).flatMap(([quantity, column, ours]): Comparison[] => {
      const text = row[column];
      if (text === undefined || text === "") return [];
      return [{ quantity, label: `${label}: ${column}`, ours, reference: Number(text) }];
    });
  },
};

type Compared = readonly [quantity: string, column: string, ours: number];

function columnsOf(result: LayerResult): readonly Compared[] {
  const rates = bandwidthsOf(result);
  const ofOperand = (memory: "sram" | "dram", operand: Operand): readonly Compared[] => {
    const { start, stop, words } = result[memory][operand];
    const counted = `${memory}_${operand}_${operand === "ofmap" ? "writes" : "reads"}`;
    return [
      [`${memory}Accesses`, counted, words],
      ["accessCycle", `${memory}_${operand}_start`, start],
      ["accessCycle", `${memory}_${operand}_stop`, stop],
      ["wordsPerCycle", `bw_${memory}_${operand}`, rates[memory][operand]],
    ];
  };
  return [
    ["totalCycles", "total_cycles", result.totalCycles],
    ["stallCycles", "stall_cycles", result.stallCycles],
    ["totalWithPrefetch", "total_cycles_incl_prefetch", result.totalWithPrefetch],
    ["utilization", "overall_util_pct", result.overallUtilizationPercent],
    ["utilization", "mapping_eff_pct", result.mappingEfficiencyPercent],
    ["utilization", "compute_util_pct", result.computeUtilizationPercent],
    ...(["ifmap", "filter", "ofmap"] as const).flatMap((operand) => [
      ...ofOperand("sram", operand),
      ...ofOperand("dram", operand),
    ]),
  ];
}

/** @throws Error for a cell that is no whole number above zero */
function count(row: Row, column: string): number {
  const value = Number(row[column]);
  if (!Number.isInteger(value) || value < 1)
    throw new Error(`${column}: expected a whole number above zero, found ${JSON.stringify(row[column])}`);
  return value;
}

function layerOf(row: Row): Layer {
  const name = row["layer_name"] ?? "";
  if (row["fmt"] === "gemm") return matrixLayer(name, count(row, "M"), count(row, "N"), count(row, "K"));
  return {
    name,
    ifmapRows: count(row, "ifmap_h"),
    ifmapColumns: count(row, "ifmap_w"),
    filterRows: count(row, "filt_h"),
    filterColumns: count(row, "filt_w"),
    channels: count(row, "channels"),
    filters: count(row, "num_filters"),
    rowStride: count(row, "stride_h"),
    columnStride: count(row, "stride_w"),
  };
}

function configOf(row: Row): ScaleSimConfig {
  const fixed = row["bw_mode"] === "USER";
  const kilo = 1024;
  return {
    runName: "row",
    arrayRows: count(row, "rows"),
    arrayColumns: count(row, "cols"),
    ifmapWords: kilo * count(row, "ifmap_kb"),
    filterWords: kilo * count(row, "filter_kb"),
    ofmapWords: kilo * count(row, "ofmap_kb"),
    dataflow: dataflowOf(row["dataflow"]),
    bandwidthMode: fixed ? "fixed" : "estimate",
    bandwidth: fixed ? count(row, "bandwidth") : 1,
    layout: { ifmap: { custom: false }, filter: { custom: false } },
    sparsity: { supported: false, representation: "ellpack_block", rowWise: false, blockSize: 1 },
    ramulator: false,
  };
}

function dataflowOf(text = ""): Stationary {
  if (text === "os" || text === "ws" || text === "is") return text;
  throw new Error(`dataflow: expected os, ws or is, found ${JSON.stringify(text)}`);
}
