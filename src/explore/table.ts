/** Rows as flat records, a line of JSON each, and the columns that they have. */
import type { SweptValue } from "../config/range.ts";
import type { Design, DesignSpace } from "../config/space.ts";
import { type Row, totalColumns } from "./row.ts";

export interface Column {
  readonly name: string;
  readonly type: "number" | "text" | "boolean";
}

/** A cell is absent where a design did not run. */
export type FlatRow = Readonly<Record<string, SweptValue>>;

export const flat = ({ index, status, feasible, reason, parameters, results }: Row): FlatRow => ({
  index,
  status,
  feasible,
  ...(reason === "" ? {} : { reason }),
  ...parameters,
  ...results,
});

export const lineOf = (row: Row): string => `${JSON.stringify(flat(row))}\n`;

/** In the order of a table. A parameter is a number only where all its values are. */
export function columnsOf(space: DesignSpace): readonly Column[] {
  const totals = new Set<string>(totalColumns);
  const objectives = space.objectives.map(({ expression }) => expression);
  return [
    { name: "index", type: "number" },
    { name: "status", type: "text" },
    { name: "feasible", type: "boolean" },
    { name: "reason", type: "text" },
    ...space.parameters.map((name): Column => ({ name, type: typeOf(space, name) })),
    ...[...totalColumns, ...new Set(objectives.filter((name) => !totals.has(name)))].map(
      (name): Column => ({ name, type: "number" }),
    ),
  ];
}

function typeOf(space: DesignSpace, name: string): Column["type"] {
  const dimension = space.dimensions.find(({ paths }) => paths.includes(name));
  const place = dimension?.paths.indexOf(name) ?? 0;
  const values = dimension?.choices.flatMap((choice) => choice.slice(place, place + 1)) ?? [
    firstDesign(space)[name] ?? 0,
  ];
  if (values.every((value) => typeof value === "number")) return "number";
  return values.every((value) => typeof value === "boolean") ? "boolean" : "text";
}

/** The first that no condition leaves out: a formula gives every design what it gives this one, a number or a quantity. */
function firstDesign({ size, at }: DesignSpace): Design {
  for (let index = 0; index < size; index++) {
    const design = at(index);
    if (design !== undefined && !(design instanceof Error)) return design;
  }
  return {};
}

/** What a row's objectives are, smaller always better; undefined where it did not run or misses a limit. */
export function costsOf(row: Row, { objectives }: DesignSpace): readonly number[] | undefined {
  const { results, feasible } = row;
  if (results === undefined || !feasible) return undefined;
  return objectives.map(({ expression, better }) => {
    const value = results[expression] ?? Number.NaN;
    return better === "less" ? value : -value;
  });
}
