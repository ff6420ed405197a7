/** The table of areas that a machine in silicon names, and the row of its node. */
import type { Silicon, SiliconFields } from "../area/silicon.ts";
import { nearest } from "../schema/nearest.ts";
import { type Place, type Problem, sortProblems } from "../schema/problem.ts";
import type { Provenance } from "../schema/provenance.ts";
import { entryAt } from "../schema/tree.ts";
import type { ConfigReader } from "./config-reader.ts";
import type { Machine } from "./machine.ts";
import { commandSetting, routed } from "./setting.ts";

type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

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
  const { problems, hardware } = routed(set.map(commandSetting));
  const place: Place = { file: "papillon area", line: 1, column: 1, text: name };
  const machine = read.machine({ name, at: place }, hardware);
  if (!machine.ok || problems.length > 0)
    return { ok: false, problems: sortProblems([...problems, ...(machine.ok ? [] : machine.problems)]) };
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
