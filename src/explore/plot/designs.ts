/** The rows of a sweep, column by column, as plots need them: parameters by their levels, results as numbers. */
import type { SweptValue } from "../../config/range.ts";
import type { Objective } from "../../config/space.ts";
import { shortName } from "../label.ts";
import type { FlatRow } from "../table.ts";
import { type Column, type Parameter, parameterOf, unlike } from "./parameter.ts";

/** What a sweep's folder says of it. */
export interface About {
  readonly experiment: string;
  readonly title: string;
  readonly source: string;
  readonly parameters: readonly string[];
  readonly objectives: readonly Objective[];
  readonly limits: readonly string[];
}

export interface Designs {
  readonly about: About;
  readonly counts: { readonly done: number; readonly unfit: number; readonly failed: number };
  /** Why designs did not run: alike reasons together, those of the most designs first. */
  readonly reasons: readonly Reason[];
  /** Those that vary; of parameters that always change together the first. */
  readonly parameters: readonly Parameter[];
  /** The designs that ran, in the order of their rows: the number of each in its space .. */
  readonly index: readonly number[];
  /** .. how many designs had been looked at with it .. */
  readonly looked: readonly number[];
  /** .. and whether it meets the limits. */
  readonly feasible: readonly boolean[];
  /** Names of columns with numbers. */
  readonly measures: readonly string[];
  /** A number for each design that ran, NaN where it has none; empty where there is no such column. */
  readonly measure: (name: string) => readonly number[];
}

export interface Reason {
  readonly status: "unfit" | "failed";
  readonly designs: number;
  readonly example: string;
}

export async function designsOf(rows: AsyncIterable<FlatRow>, about: About): Promise<Designs> {
  const counts = { done: 0, unfit: 0, failed: 0 };
  const reasons = new Map<string, Reason>();
  const index: number[] = [];
  const looked: number[] = [];
  const feasible: boolean[] = [];
  const parameters = about.parameters.map((path) => ({ path, ...columnBuilder() }));
  const measures = new Map<string, number[]>();
  const swept = new Set(about.parameters);
  let total = 0;
  for await (const row of rows) {
    total++;
    // Proven to be no better: not run, so that it has nothing to show.
    if (row["status"] === "skipped") continue;
    const status = statusOf(row);
    counts[status]++;
    if (status !== "done") {
      const example = String(row["reason"] ?? "");
      // Numbers differ from design to design.
      const key = `${status} ${example.replace(/\d[\d,.]*/g, "#")}`;
      const known = reasons.get(key);
      reasons.set(key, { status, designs: (known?.designs ?? 0) + 1, example: known?.example ?? example });
      continue;
    }
    for (const { path, add } of parameters) add(row[path]);
    for (const [name, value] of Object.entries(row)) {
      if (typeof value !== "number" || name === "index" || swept.has(name)) continue;
      let values = measures.get(name);
      if (values === undefined) {
        values = [];
        measures.set(name, values);
      }
      while (values.length < index.length) values.push(Number.NaN);
      values.push(value);
    }
    index.push(Number(row["index"]));
    looked.push(total);
    feasible.push(row["feasible"] === true);
  }
  for (const values of measures.values()) while (values.length < index.length) values.push(Number.NaN);
  const columns: readonly Column[] = parameters.map(({ path, values, codes }) => ({ path, values, codes }));
  const named = unlike(columns).map((column) =>
    parameterOf(column, shortName(column.path, about.parameters)),
  );
  const numbers = new Map(named.map(({ path, numbers }) => [path, numbers]));
  return {
    about,
    counts,
    reasons: [...reasons.values()].sort((a, b) => b.designs - a.designs),
    parameters: named,
    index,
    looked,
    feasible,
    measures: [...measures.keys()],
    measure: (name) => measures.get(name) ?? numbers.get(name)?.() ?? [],
  };
}

/** Values once each, and for each row which of them it has. */
function columnBuilder() {
  const values: SweptValue[] = [];
  const codes: number[] = [];
  const known = new Map<SweptValue, number>();
  return {
    values,
    codes,
    add(value: SweptValue = "") {
      let code = known.get(value);
      if (code === undefined) {
        code = values.push(value) - 1;
        known.set(value, code);
      }
      codes.push(code);
    },
  };
}

function statusOf({ status }: FlatRow): "done" | "unfit" | "failed" {
  return status === "done" || status === "unfit" ? status : "failed";
}
