/**
 * The space of designs that an experiment's `sweep` spans. A design is a whole number: the digits are the choices of the
 * parameters, the last one fastest, those of the machine before those of the workload, so that neighbours share their machine.
 */
import { type Problem, sortProblems } from "../schema/problem.ts";
import { readConfig } from "../schema/read-config.ts";
import { entryAt, type Path, type Tree } from "../schema/tree.ts";
import { configReader } from "./config-reader.ts";
import { choicesAt, type Dimension, dimensionsOf, problemOf, type Sweep } from "./dimension.ts";
import { type ExperimentFields, experimentSchema } from "./experiment.ts";
import { type Condition, type Formula, formulas, type Scope } from "./formula.ts";
import type { Library, Source } from "./library.ts";
import { type Planned, type PlannedRun, planRun } from "./plan.ts";
import type { SweptValue } from "./range.ts";
import type { SearchFields } from "./search.ts";
import { commandSetting, settingOf } from "./setting.ts";

export interface DesignSpace {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** Of the product; designs that the conditions leave out are counted. */
  readonly size: number;
  /** No condition leaves a design out. */
  readonly whole: boolean;
  readonly dimensions: readonly Dimension[];
  /** Paths of all parameters, derived ones last. */
  readonly parameters: readonly string[];
  readonly objectives: readonly Objective[];
  /** Conditions on results. */
  readonly limits: readonly string[];
  /** How the experiment wants it searched. */
  readonly search: SearchFields;
  /** The values of a design; undefined where a condition leaves it out. An error where one cannot be computed. */
  readonly at: (index: number) => Design | Error | undefined;
  readonly plan: (design: Design) => Planned<PlannedRun>;
  /** What is wrong with an entry of its `sweep`, by its place in the file. */
  readonly problem: (path: Path, expected: string, found: string) => Problem;
}

/** Values by path. */
export type Design = Readonly<Record<string, SweptValue>>;

export interface Objective {
  readonly expression: string;
  readonly better: "less" | "more";
}

/**
 * Reads the `sweep` of an experiment, with all problems that do not depend on how values meet.
 * @param set `path=value` of the command line, over the settings of the experiment and under the values of the sweep
 * @param fine whether designs lie on the finer model of the experiment's `search`
 */
export function designSpace(
  source: Source,
  library: Library,
  set: readonly string[] = [],
  { fine = false }: { readonly fine?: boolean } = {},
): Planned<DesignSpace> {
  const experiment = readConfig(experimentSchema, source.text, source.file, { load: library.load });
  if (!experiment.ok) return experiment;
  const { value: given, tree } = experiment;
  if (given.sweep === undefined)
    return { ok: false, problems: [problemOf(tree, [], "the key sweep", "an experiment without one")] };
  const value = { ...given, ...(fine ? refined(given, given.sweep) : { sweep: given.sweep }) };
  const { dimensions, problems } = dimensionsOf(value.sweep, tree);
  const derived = Object.entries(value.sweep.derive ?? {});
  const parameters = [...dimensions.flatMap(({ paths }) => paths), ...derived.map(([path]) => path)];
  const twice = parameters.filter((path, index) => parameters.indexOf(path) !== index);
  const doubled = twice.map((path) => problemOf(tree, ["sweep"], "each parameter once", `${path} twice`));
  if (problems.length + doubled.length > 0) return { ok: false, problems: [...problems, ...doubled] };
  const plan = planner(value, tree, library, set, parameters);
  const scope = { parameters, documents: baseDocuments(value, plan) };
  const rules = rulesOf(value.sweep, scope);
  const size = dimensions.reduce((product, { choices }) => product * choices.length, 1);
  const at = (index: number): Design | Error | undefined => designOf(index, dimensions, rules);
  const space: DesignSpace = {
    name: value.name,
    title: value.title,
    source: value.source,
    size,
    whole: rules.where.length === 0,
    dimensions,
    parameters,
    objectives: [
      ...(value.sweep.minimize ?? []).map((expression) => ({ expression, better: "less" }) as const),
      ...(value.sweep.maximize ?? []).map((expression) => ({ expression, better: "more" }) as const),
    ],
    limits: value.sweep.limits ?? [],
    search: value.search ?? {},
    at,
    plan,
    problem: (path, expected, found) => problemOf(tree, ["sweep", ...path], expected, found),
  };
  const wrong = [...ruleProblems(rules, dimensions, tree), ...probe(space, rules)];
  if (wrong.length > 0) return { ok: false, problems: sortProblems(wrong) };
  return { ok: true, value: space };
}

/** The same designs, by the same numbers, on the finer model. */
function refined({ hardware, search }: ExperimentFields, sweep: Sweep) {
  const { refine } = search ?? {};
  const derive = { ...sweep.derive, ...refine?.derive };
  return { hardware: refine?.hardware ?? hardware, sweep: { ...sweep, derive } };
}

interface Rules {
  readonly derive: readonly { readonly path: string; readonly formula: Formula }[];
  readonly where: readonly Condition[];
}

function designOf(
  index: number,
  dimensions: readonly Dimension[],
  { derive, where }: Rules,
): Design | Error | undefined {
  const design = valuesOf(choicesAt(index, dimensions), dimensions);
  for (const { path, formula } of derive) {
    const result = formula.value(design);
    if (result instanceof Error) return new Error(`${path}: ${result.message}`);
    design[path] = result;
  }
  for (const condition of where) {
    const holds = condition.holds(design);
    if (holds instanceof Error) return holds;
    if (!holds) return undefined;
  }
  return design;
}

/** Of the parameters that are no formulas. @param digits the choice of each dimension */
function valuesOf(digits: readonly number[], dimensions: readonly Dimension[]): Record<string, SweptValue> {
  const values: Record<string, SweptValue> = {};
  for (const [dimension, { paths, choices }] of dimensions.entries()) {
    const chosen = choices[digits[dimension] ?? 0] ?? [];
    for (const [at, path] of paths.entries()) values[path] = chosen[at] ?? "";
  }
  return values;
}

const rulesOf = ({ derive = {}, where = [] }: Sweep, scope: Scope): Rules => {
  const { value, condition } = formulas(scope);
  return {
    derive: Object.entries(derive).map(([path, text]) => ({ path, formula: value(text) })),
    where: where.map(condition),
  };
};

/** Formulas that cannot be computed for the first design. */
function ruleProblems(
  { derive, where }: Rules,
  dimensions: readonly Dimension[],
  tree: Tree,
): readonly Problem[] {
  const design = valuesOf([], dimensions);
  const problems = derive.flatMap(({ path, formula }) => {
    const result = formula.value(design);
    if (!(result instanceof Error)) {
      design[path] = result;
      return [];
    }
    return [problemOf(tree, ["sweep", "derive", path], "an expression over parameters", result.message)];
  });
  const conditions = where.flatMap((condition, index) => {
    const holds = condition.holds(design);
    if (!(holds instanceof Error)) return [];
    return [problemOf(tree, ["sweep", "where", index], "a condition over parameters", holds.message)];
  });
  return problems.length > 0 ? problems : conditions;
}

/** Of a dimension with more choices only so many are tried before the sweep. */
const probed = 64;

/** Every choice once, beside the first of the others, whatever conditions say: names and values that no design could have. */
function probe({ dimensions, plan }: DesignSpace, { derive }: Rules): readonly Problem[] {
  const followers = new Set(derive.map(({ path }) => path));
  return dimensions.flatMap(({ choices }, dimension) =>
    choices.slice(0, probed).flatMap((_, choice) => {
      const digits = dimensions.map((_, other) => (other === dimension ? choice : 0));
      const design = valuesOf(digits, dimensions);
      for (const { path, formula } of derive) {
        const result = formula.value(design);
        if (!(result instanceof Error)) design[path] = result;
      }
      const planned = plan(design);
      if (planned.ok) return [];
      // How values meet, and what follows from them, is told for each design.
      return planned.problems.filter(({ code, path }) => code !== "invalid" && !followers.has(path));
    }),
  );
}

function planner(
  value: ExperimentFields,
  tree: Tree,
  library: Library,
  set: readonly string[],
  parameters: readonly string[],
): DesignSpace["plan"] {
  const read = configReader(library);
  const placeOf = (path: Path) => entryAt(tree, path)?.value.at ?? tree.at;
  const shared = Object.entries(value.set ?? {}).map(([path, given]) =>
    settingOf(path, given, placeOf(["set", path])),
  );
  const above = [...shared, ...set.map(commandSetting)];
  const places = new Map(parameters.map((path) => [path, placeOf(pathInSweep(value, path))]));
  return (design) => {
    const named = (key: "hardware" | "workload") => {
      const own = design[key];
      const at = own === undefined ? placeOf([key]) : (places.get(key) ?? tree.at);
      return { name: own === undefined ? value[key] : String(own), at };
    };
    const settings = Object.entries(design).flatMap(([path, given]) =>
      path === "hardware" || path === "workload" ? [] : [settingOf(path, given, places.get(path) ?? tree.at)],
    );
    return planRun(read, {
      name: value.name,
      hardware: named("hardware"),
      workload: named("workload"),
      settings: [...above, ...settings],
      references: [],
      relations: {},
    });
  };
}

function pathInSweep({ sweep }: ExperimentFields, path: string): Path {
  if (sweep?.product !== undefined && path in sweep.product) return ["sweep", "product", path];
  if (sweep?.derive !== undefined && path in sweep.derive) return ["sweep", "derive", path];
  const group = (sweep?.zip ?? []).findIndex((each) => path in each);
  return ["sweep", "zip", group, path];
}

/** What formulas may name besides parameters: the configs before the sweep, where the experiment names them. */
function baseDocuments(
  { hardware, workload }: ExperimentFields,
  plan: DesignSpace["plan"],
): NonNullable<Scope["documents"]> {
  if (hardware === undefined || workload === undefined) return {};
  const planned = plan({});
  return planned.ok ? planned.value.documents : {};
}
