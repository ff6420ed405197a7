/** What a sweep found, as a table: how many designs came to what, and the front. */
import type { SweptValue } from "../../config/range.ts";
import { metric, shortName } from "../../explore/label.ts";
import { front } from "../../explore/pareto.ts";
import type { FlatRow } from "../../explore/table.ts";
import { columnLines, leftColumn, type Paint, rightColumn } from "../../report/columns.ts";
import type { Manifest } from "./folder.ts";

export interface Summary {
  readonly counts: { readonly done: number; readonly unfit: number; readonly failed: number };
  /** Designs that a search proved no better. */
  readonly skipped: number;
  /** Designs that ran and miss a limit. */
  readonly infeasible: number;
  readonly front: readonly FlatRow[];
  /** The first of those that did not run. */
  readonly misfit?: FlatRow;
}

export async function summarize(
  rows: AsyncIterable<FlatRow>,
  { objectives }: Pick<Manifest, "objectives">,
): Promise<Summary> {
  const counts = { done: 0, unfit: 0, failed: 0 };
  let infeasible = 0;
  let skipped = 0;
  let misfit: FlatRow | undefined;
  const best = front<FlatRow>();
  for await (const row of rows) {
    if (row["status"] === "skipped") {
      skipped++;
      continue;
    }
    const { status, feasible } = statusOf(row);
    counts[status]++;
    if (status !== "done") misfit ??= row;
    else if (!feasible) infeasible++;
    else if (objectives.length > 0) best.add(flatCosts(row, objectives), row);
  }
  const members = best.members().map(({ of }) => of);
  return { counts, skipped, infeasible, front: members, ...(misfit === undefined ? {} : { misfit }) };
}

/** Smaller is better. */
export const flatCosts = (row: FlatRow, objectives: Manifest["objectives"]): readonly number[] =>
  objectives.map(({ expression, better }) => {
    const value = row[expression];
    return typeof value === "number" ? (better === "less" ? value : -value) : Number.NaN;
  });

function statusOf(row: FlatRow) {
  const { status, feasible } = row;
  const known = status === "done" || status === "unfit" ? status : "failed";
  return { status: known, feasible: feasible === true } as const;
}

/** Of a front more designs than these are left to the files. */
const shown = 20;

export function summaryText(
  { counts, skipped, infeasible, front: members, misfit }: Summary,
  { experiment, objectives, parameters }: Manifest,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const { done, unfit, failed } = counts;
  const missed = infeasible > 0 ? ` (${infeasible} miss a limit)` : "";
  const lines = [
    `${paint("bold", experiment)}: ${done} designs ran${missed}, ${unfit} do not fit, ${failed} failed${skipped > 0 ? `, ${skipped} skipped: a bound proves them no better` : ""}`,
  ];
  if (misfit !== undefined) {
    const reason = String(misfit["reason"] ?? "").split("\n")[0] ?? "";
    lines.push(
      `first without a result: design ${String(misfit["index"])}, ${String(misfit["status"])}: ${reason}`,
    );
  }
  if (members.length > 0) {
    const some = spread(members);
    const title = objectives.length > 1 ? `front of ${members.length}` : "best";
    lines.push("", some.length < members.length ? `${title}, ${some.length} of them:` : `${title}:`);
    const words = objectives.map(({ expression }) => expression);
    const columns = [
      leftColumn(
        "design",
        some.map((row) => String(row["index"])),
      ),
      ...parameters.map((name, index) =>
        rightColumn(
          shortName(name, parameters),
          some.map((row) => cell(row[name])),
          1 + index,
        ),
      ),
      ...words.map((name) =>
        rightColumn(
          name,
          some.map((row) => metric(name, Number(row[name]))),
        ),
      ),
    ];
    lines.push(...columnLines(columns, width, paint));
  }
  return `${lines.join("\n")}\n`;
}

/** Both ends and evenly between. */
function spread(members: readonly FlatRow[]): readonly FlatRow[] {
  if (members.length <= shown) return members;
  const last = members.length - 1;
  return Array.from({ length: shown }, (_, index) => Math.round((index * last) / (shown - 1))).flatMap((at) =>
    members.slice(at, at + 1),
  );
}

const cell = (value: SweptValue | undefined): string => (value === undefined ? "" : String(value));
