/** The families of configs: the schema of each, and what to call it. */
import type { z } from "zod";
import { soundPreset } from "../arch/memory-preset.ts";
import { deviceSchema } from "../area/device.ts";
import { fabricSchema } from "../area/fabric.ts";
import { siliconSchema } from "../area/silicon.ts";
import { asWorkload } from "../config/bare-model.ts";
import { experimentSchema } from "../config/experiment.ts";
import { foreignDocument } from "../config/foreign.ts";
import { type Family, type Includes, type Library, referencesIn, type Source } from "../config/library.ts";
import { machineIncludes, machineSchema } from "../config/machine.ts";
import { onnxFields } from "../config/onnx.ts";
import { workloadFields, workloadIncludes } from "../config/workload.ts";
import { energyTableSchema } from "../energy/table.ts";
import { assemble } from "../schema/extend.ts";
import { jsonSchema } from "../schema/json-schema.ts";
import { nearest } from "../schema/nearest.ts";
import type { Problem } from "../schema/problem.ts";
import { type Config, checkConfig, openConfig } from "../schema/read-config.ts";

interface FamilyOfConfigs {
  readonly family: Family;
  /** One of them, as in schemas/hardware.schema.json. */
  readonly singular: string;
  readonly title: string;
  readonly schema: z.ZodObject;
  /** Places whose value may name another config. */
  readonly includes: Includes;
}

export const families: readonly FamilyOfConfigs[] = [
  {
    family: "hardware",
    singular: "hardware",
    title: "Papillon: a machine",
    schema: machineSchema,
    includes: machineIncludes,
  },
  {
    family: "workloads",
    singular: "workload",
    title: "Papillon: a workload",
    schema: workloadFields,
    includes: workloadIncludes,
  },
  {
    family: "experiments",
    singular: "experiment",
    title: "Papillon: an experiment",
    schema: experimentSchema,
    includes: {},
  },
  {
    family: "energy",
    singular: "energy",
    title: "Papillon: a technology table of energies",
    schema: energyTableSchema,
    includes: {},
  },
  {
    family: "memory",
    singular: "memory",
    title: "Papillon: a memory standard, as its data sheet has it",
    schema: soundPreset,
    includes: {},
  },
  {
    family: "device",
    singular: "device",
    title: "Papillon: an FPGA, as its data sheet has it",
    schema: deviceSchema,
    includes: {},
  },
  {
    family: "fabric",
    singular: "fabric",
    title: "Papillon: what operators and memories take in an FPGA's fabric",
    schema: fabricSchema,
    includes: {},
  },
  {
    family: "silicon",
    singular: "silicon",
    title: "Papillon: what operators, registers and memories take of silicon",
    schema: siliconSchema,
    includes: {},
  },
];

/** A workload's YAML around an ONNX model. */
const onnxWorkloads: FamilyOfConfigs = {
  family: "workloads",
  singular: "onnx-workload",
  title: "Papillon: a workload that is an ONNX model",
  schema: onnxFields,
  includes: {},
};

/** The text of each JSON Schema by its file name. */
export const schemaFiles = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...families, onnxWorkloads].map(({ singular, title, schema }) => {
      const id = `${singular}.schema.json`;
      return [id, jsonSchema(schema, { id, title })];
    }),
  );

/** A config with its family. */
export interface Found {
  readonly of: FamilyOfConfigs;
  /** Its YAML; of another simulator's file what it says as ours. */
  readonly source: Source;
  /** What is wrong with another simulator's file. */
  readonly problems?: readonly Problem[];
}

/** The config of that name or path. A file's family is the one that knows most of its keys. */
export function findConfig(name: string, library: Library): Found | undefined {
  for (const of of families) {
    const source = library.find(of.family, name);
    if (source === undefined) continue;
    const foreign = foreignConfig(source);
    if (foreign !== undefined) return foreign;
    const shipped = library.names(of.family).includes(name);
    return { source, of: shipped ? of : (familyOf(source, library) ?? of) };
  }
  return undefined;
}

function foreignConfig(source: Source): Found | undefined {
  for (const of of families) {
    const read = foreignDocument(of.family, source);
    if (read?.ok === true) return { of, source: { file: source.file, text: read.text } };
    if (read?.ok === false) return { of, source, problems: read.problems };
  }
  return undefined;
}

export function readFound(
  { of, source, problems }: Found,
  library: Library,
  set: readonly string[],
): Config<unknown> {
  if (problems !== undefined) return { ok: false, problems };
  const { schema, includes } = of;
  const include = referencesIn(includes, library);
  const opened = openConfig(source.text, source.file, { load: library.load, include });
  const tree = of.family === "workloads" ? asWorkload(opened.tree) : opened.tree;
  return checkConfig(schema, { ...opened, tree }, set);
}

/** "no config is named "dfx-u28"; there are ..; did you mean "dfx-u280"?" */
export function notFound(name: string, among: readonly Family[], library: Library): string {
  const names = among.flatMap((family) => library.names(family));
  const meant = nearest(name, names);
  const suggestion = meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
  return `${JSON.stringify(name)} is neither a file nor one of ${names.join(", ")}${suggestion}`;
}

function familyOf({ text, file }: Source, { load }: Library): FamilyOfConfigs | undefined {
  const tree = asWorkload(assemble(text, file, load).tree);
  const keys = tree.kind === "mapping" ? [...tree.entries.keys()] : [];
  const known = ({ schema }: FamilyOfConfigs): number => keys.filter((key) => key in schema.shape).length;
  if (keys.includes("onnx")) return onnxWorkloads;
  return [...families].sort((a, b) => known(b) - known(a))[0];
}
