/** Which designs no other beats in everything: the Pareto front, and how much of the space of results it covers. */

/** Costs of one design: in each place less is better. */
export type Costs = readonly number[];

/** Not worse anywhere and better somewhere. */
export function dominates(a: Costs, b: Costs): boolean {
  let better = false;
  for (let place = 0; place < a.length; place++) {
    const left = a[place] ?? 0;
    const right = b[place] ?? 0;
    if (left > right) return false;
    if (left < right) better = true;
  }
  return better;
}

export interface Front<Of> {
  /** Adds one if none dominates it, and drops those that it dominates. Equals stay side by side. Whether it was added. */
  readonly add: (costs: Costs, of: Of) => boolean;
  /** Whether one of the front is better than these costs everywhere they could lie. */
  readonly beats: (costs: Costs) => boolean;
  /** By first cost. */
  readonly members: () => readonly { readonly costs: Costs; readonly of: Of }[];
}

export function front<Of>(): Front<Of> {
  let members: { readonly costs: Costs; readonly of: Of }[] = [];
  return {
    add(costs, of) {
      if (costs.some(Number.isNaN) || members.some((member) => dominates(member.costs, costs))) return false;
      members = members.filter((member) => !dominates(costs, member.costs));
      members.push({ costs, of });
      return true;
    },
    beats: (costs) => members.some((member) => dominates(member.costs, costs)),
    members: () => members.toSorted((a, b) => compare(a.costs, b.costs)),
  };
}

function compare(a: Costs, b: Costs): number {
  const place = a.findIndex((cost, index) => cost !== b[index]);
  return place < 0 ? 0 : (a[place] ?? 0) - (b[place] ?? 0);
}

/**
 * The volume between a front and a reference point that is worse than all of it: exact, by slicing along the last objective.
 * Points that are not better than the reference everywhere count nothing.
 */
export function hypervolume(points: readonly Costs[], reference: Costs): number {
  const inside = points.filter((point) => point.every((cost, place) => cost < (reference[place] ?? 0)));
  return volume(inside, reference, reference.length);
}

/** Over the first `places` objectives. */
function volume(points: readonly Costs[], reference: Costs, places: number): number {
  if (points.length === 0) return 0;
  const last = places - 1;
  const edge = reference[last] ?? 0;
  const costOf = (point: Costs): number => point[last] ?? 0;
  if (places === 1) return edge - Math.min(...points.map(costOf));
  const sorted = points.toSorted((a, b) => costOf(a) - costOf(b));
  if (places === 2) {
    let [sum, lowest] = [0, reference[0] ?? 0];
    for (const point of sorted) {
      const first = point[0] ?? 0;
      if (first >= lowest) continue;
      sum += (lowest - first) * (edge - costOf(point));
      lowest = first;
    }
    return sum;
  }
  let sum = 0;
  for (const [index, point] of sorted.entries()) {
    const next = sorted[index + 1];
    const depth = (next === undefined ? edge : costOf(next)) - costOf(point);
    if (depth > 0) sum += depth * volume(sorted.slice(0, index + 1), reference, last);
  }
  return sum;
}
