/** The table of areas that a machine in silicon names, and the row of its node. */
import type { Silicon, SiliconFields } from "../area/silicon.ts";
import { nearest } from "../schema/nearest.ts";
import type { Place, Problem } from "../schema/problem.ts";
import type { Provenance } from "../schema/provenance.ts";
import { entryAt } from "../schema/tree.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { Machine } from "./machine.ts";
import { type Read, readNamedMachine } from "./named-machine.ts";

interface SiliconRead {
  readonly silicon: Silicon;
  /** Of the table, every number that says where it comes from. */
  readonly numbers: readonly Provenance[];
}

/** @param at where the machine names its table, or its node */
export function readSilicon(
  read: ConfigReader,
  { table, node }: SiliconFields,
  at: (...path: string[]) => Place,
): Read<SiliconRead> {
  const config = read.silicon({ name: table, at: at("silicon", "table") }, []);
  if (!config.ok) return config;
  const known = config.value.nodes.map((row) => row.node);
  const row = config.value.nodes.find((each) => each.node === node);
  if (row === undefined) {
    const meant = nearest(node, known);
    const problem: Problem = {
      ...at("silicon", "node"),
      code: "invalid",
      path: "hardware.silicon.node",
      expected: `one of ${known.join(", ")}`,
      found: JSON.stringify(node),
      ...(meant === undefined ? {} : { suggestion: meant }),
    };
    return { ok: false, problems: [problem] };
  }
  const numbers = config.provenance.map((number) => ({ ...number, path: `silicon.${number.path}` }));
  return { ok: true, value: { silicon: { of: config.value, at: row }, numbers } };
}

export interface MachineInSilicon {
  readonly machine: Machine & { readonly silicon: Silicon };
  readonly numbers: readonly Provenance[];
}

/** A machine in silicon; undefined where its YAML names no node. @param set `path=value` of the command line */
export function readMachineInSilicon(
  read: ConfigReader,
  name: string,
  set: readonly string[] = [],
): Read<MachineInSilicon> | undefined {
  const named = readNamedMachine(read, name, set);
  if (!named.ok) return named;
  const machine = named.value;
  const { silicon: fields } = machine.value;
  if (fields === undefined) return undefined;
  const tables = readSilicon(
    read,
    fields,
    (...path) => entryAt(machine.tree, path)?.value.at ?? machine.tree.at,
  );
  if (!tables.ok) return tables;
  const { silicon, numbers } = tables.value;
  const own = machine.provenance.filter(({ path }) => path.startsWith("silicon."));
  const resolved = { ...read.resolvedMachine(machine.value), silicon };
  return { ok: true, value: { machine: resolved, numbers: [...own, ...numbers] } };
}
