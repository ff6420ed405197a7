/** The critical path of one token, or of one pass through a layer, task by task. */
import type { Link } from "../engine/critical-path.ts";
import { splitUnit } from "../report/fold.ts";
import type { Cause } from "./path.ts";
import { ticksByCause } from "./path.ts";

/** Tasks of one op on one unit that follow each other on the path. */
export interface ChainRow {
  readonly op: string;
  readonly device: number;
  readonly unit: string;
  readonly tasks: number;
  /** Why the first of them did not start before: its unit was busy, it was not dispatched, or the row before was not done. */
  readonly after: Link["after"];
  readonly startTick: number;
  readonly ticks: Readonly<Partial<Record<Cause, number>>>;
}

/** Together as long as the path from the first link's start to the last one's end. */
export function chainRows(links: readonly Link[]): readonly ChainRow[] {
  const rows: { row: Omit<ChainRow, "tasks" | "ticks">; tasks: number; ticks: Map<Cause, number> }[] = [];
  for (const link of links) {
    const { op } = link.task;
    const { device, unit } = splitUnit(link.task.unit);
    const last = rows.at(-1);
    const goesOn = last?.row.op === op && last.row.unit === unit && last.row.device === device;
    const open = goesOn
      ? last
      : { row: { op, device, unit, after: link.after, startTick: link.start }, tasks: 0, ticks: new Map() };
    if (!goesOn) rows.push(open);
    open.tasks++;
    for (const [cause, amount] of ticksByCause(link))
      open.ticks.set(cause, (open.ticks.get(cause) ?? 0) + amount);
  }
  return rows.map(({ row, tasks, ticks }) => ({ ...row, tasks, ticks: Object.fromEntries(ticks) }));
}

/**
 * One pass through the places that are chosen: from the first such link to the one before the program's text falls back to
 * the begin of them, which is where the next layer begins. A loop over tiles falls back by less than half of them.
 */
export function onePass(links: readonly Link[], isChosen: (link: Link) => boolean): readonly Link[] {
  const chosen = links.filter(isChosen);
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const { place } of chosen) {
    least = Math.min(least, place);
    most = Math.max(most, place);
  }
  const span = most - least;
  // What the window begins with may be the rest of a pass.
  const turns = chosen.flatMap((link, index) => {
    const before = chosen[index - 1];
    return before !== undefined && before.place - link.place > span / 2 ? [link] : [];
  });
  const [first = chosen[0], next] = turns;
  if (first === undefined) return [];
  return links.slice(links.indexOf(first), next === undefined ? links.length : links.indexOf(next));
}
