/**
 * What leads a search on its way down: a sum over slots that comes close to the objective. Its least to go is known of every
 * place, so that the best guess is always at hand.
 */
import type { Mapping } from "./mapping.ts";
import type { Space } from "./place.ts";
import type { PortShare } from "./port-bound.ts";
import type { Slot } from "./slot.ts";
import type { PortLoad } from "./stall.ts";
import { type Reach, type ToGo, toGo, type Weight } from "./to-go.ts";

export interface Guide {
  readonly weight: Weight;
  readonly toGo: ToGo;
}

/** Guides tried at most. */
const most = 4;

/**
 * Time is no sum over slots: it is led by what each link alone holds up the multipliers by, and the cycles of ports that are never
 * free. The port that then stalls the most is counted in full by the next guide.
 * @param wayDown goes down by a guide once, and tells what it found
 */
export function tryTimeGuides(
  space: Space,
  shares: readonly PortShare[],
  reach: Reach,
  portsOf: (mapping: Mapping) => readonly PortLoad[],
  wayDown: (guide: Guide) => Mapping | undefined,
): void {
  const compute = space.lattice.period[space.lattice.nodes - 1] ?? 1;
  const crowded = new Set(
    shares.flatMap(({ port, toGo }) =>
      toGo.reduce((sum, { least }) => sum + (least[0] ?? 0), 0) >= compute * 0.9 ? [port] : [],
    ),
  );
  for (let round = 0; round < most; round += 1) {
    const weight = crowdedWeight(space, [...crowded]);
    const mapping = wayDown({ weight, toGo: toGo(space, weight, reach) });
    if (mapping === undefined) return;
    const [worst] = portsOf(mapping).toSorted((a, b) => b.stall - a.stall);
    if (worst === undefined || worst.stall === 0) return;
    const port = space.slots.ports.findIndex(
      (key) => key.memory.name === worst.memory && key.port.name === worst.port,
    );
    if (crowded.has(port)) return;
    crowded.add(port);
  }
}

/** What a slot's link alone holds up the multipliers by, and its cycles at crowded ports. */
function crowdedWeight({ lattice }: Space, crowded: readonly number[]): Weight {
  const known = new Map<Slot, Float64Array>();
  return (slot) => {
    const before = known.get(slot);
    if (before !== undefined) return before;
    const sum = slot.late().slice();
    for (const port of crowded) {
      if (!slot.ports.includes(port)) continue;
      for (let node = 0; node < lattice.nodes; node += 1)
        sum[node] = (sum[node] ?? 0) + slot.moves(port, node) + slot.edge(port, node);
    }
    known.set(slot, sum);
    return sum;
  };
}
