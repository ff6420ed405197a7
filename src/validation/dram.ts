/** The command-level channel on the request sequences of two trusted simulators. */
import { type Measure, runSuite as replayRows } from "../arch/dram/suite.ts";
import type { Library } from "../config/library.ts";
import { presetNamed, referencePresets } from "./memory-preset.ts";
import type { Comparison, Row, Suite } from "./suite.ts";

const tables = [
  "ramulator2_ddr4",
  "ramulator2_hbm2",
  "ramulator2_hbm3",
  "ramulator2_lpddr5",
  "dramsim3_ddr4",
  "dramsim3_hbm2",
  "dramsim3_lpddr4",
  "multichannel",
];

export const dram: Suite = {
  name: "dram",
  source:
    "Ramulator 2.1 (row hits first) and DRAMsim3 (a queue a bank), replayed request by request; the two differ by their controllers, which the presets name",
  tables: tables.map((name) => `test/validation/dram/${name}.csv`),
  columns: ["simulator", "pattern", "requests", "achieved_GBps"],
  tolerance: {
    ramulatorBandwidth: { mean: 0.015, p90: 0.04, max: 0.15 },
    ramulatorReadLatency: { mean: 0.05 },
    dramsim3Bandwidth: { mean: 0.03 },
    dramsim3ReadLatency: { mean: 0.05 },
    dramsim3Energy: { mean: 0.05 },
    dramsim3ActivateEnergy: { mean: 0.05 },
    dramsim3ReadEnergy: { mean: 0.05 },
    dramsim3WriteEnergy: { mean: 0.05 },
    dramsim3RefreshEnergy: { mean: 0.05 },
    dramsim3BackgroundEnergy: { mean: 0.05 },
  },
  prepare: (library) => replay(library),
  run: (row, library) => replay(library)(row),
};

/** Besides the names of the reference tables a row may say any preset that there is, or the file of one. */
function replay(library: Library): (row: Row) => readonly Comparison[] {
  const presets = new Map(referencePresets(library));
  return (row) => {
    const name = row["preset_id"] ?? "";
    if (name !== "" && !presets.has(name) && library.find("memory", name) !== undefined)
      presets.set(name, presetNamed(library, name));
    const simulator = row["simulator"]?.startsWith("Ramulator") === true ? "ramulator" : "dramsim3";
    return replayRows([row], presets).map(({ measure, ours, reference }) => ({
      quantity: `${simulator}${quantities[measure]}`,
      label: labelOf(row),
      ...(measure in told ? { groups: { preset: presetOf(row), pattern: row["pattern"] ?? "" } } : {}),
      ours,
      reference,
    }));
  };
}

const quantities: Readonly<Record<Measure, string>> = {
  bandwidth: "Bandwidth",
  "read latency": "ReadLatency",
  energy: "Energy",
  "activate energy": "ActivateEnergy",
  "read energy": "ReadEnergy",
  "write energy": "WriteEnergy",
  "refresh energy": "RefreshEnergy",
  "background energy": "BackgroundEnergy",
};

/** What the page tells by preset and pattern. */
const told: Readonly<Partial<Record<Measure, true>>> = {
  bandwidth: true,
  "read latency": true,
  energy: true,
};

const presetOf = (row: Row): string => row["preset_id"] ?? `${row["org"] ?? ""}, several channels`;

const labelOf = (row: Row): string =>
  [presetOf(row), row["mapping"] ?? row["mapping_msb_to_lsb"], row["pattern"], row["param"], row["write_pct"]]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
