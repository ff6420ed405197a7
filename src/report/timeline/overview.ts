/** How busy units are over the whole run: in even bins where every task can be looked at, else phase by phase. */
import { run } from "../../engine/run.ts";
import type { Program } from "../../program.ts";
import type { Stats } from "../../stats.ts";
import { splitUnit } from "../fold.ts";
import type { Overview } from "./timeline.ts";

/** Tasks that take a few tenths of a second to look at one by one. */
const most = 500_000;
const bins = 240;

export function overviewOf(program: Program, stats: Stats, isShown: (unit: string) => boolean): Overview {
  const { finish, work } = stats;
  const shown = program.units.map(({ name }) => name).filter(isShown);
  const few = work.executed + work.skipped <= most;
  const edges = few
    ? Array.from({ length: bins + 1 }, (_, bin) => (finish * bin) / bins)
    : [...new Set([0, ...stats.marks, finish])].sort((a, b) => a - b);
  const busy = few ? watched(program, finish, shown) : phaseByPhase(program, stats, edges, shown);
  return {
    edges,
    units: shown.flatMap((name) => {
      const ticks = busy.get(name) ?? [];
      const shares = ticks.map((amount, bin) =>
        thousandths(amount, (edges[bin + 1] ?? 0) - (edges[bin] ?? 0)),
      );
      return shares.some((share) => share > 0) ? [{ unit: splitUnit(name).unit, busy: shares }] : [];
    }),
  };
}

const thousandths = (ticks: number, of: number): number => (of === 0 ? 0 : Math.round((1000 * ticks) / of));

type Busy = ReadonlyMap<string, readonly number[]>;

function watched(program: Program, finish: number, shown: readonly string[]): Busy {
  const busy = new Map(shown.map((name) => [name, Array.from({ length: bins }, () => 0)]));
  const width = finish / bins;
  run(program, {
    observer: {
      from: 0,
      to: finish,
      onSpan({ task, start, end }) {
        const ticks = busy.get(task.unit);
        if (ticks === undefined) return;
        for (let bin = Math.floor(start / width); bin < bins && bin * width < end; bin++)
          ticks[bin] = (ticks[bin] ?? 0) + Math.min(end, (bin + 1) * width) - Math.max(start, bin * width);
      },
    },
  });
  return busy;
}

/** Each top-level item of the program lies between two marks; what of it spills over the next mark is counted with it. */
function phaseByPhase(
  program: Program,
  { places, marks }: Stats,
  edges: readonly number[],
  shown: readonly string[],
): Busy {
  const busy = new Map(shown.map((name) => [name, Array.from({ length: edges.length - 1 }, () => 0)]));
  let place = 0;
  for (const [index, item] of program.body.entries()) {
    const bin = Math.max(0, edges.indexOf(marks[index] ?? 0) - 1);
    for (const last = place + tasksIn(item); place < last; place++) {
      const stats = places[place];
      const ticks = busy.get(stats?.task.unit ?? "");
      if (ticks !== undefined) ticks[bin] = (ticks[bin] ?? 0) + (stats?.busy ?? 0);
    }
  }
  return busy;
}

const tasksIn = (item: Program["body"][number]): number =>
  item.kind === "task" ? 1 : item.body.reduce((sum, inner) => sum + tasksIn(inner), 0);
