/** What all designs of a shipped space cost, as recorded; and searches over it, at no cost. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Design, type DesignSpace, designSpace } from "../../../src/config/space.ts";
import { type Costs, front, hypervolume } from "../../../src/explore/pareto.ts";
import type { Rival, Strategy } from "../../../src/explore/strategy.ts";
import { formatProblems } from "../../../src/index.ts";
import { library } from "../../library.ts";

export interface Recorded {
  readonly design: Design;
  readonly latencySeconds: number;
  readonly energyJoules: number;
  /** What no schedule can beat. */
  readonly leastSeconds: number;
  readonly leastJoules: number;
  readonly parameters: number;
}

export interface Landscape {
  readonly space: DesignSpace;
  /** By the number of the design; undefined where it does not run. */
  readonly recorded: readonly (Recorded | undefined)[];
}

export function landscape(name: string): Landscape {
  const source = library.find("experiments", name);
  const opened = source && designSpace(source, library);
  if (!opened?.ok) throw new Error(opened === undefined ? name : formatProblems(opened.problems));
  const space = opened.value;
  const recorded: (Recorded | undefined)[] = Array.from({ length: space.size }, () => undefined);
  const text = gunzipSync(readFileSync(join(import.meta.dirname, `${name}.csv.gz`))).toString();
  for (const line of text.trimEnd().split("\n").slice(1)) {
    const [index = 0, ...numbers] = line.split(",").map(Number);
    const [latencySeconds = 0, energyJoules = 0, leastSeconds = 0, leastJoules = 0, parameters = 0] = numbers;
    const design = space.at(index);
    if (design === undefined || design instanceof Error) throw new Error(`${name}: no design ${index}`);
    recorded[index] = { design, latencySeconds, energyJoules, leastSeconds, leastJoules, parameters };
  }
  return { space, recorded };
}

/** The designs that a search works out when it is told these costs. @param beaten whether rivals beat a design even at its bound */
export function followed(
  strategy: Strategy,
  costs: readonly (Costs | undefined)[],
  beaten: (index: number, rivals: readonly Rival[]) => boolean = () => false,
): readonly number[] {
  const looked: number[] = [];
  for (let turn = strategy.next(); !turn.done; ) {
    const { designs, rivals = [] } = turn.value;
    const worked = new Set(designs.filter((index) => !beaten(index, rivals)));
    looked.push(...worked);
    turn = strategy.next(designs.map((index) => (worked.has(index) ? costs[index] : undefined)));
  }
  return looked;
}

/** How much of the whole front's hypervolume designs cover, up to its nadir: the worst of the front in each objective. */
export function coverage(costs: readonly (Costs | undefined)[]): (looked: readonly number[]) => number {
  const whole = frontOf(costs, [...costs.keys()]);
  const nadir = (whole[0] ?? []).map((_, place) => Math.max(...whole.map((each) => each[place] ?? 0)));
  // What stands in the nadir in one objective counts as well.
  const reference = nadir.map((cost) => cost + Math.abs(cost) * 1e-9);
  const volume = hypervolume(whole, reference);
  return (looked) => hypervolume(frontOf(costs, looked), reference) / volume;
}

export function frontOf(costs: readonly (Costs | undefined)[], looked: readonly number[]): readonly Costs[] {
  const best = front<number>();
  for (const index of looked) {
    const each = costs[index];
    if (each !== undefined) best.add(each, index);
  }
  return best.members().map((member) => member.costs);
}
