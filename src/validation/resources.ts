/** FPGA resources and power of published designs: what our model of their fabric makes of their machines. */
import { fpgaPower } from "../area/fpga-power.ts";
import { machineResources } from "../area/machine-resources.ts";
import { configReader } from "../config/config-reader.ts";
import { readMachineOnDevice } from "../config/fpga.ts";
import { formatProblems } from "../schema/problem.ts";
import type { Suite } from "./suite.ts";

export const resources: Suite = {
  name: "resources",
  source:
    "utilization and power of DFX and FABNet (MICRO 2022); each row says whether it was read or recalled",
  tables: ["test/validation/area/fpga.csv"],
  columns: ["design", "machine", "quantity", "value"],
  tolerance: {
    lut: { max: 0.15 },
    ff: { max: 0.15 },
    dsp: { max: 0.15 },
    bram: { max: 0.15 },
    uram: { max: 0.2 },
    powerWatts: { max: 0.2 },
  },
  run: (row, library) => prepared(library)(row),
  prepare: (library) => prepared(library),
};

/** The rows' names of what we call otherwise. */
const powerParts = {
  "clocking power": "clocking",
  "logic and signal power": "logicAndSignal",
  "DSP power": "dsp",
  "total power": "total",
} as const;

function prepared(
  library: Parameters<Suite["run"]>[1],
): (row: Parameters<Suite["run"]>[0]) => ReturnType<Suite["run"]> {
  const read = configReader(library);
  return ({ design, machine: name = "", quantity: what = "", value }) => {
    const found = readMachineOnDevice(read, name);
    if (!found.ok) throw new Error(formatProblems(found.problems));
    const { machine, numbers } = found.value;
    const counted = machineResources(machine.hardware, machine.fpga);
    const amounts: Readonly<Record<string, readonly [quantity: string, ours: number]>> = {
      LUT: ["lut", counted.total.lut],
      FF: ["ff", counted.total.ff],
      DSP: ["dsp", counted.total.dsp],
      BRAM: ["bram", counted.total.bram],
      URAM: ["uram", counted.total.uram],
      ...powers(fpgaPower(machine.hardware, counted, machine.fpga)),
    };
    const amount = amounts[what];
    if (amount === undefined)
      throw new Error(`quantity ${what} is none of ${Object.keys(amounts).join(", ")}`);
    const [quantity, ours] = amount;
    const label = `${design} ${what}`;
    const fitted = numbers.some(({ fittedOn }) => fittedOn?.includes(label) === true);
    return [{ quantity, label, ours, reference: Number(value), fitted }];
  };
}

function powers(power: ReturnType<typeof fpgaPower>): Readonly<Record<string, readonly [string, number]>> {
  if (power === undefined) return {};
  return Object.fromEntries(
    Object.entries(powerParts).map(([row, part]) => [row, ["powerWatts", power[part]] as const]),
  );
}
