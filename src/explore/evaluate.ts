/** From a design to its row. What several designs share (configs, sizes of workloads, prices) is worked out once. */
import { type Formulas, formulas } from "../config/formula.ts";
import type { PlannedRun } from "../config/plan.ts";
import type { SweptValue } from "../config/range.ts";
import type { Design, DesignSpace } from "../config/space.ts";
import { type PriceList, price, priceList } from "../energy/price.ts";
import { bound, type Outcome, outcomes } from "../engine/outcome.ts";
import { misfitsOf, type Program, reasonOf, simulate } from "../index.ts";
import type { Report, Totals } from "../report/report.ts";
import { type Sizes, sizesOf, totalsOf } from "../report/totals.ts";
import { formatProblems } from "../schema/problem.ts";
import { type Row, totalColumns } from "./row.ts";

export interface Evaluator {
  /** Undefined where a condition of the space leaves the design out. */
  readonly row: (index: number) => Row | undefined;
  /**
   * As `row`, but with a latency that no schedule can beat in the place of the simulated one, at a fraction of the cost: what
   * falls with latency or rises with it is bounded likewise. Objectives that ask for more than totals are left out.
   */
  readonly bound: (index: number) => Row | undefined;
}

/** @throws nothing for a design: what goes wrong with one stands in its row */
export function evaluator(space: DesignSpace): Evaluator {
  const judge = judging(space);
  const known = knowing();
  const outcome = outcomes();
  const rowBy =
    (measure: (planned: PlannedRun) => Measured) =>
    (index: number): Row | undefined => {
      const design = space.at(index);
      if (design === undefined) return undefined;
      if (design instanceof Error) return without(index, "failed", {}, design.message);
      const planned = space.plan(design);
      if (!planned.ok) return without(index, "failed", design, formatProblems(planned.problems));
      try {
        const misfits = misfitsOf(planned.value);
        if (misfits.length > 0) return without(index, "unfit", design, reasonOf(misfits));
        return judge(index, design, measure(planned.value));
      } catch (error) {
        return without(index, "failed", design, error instanceof Error ? error.message : String(error));
      }
    };
  return {
    row: rowBy((planned) => (judge.needsReport ? whole(planned) : totalled(planned, known, outcome))),
    bound: rowBy((planned) => totalled(planned, known, bound)),
  };
}

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
}

/** Runs that share a machine or a workload share these objects. */
function knowing(): Known {
  const prices = new WeakMap<object, PriceList>();
  const sizes = new WeakMap<object, Sizes>();
  return {
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

const without = (index: number, status: "unfit" | "failed", parameters: Design, reason: string): Row => ({
  index,
  status,
  parameters,
  reason,
  feasible: false,
});

type Judge = ((index: number, design: Design, measured: Measured) => Row) & { readonly needsReport: boolean };

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
  const judge = (index: number, design: Design, { totals, report }: Measured): Row => {
    const results: Record<string, number> = {};
    for (const column of totalColumns) results[column] = totals[column];
    const names: Record<string, SweptValue> = { ...design, ...results };
    for (const word of further) {
      const found = fieldAt({ ...report, totals, ...totals }, word.split("."));
      if (found !== undefined) names[word] = found;
    }
    for (const formula of values) {
      const result = formula.value(names);
      if (typeof result !== "number" && report === undefined && needsReport) continue;
      if (typeof result !== "number") throw new Error(result instanceof Error ? result.message : result);
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
  return Object.assign(judge, { needsReport });
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
