/** The end of a run and what was done in all, without where and why: for who compares thousands of designs. */
import type { Program } from "../program.ts";
import { type Ticks, ticks } from "../quantity.ts";
import { at } from "./cells.ts";
import { type Compiled, compile } from "./compile.ts";
import { amountIn } from "./counts.ts";
import type { LoopMemo } from "./loop-memo.ts";
import { execute } from "./run.ts";
import { type Place, scan } from "./scan.ts";

export interface Outcome {
  readonly finish: Ticks;
  /** Actions by "<unit>.<action>", in the order in which a report adds them up. */
  readonly counts: ReadonlyMap<string, number>;
}

/** So many forms of programs are remembered. */
const most = 8;

/**
 * Runs programs, one after the other. What it finds out about a program's form, and about iterations of its loops, serves the next ones that
 * have the same. Throws as `run` does.
 */
export function outcomes(memo?: LoopMemo): (program: Program) => Outcome {
  let known: readonly Compiled[] = [];
  return (program) => {
    const units = program.units.length;
    const like = known.find((other) => other.program.units.length === units);
    const compiled = compile(program, like);
    if (compiled.wiring !== like?.wiring)
      known = [compiled, ...known.filter((other) => other !== like)].slice(0, most);
    if (memo !== undefined) memo.programs++;
    const { state } = execute(compiled, memo === undefined ? {} : { memo });
    const finish = at(state.cells, compiled.layout.frontier);
    if (finish > Number.MAX_SAFE_INTEGER)
      throw new Error("the run takes more than 2^53 ticks: choose a coarser tick");
    return { finish: ticks(finish), counts: actionsIn(compiled.places) };
  };
}

/**
 * What no schedule of the program can beat: each unit and each server does one thing at a time, so that the run ends no sooner than
 * the busiest of them has done its work. The actions are those of the run exactly. Nothing is executed.
 */
export function bound(program: Program): Outcome {
  const { places } = scan(program);
  const serverOf = new Map(program.units.map(({ name, server }) => [name, server ?? name]));
  const busy = new Map<string, number>();
  for (const place of places) {
    const server = serverOf.get(place.task.unit) ?? place.task.unit;
    busy.set(server, (busy.get(server) ?? 0) + amountIn(place, "occupancy", place.task.occupancy));
  }
  return { finish: ticks(Math.max(0, ...busy.values())), counts: actionsIn(places) };
}

function actionsIn(places: readonly Place[]): ReadonlyMap<string, number> {
  const groups = new Map<string, Group[]>();
  const inOrder: Group[] = [];
  let last: Group | undefined;
  for (const place of places) {
    if (last === undefined || !isIn(last, place)) {
      const alike = groups.get(place.task.op);
      last = alike?.find((group) => isIn(group, place));
      if (last === undefined) {
        last = groupOf(place);
        inOrder.push(last);
        if (alike === undefined) groups.set(place.task.op, [last]);
        else alike.push(last);
      }
    }
    const { sums } = last;
    const { counts } = place.task;
    for (const action in counts) {
      const amount = amountIn(place, action, counts[action] ?? 0);
      if (amount !== 0) sums.set(action, (sums.get(action) ?? 0) + amount);
    }
  }
  const whole = new Map<string, number>();
  for (const { sums } of inOrder)
    for (const [action, amount] of sums) whole.set(action, (whole.get(action) ?? 0) + amount);
  return whole;
}

/** Places of one op on one device within top-level loops of one name. */
interface Group {
  readonly loop: string | undefined;
  readonly op: string;
  /** "device0." */
  readonly device: string;
  readonly sums: Map<string, number>;
}

const isIn = ({ loop, op, device }: Group, { task, loops }: Place): boolean =>
  loops[0]?.name === loop && task.op === op && task.unit.startsWith(device);

const groupOf = ({ task, loops }: Place): Group => ({
  loop: loops[0]?.name,
  op: task.op,
  device: task.unit.slice(0, task.unit.indexOf(".") + 1),
  sums: new Map(),
});
