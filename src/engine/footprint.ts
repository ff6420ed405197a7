/** Which cells and servers one iteration of a loop reads and writes: all that fast-forward has to compare and to move. */
import { indexAt, item } from "./cells.ts";
import type { Layout } from "./layout.ts";
import type { Place, Scope } from "./scan.ts";
import type { Wiring } from "./wire.ts";

export interface Footprint {
  /** Cells of the sequencers that dispatch in the loop. */
  readonly sequencers: readonly number[];
  /** Cells of its units' freeAt and of the shift registers that it writes. */
  readonly written: readonly number[];
  /** Cells of the shift registers that it reads and does not write: constant while it runs. */
  readonly read: readonly number[];
  /** Its units, for their queue rings. */
  readonly units: readonly number[];
  /** For each of `units`: its freeAt cell and its sequencer's cell. */
  readonly unitFreeAt: readonly number[];
  readonly unitSequencer: readonly number[];
  /** Entries of a picture up to the servers', see picture.ts. */
  readonly fixedEntries: number;
  /** The servers of these units, and the cells of the sequencers that feed them. */
  readonly servers: readonly number[];
  readonly serverSequencer: readonly number[];
}

export function footprint(
  scope: Scope,
  places: readonly Place[],
  wiring: Wiring,
  { register, registerLength, freeAt, code }: Layout,
): Footprint {
  const used = new Set<number>();
  const registers = new Set<number>();
  const awaited = new Set<number>();
  for (let place = scope.from; place < scope.to; place++) {
    if (!item(places, place).live) continue;
    used.add(indexAt(code.unit, place));
    const own = indexAt(code.register, place);
    const first = indexAt(register, own);
    for (let age = 0; age < indexAt(registerLength, own); age++) registers.add(first + age);
    for (let edge = indexAt(code.edgeFrom, place); edge < indexAt(code.edgeFrom, place + 1); edge++)
      awaited.add(indexAt(code.edges, edge));
  }
  const units = [...used];
  const unitFreeAt = units.map((unit) => indexAt(freeAt, unit));
  const unitSequencer = units.map((unit) => item(wiring.units, unit).sequencer);
  const sequencers = [...new Set(unitSequencer)];
  const servers = serversOf(wiring, units);
  const rings = units.reduce((sum, unit) => sum + item(wiring.units, unit).depth, 0);
  return {
    sequencers,
    fixedEntries: 1 + sequencers.length + units.length + registers.size + rings,
    written: [...unitFreeAt, ...registers],
    read: [...awaited].filter((cell) => !registers.has(cell)),
    units,
    unitFreeAt,
    unitSequencer,
    servers,
    serverSequencer: servers.map((server) => item(wiring.servers, server).sequencer ?? 0),
  };
}

const serversOf = (wiring: Wiring, units: readonly number[]): readonly number[] => [
  ...new Set(units.map((unit) => item(wiring.units, unit).server).filter((server) => server !== undefined)),
];

/** The largest latency of each unit's tasks, in the order of the footprint's units. */
export function unitLatency(
  scope: Scope,
  places: readonly Place[],
  wiring: Wiring,
  { units }: Footprint,
): readonly number[] {
  const latencies = new Map<number, number>();
  for (let place = scope.from; place < scope.to; place++) {
    const { live, task } = item(places, place);
    const { unit } = item(wiring.places, place);
    if (live) latencies.set(unit, Math.max(latencies.get(unit) ?? 0, task.latency));
  }
  return Array.from(units, (unit) => latencies.get(unit) ?? 0);
}

/** The cells of a picture's entries, up to the servers'. */
export function fixedCells(layout: Layout, heads: Int32Array, footprint: Footprint): number[] {
  const cells = [layout.frontier, ...footprint.sequencers, ...footprint.written];
  for (const unit of footprint.units) {
    const depth = indexAt(layout.depth, unit);
    const first = indexAt(layout.ring, unit);
    const head = indexAt(heads, unit);
    for (let entry = 0; entry < depth; entry++) cells.push(first + ((head + entry) % depth));
  }
  return cells;
}
