/**
 * What leads a search on its way down: a sum over slots that comes close to the objective. Its least to go is known of every
 * place, so that the best guess is always at hand.
 */
import type { LoadBound } from "./load-bound.ts";
import type { Mapping } from "./mapping.ts";
import { at } from "./node-table.ts";
import type { Space } from "./place.ts";
import { bySlot } from "./slot-table.ts";
import { type PortLoad, transferCycles } from "./stall.ts";
import { type ToGo, toGo, type Weight } from "./to-go.ts";

export interface Guide {
  readonly weight: Weight;
  readonly toGo: ToGo;
}

/** What a cycle of moving counts beside one of waiting. */
const little = 1 / 16;

/** Guides tried at most. */
const most = 4;

/**
 * Time is no sum over slots: it is led by what each link alone holds up the multipliers by, and the cycles of ports that are never
 * free. The port that then stalls the most is counted in full by the next guide.
 * @param wayDown goes down by a guide once, and tells what it found while it is worth going on
 * @returns the ports that held up the multipliers the most in one of the ways, and others that did or were seldom free
 */
export function tryTimeGuides(
  space: Space,
  portsOf: (mapping: Mapping) => readonly PortLoad[],
  wayDown: (guide: Guide) => Mapping | undefined,
): { readonly crowded: readonly number[]; readonly busy: readonly number[] } {
  const crowded: number[] = [];
  const busy = new Set<number>();
  const compute = space.lattice.period[space.lattice.nodes - 1] ?? 1;
  for (let round = 0; round < most; round += 1) {
    const weight = crowdedWeight(space, crowded, round === 0 ? space.load.alone : space.load.least);
    const mapping = wayDown({ weight, toGo: toGo(space, weight) });
    if (mapping === undefined) break;
    const ports = portsOf(mapping).map((load) => ({
      port: portOf(space, load),
      stall: load.stall,
      filling: fillingOf(load),
    }));
    for (const { port, stall, filling } of ports) if (stall > 0 || filling > compute * 0.9) busy.add(port);
    const [worst] = ports.toSorted((a, b) => b.stall - a.stall || b.filling - a.filling);
    if (worst === undefined || crowded.includes(worst.port)) break;
    crowded.push(worst.port);
  }
  return { crowded, busy: [...busy].filter((port) => !crowded.includes(port)) };
}

const portOf = ({ slots }: Space, { memory, port }: PortLoad): number =>
  slots.ports.findIndex((key) => key.memory.name === memory && key.port.name === port);

/** Cycles that a port fills memories or empties them; what the multipliers take and give keeps step with them. */
const fillingOf = ({ transfers }: PortLoad): number =>
  transfers.reduce(
    (sum, each) => (each.link.lower === undefined ? sum : sum + transferCycles(each) * each.link.count),
    0,
  );

/** What a slot's link alone holds up the multipliers by, what it loads, and its cycles at crowded ports. */
function crowdedWeight({ lattice, inTurn }: Space, ports: readonly number[], load: LoadBound): Weight {
  const crowded = [...ports];
  return bySlot(lattice, (slot, table) => {
    const { nodes, count } = slot;
    const [late, loads] = [slot.late(), load(slot)];
    // Where first tiles do not add up at a port, many places are equal: the one that moves least is best.
    const moved = inTurn || slot.memory === undefined ? lattice.none : slot.slowest();
    for (let place = 0; place < nodes.length; place += 1) {
      const node = nodes[place] ?? 0;
      const moves = at(moved, node) * (at(count, node) - 1);
      table[node] = at(late, node) + at(loads, node) + moves * little;
    }
    for (const port of crowded) {
      if (!slot.ports.includes(port)) continue;
      const { all, forward } = slot.busy(port);
      const edges = inTurn ? forward : lattice.none;
      for (let place = 0; place < nodes.length; place += 1) {
        const node = nodes[place] ?? 0;
        table[node] = at(table, node) + at(all, node) * (at(count, node) - 1) + at(edges, node);
      }
    }
  });
}
