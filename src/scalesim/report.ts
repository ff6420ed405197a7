/** SCALE-Sim's report files: the same names, columns, separators and digits, so that scripts made for them keep working. */
import type { ScaleSimConfig } from "./config.ts";
import { pythonFloat } from "./python-number.ts";
import type { Version } from "./reader.ts";
import type { LayerResult, Operand, Traffic } from "./run-layer.ts";

/** The text of each report by its file name. */
export function reportsOf(
  results: readonly LayerResult[],
  config: ScaleSimConfig,
  version: Version,
): Readonly<Record<string, string>> {
  const sparse = version === "v3" && config.sparsity.supported;
  return {
    "COMPUTE_REPORT.csv": table(computeColumns(version), results, (result) => [
      ...(version === "v3" ? [`${result.totalWithPrefetch}`] : []),
      `${result.totalCycles}`,
      `${result.stallCycles}`,
      pythonFloat(result.overallUtilizationPercent),
      pythonFloat(result.mappingEfficiencyPercent),
      pythonFloat(result.computeUtilizationPercent),
    ]),
    "BANDWIDTH_REPORT.csv": table(bandwidthColumns(sparse), results, (result) => bandwidths(result, sparse)),
    "DETAILED_ACCESS_REPORT.csv": table(accessColumns, results, accesses),
    ...(sparse
      ? {
          "SPARSE_REPORT.csv": table(sparseColumns, results, (result) => [
            config.sparsity.representation,
            ...sparseCells(result),
          ]),
        }
      : {}),
  };
}

/** Every cell is followed by a comma, and all but the last by a space. */
function table(
  columns: readonly string[],
  results: readonly LayerResult[],
  cells: (result: LayerResult) => readonly string[],
): string {
  const lines = [columns, ...results.map((result, layer) => [`${layer}`, ...cells(result)])];
  return lines.map((line) => `${line.join(", ")},\n`).join("");
}

const computeColumns = (version: Version): readonly string[] => [
  "LayerID",
  ...(version === "v3" ? ["Total Cycles (incl. prefetch)"] : []),
  "Total Cycles",
  "Stall Cycles",
  "Overall Util %",
  "Mapping Efficiency %",
  "Compute Util %",
];

const bandwidthColumns = (sparse: boolean): readonly string[] => [
  "LayerID",
  "Avg IFMAP SRAM BW",
  "Avg FILTER SRAM BW",
  ...(sparse ? ["Avg FILTER Metadata SRAM BW"] : []),
  "Avg OFMAP SRAM BW",
  "Avg IFMAP DRAM BW",
  "Avg FILTER DRAM BW",
  "Avg OFMAP DRAM BW",
];

const operands: readonly Operand[] = ["ifmap", "filter", "ofmap"];

const accessColumns: readonly string[] = [
  "LayerID",
  ...["SRAM", "DRAM"].flatMap((memory) =>
    ["IFMAP", "Filter", "OFMAP"].flatMap((operand) => [
      `${memory} ${operand} Start Cycle`,
      `${memory} ${operand} Stop Cycle`,
      `${memory} ${operand} ${operand === "OFMAP" ? "Writes" : "Reads"}`,
    ]),
  ),
];

/** The space after the last comma of the header is SCALE-Sim's. */
const sparseColumns: readonly string[] = [
  "LayerID",
  "Sparsity Representation",
  "Original Filter Storage",
  "New Storage (Filter+Metadata)",
  "Filter Metadata Storage",
  "Avg FILTER Metadata SRAM BW",
];

/** Words a cycle: of SRAM over the layer's cycles, of DRAM over those from its first word to its last. */
export function bandwidthsOf({
  sram,
  dram,
  totalCycles,
}: LayerResult): Readonly<Record<"sram" | "dram", Readonly<Record<Operand, number>>>> {
  const each = (rate: (operand: Operand) => number) => ({
    ifmap: rate("ifmap"),
    filter: rate("filter"),
    ofmap: rate("ofmap"),
  });
  return {
    sram: each((operand) => sram[operand].words / totalCycles),
    dram: each((operand) => dram[operand].words / (dram[operand].stop - dram[operand].start + 1)),
  };
}

function bandwidths(result: LayerResult, sparse: boolean): readonly string[] {
  const { sram, dram } = bandwidthsOf(result);
  const metadata = (result.sparse?.metadataWords ?? 0) / result.totalCycles;
  const rates = [
    sram.ifmap,
    sram.filter,
    ...(sparse ? [metadata] : []),
    sram.ofmap,
    ...operands.map((operand) => dram[operand]),
  ];
  return rates.map(pythonFloat);
}

function accesses({ sram, dram }: LayerResult): readonly string[] {
  const cells = ({ start, stop, words }: Traffic) => [pythonFloat(start), pythonFloat(stop), `${words}`];
  return [sram, dram].flatMap((memory) => operands.flatMap((operand) => cells(memory[operand])));
}

function sparseCells({ sparse, totalCycles }: LayerResult): readonly string[] {
  const { denseWords = 0, storedWords = 0, metadataWords = 0 } = sparse ?? {};
  return [`${denseWords}`, `${storedWords}`, `${metadataWords}`, pythonFloat(metadataWords / totalCycles)];
}
