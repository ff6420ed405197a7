/** From a design to its row. What several designs share (configs, sizes of workloads, prices, layers on one machine) is worked out once. */
import { type Formulas, formulas } from "../config/formula.ts";
import type { PlannedRun } from "../config/plan.ts";
import type { SweptValue } from "../config/range.ts";
import type { Design, DesignSpace } from "../config/space.ts";
import { type PriceList, price, priceList } from "../energy/price.ts";
import { loopMemo } from "../engine/loop-memo.ts";
import { bound, type Outcome, outcomes } from "../engine/outcome.ts";
import { machineMisfits, misfitsOf, type Program, reasonOf, simulate } from "../index.ts";
import type { Misfit, Report, Totals } from "../report/report.ts";
import { type Sizes, sizesOf, totalsOf } from "../report/totals.ts";
import { atLeast, exactly, type Interval } from "../schema/interval.ts";
import { formatProblems } from "../schema/problem.ts";
import { dominates } from "./pareto.ts";
import { type Row, totalColumns } from "./row.ts";
import type { Rival } from "./strategy.ts";

export interface Evaluator {
  /** Undefined where a condition of the space leaves the design out. */
  readonly row: (index: number) => Row | undefined;
  /**
   * As `row`, but with a latency that no schedule can beat in the place of the simulated one, at a fraction of the cost: what
   * falls with latency or rises with it is bounded likewise. Objectives that ask for more than totals are left out.
   */
  readonly bound: (index: number) => Row | undefined;
  /** As `row`; but a design that a rival beats even at its bound, or that misses a limit there, is skipped, with the proof as the reason. */
  readonly unlessBeaten: (index: number, rivals: readonly Rival[]) => Row | undefined;
  /** What is wrong with each objective and limit that cannot be computed for a design; undefined where it does not run. */
  readonly faults: (index: number) => Faults | undefined;
}

/** In the order of the space; undefined where nothing is wrong. */
export interface Faults {
  readonly objectives: readonly (string | undefined)[];
  readonly limits: readonly (string | undefined)[];
}

/** @throws nothing for a design: what goes wrong with one stands in its row */
export function evaluator(space: DesignSpace): Evaluator {
  const judge = judging(space);
  const known = knowing();
  const outcome = outcomes(loopMemo());
  const rowBy =
    (measure: (planned: PlannedRun) => Measured, skips?: Skips) =>
    (index: number): Row | undefined => {
      const design = space.at(index);
      if (design === undefined) return undefined;
      if (design instanceof Error) return without(index, "failed", {}, design.message);
      const planned = space.plan(design);
      if (!planned.ok) return without(index, "failed", design, formatProblems(planned.problems));
      try {
        const misfits = misfitsOf(planned.value, known.misfits(planned.value));
        if (misfits.length > 0) return without(index, "unfit", design, reasonOf(misfits));
        const proof = skips?.(planned.value, design);
        if (proof !== undefined) return without(index, "skipped", design, proof);
        return judge(index, design, measure(planned.value));
      } catch (error) {
        return without(index, "failed", design, error instanceof Error ? error.message : String(error));
      }
    };
  const measure = (planned: PlannedRun): Measured =>
    judge.needsReport ? whole(planned) : totalled(planned, known, outcome);
  const atBound = (planned: PlannedRun): Measured => totalled(planned, known, bound);
  const faults: Evaluator["faults"] = (index) => {
    const design = space.at(index);
    if (design === undefined || design instanceof Error) return undefined;
    const planned = space.plan(design);
    if (!planned.ok || misfitsOf(planned.value, known.misfits(planned.value)).length > 0) return undefined;
    try {
      return judge.faults(design, measure(planned.value));
    } catch {
      return undefined;
    }
  };
  return {
    faults,
    row: rowBy(measure),
    bound: rowBy(atBound),
    unlessBeaten: (index, rivals) =>
      rowBy(measure, (planned, design) => judge.beaten(design, atBound(planned), rivals))(index),
  };
}

/** Why a design need not run. */
type Skips = (planned: PlannedRun, design: Design) => string | undefined;

/** What a run gave: its totals, and the whole report where something asks for more. */
interface Measured {
  readonly totals: Totals;
  readonly report?: Report;
}

function whole(planned: PlannedRun): Measured {
  const result = simulate(planned);
  if (result.status === "unfit") throw new Error(result.reason);
  return { totals: result.report.totals, report: result.report };
}

function totalled(planned: PlannedRun, known: Known, run: (program: Program) => Outcome): Measured {
  const { hardware, dataflow } = planned.machine;
  const { workload, energyTable } = planned;
  const { finish, counts } = run(dataflow.lower(hardware, workload));
  const prices = known.prices(planned, () => priceList(hardware, energyTable));
  const energyJoules = price(prices, counts, finish / hardware.tickRate).totalJoules;
  const sizes = known.sizes(planned, () => sizesOf(workload));
  return { totals: totalsOf({ hardware, workload, counts, finish, energyJoules, sizes }) };
}

interface Known {
  readonly prices: (planned: PlannedRun, make: () => PriceList) => PriceList;
  readonly sizes: (planned: PlannedRun, make: () => Sizes) => Sizes;
  /** Of the machine alone. */
  readonly misfits: (planned: PlannedRun) => readonly Misfit[];
}

/** Runs that share a machine or a workload share these objects. */
function knowing(): Known {
  const prices = new WeakMap<object, PriceList>();
  const sizes = new WeakMap<object, Sizes>();
  const misfits = new WeakMap<object, readonly Misfit[]>();
  return {
    misfits: ({ machine }) => remembered(misfits, machine, () => machineMisfits(machine)),
    prices: ({ machine }, make) => remembered(prices, machine, make),
    sizes: ({ workload }, make) => remembered(sizes, workload, make),
  };
}

function remembered<Value>(memory: WeakMap<object, Value>, key: object, make: () => Value): Value {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}

const without = (
  index: number,
  status: "unfit" | "failed" | "skipped",
  parameters: Design,
  reason: string,
): Row => ({
  index,
  status,
  parameters,
  reason,
  feasible: false,
});

type Judge = ((index: number, design: Design, measured: Measured) => Row) & {
  readonly needsReport: boolean;
  /** The proof, from totals at the bound, that a design is no better than a rival, or misses a limit. */
  readonly beaten: (design: Design, bound: Measured, rivals: readonly Rival[]) => string | undefined;
  readonly faults: (design: Design, measured: Measured) => Faults;
};

/** Objectives and limits over totals, over the parameters, and over any other field of the report by its path. */
function judging({ objectives, limits, parameters }: DesignSpace): Judge {
  const { value, condition }: Formulas = formulas({ parameters }, totalColumns);
  const values = objectives.map(({ expression }) => value(expression));
  const conditions = limits.map(condition);
  const totals = new Set<string>(totalColumns);
  const words = [...values, ...conditions].flatMap(({ text }) => text.match(/[A-Za-z_][\w.]*/g) ?? []);
  const isParameter = (word: string) => parameters.some((path) => path === word || path.endsWith(`.${word}`));
  const further = [...new Set(words)].filter((word) => !totals.has(word) && !isParameter(word));
  const needsReport = further.some((word) => word.includes("."));
  const resultsOf = ({ totals }: Measured): Record<string, number> => {
    const results: Record<string, number> = {};
    for (const column of totalColumns) results[column] = totals[column];
    return results;
  };
  const namesOf = (design: Design, measured: Measured): Readonly<Record<string, SweptValue>> => {
    const names: Record<string, SweptValue> = { ...design, ...resultsOf(measured) };
    const { totals, report } = measured;
    for (const word of further) {
      const found = fieldAt({ ...report, totals, ...totals }, word.split("."));
      if (found !== undefined) names[word] = found;
    }
    return names;
  };
  const judge = (index: number, design: Design, measured: Measured): Row => {
    const { report } = measured;
    const results = resultsOf(measured);
    const names = namesOf(design, measured);
    for (const formula of values) {
      const result = formula.value(names);
      if (typeof result !== "number" && report === undefined && needsReport) continue;
      if (result instanceof Error) throw result;
      if (typeof result !== "number") throw new Error(`${formula.text} is ${result}, which is no number`);
      results[formula.text] = result;
    }
    const feasible = conditions.every((each) => {
      const holds = each.holds(names);
      if (holds instanceof Error && report === undefined && needsReport) return true;
      if (holds instanceof Error) throw holds;
      return holds;
    });
    return { index, status: "done", parameters: design, reason: "", results, feasible };
  };
  const beaten = (design: Design, { totals }: Measured, rivals: readonly Rival[]): string | undefined => {
    const ranges = rangesOf(totals);
    const failing = conditions.find((condition) => condition.fails(design, ranges));
    if (failing !== undefined) return `misses ${failing.text} at any latency from its bound on`;
    const least = values.map((formula, place) => {
      const { least, most } = formula.range(design, ranges);
      return objectives[place]?.better === "less" ? least : -most;
    });
    const rival = rivals.find(({ costs }) => dominates(costs, least));
    if (rival === undefined) return undefined;
    const words = values.map(({ text }, place) =>
      objectives[place]?.better === "less"
        ? `${text} >= ${least[place] ?? 0}`
        : `${text} <= ${-(least[place] ?? 0)}`,
    );
    return `design ${rival.index} is better even where this one has ${words.join(", ")}`;
  };
  const faults = (design: Design, measured: Measured): Faults => {
    const names = namesOf(design, measured);
    const faultOf = (found: unknown) => (found instanceof Error ? found.message : undefined);
    return {
      objectives: values.map((formula) => faultOf(formula.value(names))),
      limits: conditions.map((condition) => faultOf(condition.holds(names))),
    };
  };
  return Object.assign(judge, { needsReport, beaten, faults });
}

/** Where the totals lie when the run takes no less than its bound: what was counted is exact, static power adds energy with time. */
function rangesOf(totals: Totals): Readonly<Record<string, Interval>> {
  const ranges: Record<(typeof totalColumns)[number], Interval> = {
    latencySeconds: atLeast(totals.latencySeconds),
    latencyCycles: atLeast(totals.latencyCycles),
    tokensPerSecond: { least: 0, most: totals.tokensPerSecond },
    energyJoules: atLeast(totals.energyJoules),
    energyPerTokenJoules: atLeast(totals.energyPerTokenJoules),
    averagePowerWatts: atLeast(0),
    macs: exactly(totals.macs),
    macsPerSecond: { least: 0, most: totals.macsPerSecond },
    parameters: exactly(totals.parameters),
    parameterBytes: exactly(totals.parameterBytes),
    peakActivationBytes: exactly(totals.peakActivationBytes),
  };
  return ranges;
}

/** A number of the report: `energy.byComponent.hbm`, `phases.decode.latencySeconds`, `units.0.busyShare`. */
function fieldAt(value: unknown, [step, ...rest]: readonly string[]): number | undefined {
  if (step === undefined) return typeof value === "number" ? value : undefined;
  if (Array.isArray(value)) {
    const named = value.find((row) => isMapping(row) && (row["name"] === step || row["memory"] === step));
    return fieldAt(named ?? value[Number(step)], rest);
  }
  return isMapping(value) ? fieldAt(value[step], rest) : undefined;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
