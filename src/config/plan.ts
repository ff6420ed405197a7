/** From an experiment to what `simulate` takes: every file read, every value set, every problem of all of them at once. */
import type { EnergyTable } from "../energy/table.ts";
import { type Place, type Problem, sortProblems } from "../schema/problem.ts";
import type { Provenance } from "../schema/provenance.ts";
import { readConfig } from "../schema/read-config.ts";
import { entryAt, type Tree } from "../schema/tree.ts";
import type { Workload } from "../workload/graph.ts";
import { type ConfigReader, configReader, type Named, type Routed } from "./config-reader.ts";
import { experimentSchema, type RunFields } from "./experiment.ts";
import { readFpga } from "./fpga.ts";
import type { Library, Source } from "./library.ts";
import type { Machine } from "./machine.ts";
import type { OnnxChoice } from "./onnx.ts";
import { relationProblems, relationsOf } from "./relation.ts";
import { commandSetting, routed, type Setting, settingOf } from "./setting.ts";
import { readSilicon } from "./silicon.ts";

export interface Plan {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly runs: readonly PlannedRun[];
  /** The runs are points of curves along this key of their `at`. */
  readonly curve?: { readonly along: string; readonly flat: number };
}

export interface PlannedRun {
  readonly name: string;
  /** What sets this run apart: its settings, and the configs that it names. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly machine: Machine;
  readonly workload: Workload;
  readonly energyTable: EnergyTable;
  readonly references: readonly Reference[];
  /** Another run of the experiment to compare with. */
  readonly against?: { readonly run: string; readonly because?: string };
  /** Where it stands in a figure. */
  readonly at?: Readonly<Record<string, number>>;
  /** The configs as written, after `extends` and settings. */
  readonly documents: { readonly hardware: unknown; readonly workload: unknown };
  /** Every number that says where it comes from; paths begin with "hardware." or "workload.". */
  readonly numbers: readonly Provenance[];
}

export interface Reference {
  readonly metric: "latencySeconds" | "tokensPerSecond";
  readonly published: number;
  readonly source: string;
  readonly sure: string;
}

export type Planned<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Plans all runs of an experiment, or the one that is named.
 * @param set `path=value` of the command line, over the settings of the experiment
 */
export function planExperiment(
  source: Source,
  library: Library,
  set: readonly string[] = [],
  { read = configReader(library), only }: { readonly read?: ConfigReader; readonly only?: string } = {},
): Planned<Plan> {
  const experiment = readConfig(experimentSchema, source.text, source.file, { load: library.load });
  if (!experiment.ok) return experiment;
  const { name, title, source: from, runs = [], curve } = experiment.value;
  const unrelated = relationProblems(experiment.value, experiment.tree);
  if (unrelated.length > 0) return { ok: false, problems: unrelated };
  const planned = runs.flatMap((run, index) => {
    if (only !== undefined && run.name !== only) return [];
    const at = (...path: (string | number)[]): Place =>
      entryAt(experiment.tree, path)?.value.at ?? experiment.tree.at;
    const named = (key: "hardware" | "workload"): Named => {
      const own = run[key] !== undefined;
      const place = own ? at("runs", index, key) : at(key);
      return {
        name: run[key] ?? experiment.value[key],
        at: own || experiment.value[key] ? place : at("runs", index),
      };
    };
    const shared = Object.entries(experiment.value.set ?? {}).map(([path, value]) =>
      settingOf(path, value, at("set", path)),
    );
    const own = Object.entries(run.set ?? {}).map(([path, value]) =>
      settingOf(path, value, at("runs", index, "set", path)),
    );
    const settings = [...shared, ...own, ...set.map(commandSetting)];
    const origins = experiment.provenance.filter(({ path }) => path.startsWith(`runs.${index}.references.`));
    return planRun(read, {
      name: run.name,
      hardware: named("hardware"),
      workload: named("workload"),
      settings,
      references: referencesOf(run.references, origins),
      relations: relationsOf(run),
    });
  });
  return gathered(planned, (value) => ({
    name,
    title,
    source: from,
    runs: value,
    ...(curve === undefined ? {} : { curve }),
  }));
}

/** Plans one run of a workload on a machine, each by name or path. */
export function planSingle(
  hardware: string,
  workload: string,
  library: Library,
  { set = [], dataflow, read, ...choice }: SingleOptions = {},
): Planned<Plan> {
  const at = (option: string, text: string): Place => ({ file: option, line: 1, column: 1, text });
  const chosen = dataflow === undefined ? [] : [`hardware.dataflow.name=${dataflow}`];
  const run = planRun(read ?? configReader(library, choice), {
    name: `${workload} on ${hardware}`,
    hardware: { name: hardware, at: at("--hardware", hardware) },
    workload: { name: workload, at: at("--workload", workload) },
    settings: [...chosen, ...set].map(commandSetting),
    references: [],
    relations: {},
  });
  const title = `${workload} on ${hardware}`;
  return gathered([run], (runs) => ({ name: "run", title, source: "command line", runs }));
}

export interface SingleOptions extends OnnxChoice {
  /** Values to change, `devices=2`. */
  readonly set?: readonly string[];
  readonly dataflow?: string;
  /** Remembers what it has read, for who plans often; it knows the choices for ONNX models already. */
  readonly read?: ConfigReader;
}

export interface RunRequest {
  readonly name: string;
  readonly hardware: Named;
  readonly workload: Named;
  readonly settings: readonly Setting[];
  readonly references: readonly Reference[];
  readonly relations: Pick<PlannedRun, "against" | "at">;
}

/** One run; what it reads is remembered in `read`. */
export function planRun(
  read: ConfigReader,
  { name, hardware, workload, settings, references, relations }: RunRequest,
): Planned<PlannedRun> {
  const { problems, ...set } = routed(settings);
  const machine = read.machine(hardware, set.hardware);
  const work = read.workload(workload, set.workload);
  const table = machine.ok
    ? read.energyTable(
        { name: machine.value.energy.table, at: placeOf(machine.tree, ["energy", "table"], set.hardware) },
        [],
      )
    : machine;
  if (!machine.ok || !work.ok || !table.ok || problems.length > 0) {
    const found = [machine, work, table].flatMap((config) => (config.ok ? [] : config.problems));
    return { ok: false, problems: [...problems, ...found] };
  }
  const { fpga: onFpga, silicon: inSilicon } = machine.value;
  const at = (...path: string[]): Place => placeOf(machine.tree, path, set.hardware);
  const fpga = onFpga && readFpga(read, onFpga, at("fpga", "device"));
  if (fpga?.ok === false) return fpga;
  const silicon = inSilicon && readSilicon(read, inSilicon, at);
  if (silicon?.ok === false) return silicon;
  const numbers = [
    ...read.numbersOf.hardware(machine.provenance),
    ...read.numbersOf.workload(work.provenance),
  ];
  const value: PlannedRun = {
    name,
    parameters: {
      hardware: hardware.name,
      workload: workload.name,
      ...Object.fromEntries(settings.map(plainSetting)),
      ...relations.at,
    },
    machine: read.resolvedMachine(machine.value, {
      ...(fpga === undefined ? {} : { fpga: fpga.value.fpga }),
      ...(silicon === undefined ? {} : { silicon: silicon.value.silicon }),
    }),
    workload: work.value,
    energyTable: table.value,
    references,
    ...relations,
    documents: { hardware: machine.document, workload: work.document },
    numbers,
  };
  return { ok: true, value };
}

const plainSetting = ({ path, value }: Setting): [string, unknown] => {
  const number = Number(value);
  if (value !== "" && Number.isFinite(number)) return [path, number];
  return [path, value.replace(/^"(.*)"$/, "$1")];
};

/** In the machine's file, or where a setting names the value. */
function placeOf(tree: Tree, path: readonly string[], set: Routed): Place {
  const at = entryAt(tree, path)?.value.at ?? tree.at;
  return set.find(({ text }) => text === at.text)?.at ?? at;
}

function gathered<Value, Whole>(
  parts: readonly Planned<Value>[],
  whole: (values: readonly Value[]) => Whole,
): Planned<Whole> {
  const problems = sortProblems(parts.flatMap((part) => (part.ok ? [] : part.problems)));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: whole(parts.flatMap((part) => (part.ok ? [part.value] : []))) };
}

type References = NonNullable<RunFields["references"]>;

function referencesOf(
  references: References | undefined,
  origins: readonly Provenance[],
): readonly Reference[] {
  const origin = (key: string): Pick<Reference, "source" | "sure"> => {
    const found = origins.find(({ path }) => path.endsWith(`.${key}`));
    return { source: found?.source ?? "not said", sure: found?.sure ?? "not said" };
  };
  const { latency, tokensPerSecond } = references ?? {};
  return [
    ...(latency === undefined
      ? []
      : [{ metric: "latencySeconds" as const, published: latency, ...origin("latency") }]),
    ...(tokensPerSecond === undefined
      ? []
      : [{ metric: "tokensPerSecond" as const, published: tokensPerSecond, ...origin("tokensPerSecond") }]),
  ];
}
