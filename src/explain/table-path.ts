/** The critical path by unit and op, what units wait for, and the path of one token, as columns of text. */
import { type Column, leftColumn, rightColumn } from "../report/columns.ts";
import { bar, duration, percent } from "../report/human.ts";
import type { ChainRow } from "./chain.ts";
import type { Explanation } from "./explain.ts";
import { type Cause, causes, type PathRow } from "./path.ts";
import type { UnitTime } from "./unit-time.ts";

/** Rows that a table shows at most; JSON has all. */
const most = 12;

export function byUnit({ path, latencyTicks, ticksPerSecond }: Explanation): readonly Column[] {
  const rows = grouped(path, ({ unit, cause }) => `${unit} ${cause}`).slice(0, most);
  return [
    leftColumn(
      "unit",
      rows.map(({ first }) => first.unit),
    ),
    leftColumn(
      "by",
      rows.map(({ first }) => first.cause),
    ),
    ...shares(rows, latencyTicks, ticksPerSecond),
    leftColumn(
      "most for",
      rows.map(({ first }) => first.op),
      1,
    ),
  ];
}

export function byOp({ path, latencyTicks, ticksPerSecond }: Explanation): readonly Column[] {
  const rows = grouped(path, ({ phase, op }) => `${phase} ${op}`).slice(0, most);
  return [
    leftColumn(
      "op",
      rows.map(({ first }) => first.op),
    ),
    leftColumn(
      "phase",
      rows.map(({ first }) => first.phase),
      1,
    ),
    ...shares(rows, latencyTicks, ticksPerSecond),
    leftColumn(
      "most by",
      rows.map(({ first }) => `${first.unit} ${first.cause}`),
      1,
    ),
  ];
}

interface Group {
  /** The largest of its rows. */
  readonly first: PathRow;
  readonly ticks: number;
}

/** Largest first. */
function grouped(path: readonly PathRow[], keyOf: (row: PathRow) => string): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const row of path) {
    const group = groups.get(keyOf(row));
    groups.set(keyOf(row), { first: group?.first ?? row, ticks: (group?.ticks ?? 0) + row.ticks });
  }
  return [...groups.values()].sort((a, b) => b.ticks - a.ticks);
}

const shares = (rows: readonly Group[], whole: number, ticksPerSecond: number): readonly Column[] => [
  rightColumn(
    "time",
    rows.map(({ ticks }) => duration(ticks / ticksPerSecond)),
  ),
  rightColumn(
    "share",
    rows.map(({ ticks }) => percent(ticks / whole)),
  ),
  leftColumn(
    "",
    rows.map(({ ticks }) => bar(ticks / whole, 20)),
    2,
  ),
];

const meanings: Readonly<Record<Cause, string>> = {
  rate: "rate: its next task waited for the unit",
  result: "result: another unit waited for its work",
  latency: "latency: pipeline, issue, flight",
  contention: "contention: its memory worked for others",
};

export const legendOf = ({ path }: Explanation): string =>
  causes
    .filter((cause) => path.some((row) => row.cause === cause))
    .map((cause) => meanings[cause])
    .join("; ");

export function unitColumns({ units, latencyTicks }: Explanation): readonly Column[] {
  const shown = units.filter(({ device, busy, starved }) => device === 0 && busy + starved.length > 0);
  const starvedOf = ({ starved }: UnitTime): number => starved.reduce((sum, { ticks }) => sum + ticks, 0);
  const share = (ticks: number): string => percent(ticks / latencyTicks);
  return [
    leftColumn(
      "unit",
      shown.map(({ unit }) => unit),
    ),
    rightColumn(
      "busy",
      shown.map(({ busy }) => share(busy)),
    ),
    rightColumn(
      "starved",
      shown.map((unit) => share(starvedOf(unit))),
    ),
    rightColumn(
      "idle",
      shown.map(({ idle }) => share(idle)),
    ),
    leftColumn(
      "starved most of",
      shown.map(({ starved: [first] }) => (first === undefined ? "" : starvedText(first, latencyTicks))),
      1,
    ),
  ];
}

function starvedText({ cause, unit, op, ticks }: UnitTime["starved"][number], whole: number): string {
  const share = percent(ticks / whole);
  if (cause === "dispatch") return `dispatch, a queue is full, before ${op} ${share}`;
  if (cause === "contention") return `its memory, that works for ${unit} ${share}`;
  return `${unit} for ${op} ${share}`;
}

export function chainColumns({ chain, ticksPerSecond }: Explanation): readonly Column[] {
  const shown = folded(chain).slice(0, 2 * most);
  const begin = chain[0]?.startTick ?? 0;
  const timeOf = (rows: readonly ChainRow[]): number =>
    rows.reduce((sum, { ticks }) => sum + causes.reduce((all, cause) => all + (ticks[cause] ?? 0), 0), 0) /
    ticksPerSecond;
  const from = ({ first }: FoldedRow, text: (row: ChainRow) => string): string =>
    first === undefined ? "" : text(first);
  const left = chain.length - shown.reduce((sum, { rows }) => sum + rows.length, 0);
  return [
    rightColumn("at", [
      ...shown.map(({ rows: [row] }) =>
        row === undefined ? "" : duration((row.startTick - begin) / ticksPerSecond, 3),
      ),
      ...(left > 0 ? [`+${left}`] : []),
    ]),
    leftColumn(
      "op",
      shown.map((row) =>
        row.first === undefined ? `these ${row.period} again × ${row.times}` : row.first.op,
      ),
    ),
    leftColumn(
      "unit",
      shown.map((row) => from(row, ({ device, unit }) => (device === 0 ? unit : `device${device}.${unit}`))),
    ),
    rightColumn(
      "tasks",
      shown.map((row) => from(row, ({ tasks }) => String(tasks))),
      1,
    ),
    leftColumn(
      "after",
      shown.map((row) => from(row, ({ after }) => after)),
      1,
    ),
    rightColumn(
      "takes",
      shown.map(({ rows }) => duration(timeOf(rows), 3)),
    ),
    leftColumn(
      "of which",
      shown.map((row) => from(row, (first) => ticksText(first, ticksPerSecond))),
      2,
    ),
  ];
}

const ticksText = ({ ticks }: ChainRow, ticksPerSecond: number): string =>
  causes
    .filter((cause) => (ticks[cause] ?? 0) > 0)
    .map((cause) => `${cause} ${duration((ticks[cause] ?? 0) / ticksPerSecond, 3)}`)
    .join(", ");

/** One row, or (without `first`) the rows that repeat the `period` before them `times` times. */
interface FoldedRow {
  readonly first: ChainRow | undefined;
  readonly rows: readonly ChainRow[];
  readonly period: number;
  readonly times: number;
}

/** Heads and tiles follow each other alike: what repeats is told once. */
function folded(chain: readonly ChainRow[]): readonly FoldedRow[] {
  const keys = chain.map(({ op, device, unit }) => `${op} ${device} ${unit}`);
  const repeatsAt = (at: number, period: number): number => {
    let same = 0;
    while (at + period + same < keys.length && keys[at + same] === keys[at + period + same]) same++;
    return Math.floor(same / period);
  };
  const rows: FoldedRow[] = [];
  for (let at = 0; at < chain.length; ) {
    const period = [1, 2, 3, 4, 5, 6, 7, 8].find((each) => repeatsAt(at, each) >= 2) ?? 0;
    const times = period === 0 ? 0 : repeatsAt(at, period);
    const once = chain.slice(at, at + Math.max(1, period));
    rows.push(...once.map((first) => ({ first, rows: [first], period: 1, times: 1 })));
    at += once.length;
    if (times > 0) rows.push({ first: undefined, rows: chain.slice(at, at + period * times), period, times });
    at += period * times;
  }
  return rows;
}
