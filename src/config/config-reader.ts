/** Reads configs by name for plans, each once. */
import type { z } from "zod";
import type { Sustained } from "../arch/dram/sustained.ts";
import type { Hardware } from "../arch/hardware.ts";
import type { ResolvedUnit } from "../arch/index.ts";
import type { OperandHierarchy } from "../arch/operand-hierarchy.ts";
import { deviceSchema } from "../area/device.ts";
import { fabricSchema } from "../area/fabric.ts";
import { siliconSchema } from "../area/silicon.ts";
import { energyTableSchema } from "../energy/table.ts";
import { nearest } from "../schema/nearest.ts";
import type { Place, Problem } from "../schema/problem.ts";
import type { Provenance } from "../schema/provenance.ts";
import { type Config, checkConfig, type Opened, openConfig } from "../schema/read-config.ts";
import type { Tree } from "../schema/tree.ts";
import type { Workload } from "../workload/graph.ts";
import { asWorkload } from "./bare-model.ts";
import { type Foreign, foreignDocument } from "./foreign.ts";
import { type Family, type Includes, type Library, referencesIn } from "./library.ts";
import { type Machine, machineIncludes, machineSchema, resolveMachine } from "./machine.ts";
import { isOnnxFile, namesOnnx, type OnnxChoice, readOnnxWorkload } from "./onnx.ts";
import type { routed } from "./setting.ts";
import { resolveWorkload, workloadFields, workloadIncludes } from "./workload.ts";

/** A config's name, and where it stands. */
export interface Named {
  readonly name: string | undefined;
  readonly at: Place;
}

export type Routed = ReturnType<typeof routed>["hardware"];

/** Remembers what it has read, for who plans often. */
export type ConfigReader = ReturnType<typeof configReader>;

/** Reads configs by name. What two runs share is opened once, and checked once where they set the same; walks of
 * memories are simulated once, and hierarchies that are equal are one object. */
export function configReader(library: Library, choice: OnnxChoice = {}) {
  const written = reading(library, "workloads", workloadFields, workloadIncludes, asWorkload);
  const graphs = new Map<string, Config<Workload>>();
  const kinds = new Map<string, boolean>();
  const walks = new Map<string, Sustained>();
  const hierarchies = new Map<string, OperandHierarchy>();
  const machines = new WeakMap<object, Machine>();
  const workloadOf = once(resolveWorkload);
  const isOnnx = (name: string, from: string): boolean =>
    isOnnxFile(name) ||
    remembered(kinds, [name, from], () => namesOnnx(library.find("workloads", name, from)?.text ?? ""));
  return {
    machine: reading(library, "hardware", machineSchema, machineIncludes),
    workload: (named: Named, set: Routed): Config<Workload> => {
      const { name, at } = named;
      if (name !== undefined && isOnnx(name, at.file)) {
        const texts = set.map(({ text }) => text);
        const read = () => readOnnxWorkload(name, at.file, library, texts, choice);
        const graph = remembered(graphs, [name, at.file, texts], read);
        if (graph.ok) return graph;
        return { ok: false, problems: graph.problems.map((problem) => replaced(problem, set)) };
      }
      const stray = strayChoices(choice);
      if (stray.length > 0) return { ok: false, problems: stray };
      const config = written(named, set);
      return config.ok ? { ...config, value: workloadOf(config.value) } : config;
    },
    energyTable: reading(library, "energy", energyTableSchema),
    device: reading(library, "device", deviceSchema),
    fabric: reading(library, "fabric", fabricSchema),
    silicon: reading(library, "silicon", siliconSchema),
    /** Numbers by their paths from the run on. */
    numbersOf: { hardware: numbersWithin("hardware"), workload: numbersWithin("workload") },
    /** The same object for the same config; its FPGA and its silicon follow from it. */
    resolvedMachine(
      config: z.output<typeof machineSchema>,
      lies: Pick<Machine, "fpga" | "silicon"> = {},
    ): Machine {
      const known = machines.get(config);
      if (known !== undefined) return known;
      const resolved = resolveMachine(config, walks, lies);
      const made = { ...resolved, hardware: withHierarchies(resolved.hardware, hierarchies) };
      machines.set(config, made);
      return made;
    },
  };
}

/** Equal hierarchies of memories become one object, so that what was found out about one of them is known of all. */
function withHierarchies(hardware: Hardware, known: Map<string, OperandHierarchy>): Hardware {
  const units = Object.entries(hardware.units).map(([name, unit]): [string, ResolvedUnit] => {
    if (unit.kind !== "mac-array") return [name, unit];
    const { hierarchy } = unit.spec;
    const shared = remembered(known, hierarchy, () => hierarchy);
    return [name, { kind: unit.kind, spec: { ...unit.spec, hierarchy: shared } }];
  });
  return { ...hardware, units: Object.fromEntries(units) };
}

const numbersWithin = (config: "hardware" | "workload") =>
  once((numbers: readonly Provenance[]): readonly Provenance[] =>
    numbers.map((number) => ({ ...number, path: `${config}.${number.path}` })),
  );

/** The same result for the same object. */
function once<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, Value>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

/** Sizes and values beside a workload that takes none. */
function strayChoices({ dim = [], value = [] }: OnnxChoice): readonly Problem[] {
  const stray =
    (file: string) =>
    (text: string): Problem => ({
      file,
      line: 1,
      column: 1,
      text,
      code: "invalid",
      path: "",
      expected: "an ONNX model as the workload",
      found: "another",
    });
  return [...dim.map(stray("--dim")), ...value.map(stray("--value"))];
}

type Refused = Extract<Foreign, { readonly ok: false }>;

function reading<Schema extends z.ZodType>(
  library: Library,
  family: Family,
  schema: Schema,
  includes: Includes = {},
  adapt: (tree: Tree) => Tree = (tree) => tree,
) {
  const include = referencesIn(includes, library);
  const opened = new Map<string, Opened | Refused | undefined>();
  const checked = new Map<string, Config<z.output<Schema>>>();
  return ({ name, at }: Named, set: Routed): Config<z.output<Schema>> => {
    if (name === undefined) return missing(at, family, "nothing", library.names(family));
    const document = remembered(opened, [name, at.file], () => {
      const source = library.find(family, name, at.file);
      if (source === undefined) return undefined;
      const foreign = foreignDocument(family, source);
      if (foreign?.ok === false) return foreign;
      const text = foreign?.text ?? source.text;
      const document = openConfig(text, source.file, { load: library.load, include });
      return { ...document, tree: adapt(document.tree) };
    });
    if (document === undefined) {
      const found = `"${name}", which is neither a file nor a shipped name`;
      return missing(at, family, found, library.names(family), name);
    }
    if ("ok" in document) return document;
    const texts = set.map(({ text }) => text);
    const config = remembered(checked, [name, at.file, texts], () => checkConfig(schema, document, texts));
    if (config.ok) return config;
    return { ok: false, problems: config.problems.map((problem) => replaced(problem, set)) };
  };
}

/** Past this many the memory starts anew, so that whoever plans millions of designs keeps few. */
const most = 512;

function remembered<Value>(memory: Map<string, Value>, key: unknown, make: () => Value): Value {
  const text = JSON.stringify(key);
  const known = memory.get(text);
  if (known !== undefined) return known;
  const made = make();
  if (memory.size >= most) memory.clear();
  memory.set(text, made);
  return made;
}

/** A problem of a setting stands where the setting does. */
function replaced(problem: Problem, set: Routed): Problem {
  const setting = set.find(({ text }) => text === problem.text);
  if (setting === undefined) return problem;
  const { text: _, ...rest } = problem;
  return { ...rest, ...setting.at, path: `${setting.prefix}${problem.path}` };
}

function missing(
  at: Place,
  family: Family,
  found: string,
  names: readonly string[],
  name?: string,
): Config<never> {
  const suggestion = name === undefined ? undefined : nearest(name, names);
  const problem: Problem = {
    ...at,
    code: "missing-file",
    path: family === "workloads" ? "workload" : family,
    expected: `a file, or one of ${names.join(", ")}`,
    found,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
  return { ok: false, problems: [problem] };
}
