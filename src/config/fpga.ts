/** A machine without a workload, and the tables that its `fpga` names: its device, and the fabric of that. */
import type { Fpga, FpgaFields } from "../area/setup.ts";
import type { Place, Problem } from "../schema/problem.ts";
import type { Provenance } from "../schema/provenance.ts";
import { entryAt } from "../schema/tree.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { Machine } from "./machine.ts";
import { argument, type Read, readNamedMachine } from "./named-machine.ts";

interface FpgaTables {
  readonly fpga: Fpga;
  /** Of each table, every number that says where it comes from. */
  readonly numbers: { readonly device: readonly Provenance[]; readonly fabric: readonly Provenance[] };
}

/** @param at where the device is named */
export function readFpga(read: ConfigReader, fields: FpgaFields, at: Place): Read<FpgaTables> {
  const device = read.device({ name: fields.device, at }, []);
  if (!device.ok) return device;
  const { name, fabric: table } = device.value;
  if (table === undefined) {
    const problem: Problem = {
      ...at,
      code: "invalid",
      path: "hardware.fpga.device",
      expected: "a device with a table of its fabric",
      found: `"${name}", of which only capacities are known`,
    };
    return { ok: false, problems: [problem] };
  }
  const fabric = read.fabric({ name: table, at: device.tree.at }, []);
  if (!fabric.ok) return fabric;
  const fpga = { ...fields, of: device.value, fabric: fabric.value };
  return { ok: true, value: { fpga, numbers: { device: device.provenance, fabric: fabric.provenance } } };
}

export interface MachineOnDevice {
  readonly machine: Machine & { readonly fpga: Fpga };
  /** Of how it lies on the device, of the device and of its fabric. */
  readonly numbers: readonly Provenance[];
}

/**
 * A machine on its FPGA, or on another.
 * @param set `path=value` of the command line
 * @param other a device in the place of the machine's own; needed where it names none
 */
export function readMachineOnDevice(
  read: ConfigReader,
  name: string,
  { set = [], device: other }: { readonly set?: readonly string[]; readonly device?: string } = {},
): Read<MachineOnDevice> {
  const named = readNamedMachine(read, name, set);
  if (!named.ok) return named;
  const machine = named.value;
  const { fpga: fields } = machine.value;
  const device = other ?? fields?.device;
  if (device === undefined) {
    const problem: Problem = {
      ...machine.tree.at,
      code: "missing-key",
      path: "fpga.device",
      expected: "the FPGA of the machine, or --device",
      found: "nothing",
    };
    return { ok: false, problems: [problem] };
  }
  const at =
    other === undefined
      ? (entryAt(machine.tree, ["fpga", "device"])?.value.at ?? machine.tree.at)
      : argument("--device", other);
  const tables = readFpga(read, { ...fields, device }, at);
  if (!tables.ok) return tables;
  const { fpga, numbers } = tables.value;
  const own = machine.provenance.filter(({ path }) => path.startsWith("fpga."));
  return {
    ok: true,
    value: {
      machine: { ...read.resolvedMachine(machine.value), fpga },
      numbers: [...own, ...within("device", numbers.device), ...within("fabric", numbers.fabric)],
    },
  };
}

const within = (table: string, numbers: readonly Provenance[]): readonly Provenance[] =>
  numbers.map((number) => ({ ...number, path: `${table}.${number.path}` }));
