/** Which cells and servers one iteration of a loop reads and writes: all that fast-forward has to compare and to move. */
import { indexAt, item } from "./cells.ts";
import type { Layout } from "./layout.ts";
import type { Place, Scope } from "./scan.ts";
import type { Wiring } from "./wire.ts";

export interface Footprint {
  /** Cells of the sequencers that dispatch in the loop. */
  readonly sequencers: Int32Array;
  /** Cells of its units' freeAt and of the shift registers that it writes. */
  readonly written: Int32Array;
  /** Cells of the shift registers that it reads and does not write: constant while it runs. */
  readonly read: Int32Array;
  /** Its units, for their queue rings. */
  readonly units: Int32Array;
  /** For each of `units`: its freeAt cell, its sequencer's cell and the largest latency of its tasks here. */
  readonly unitFreeAt: Int32Array;
  readonly unitSequencer: Int32Array;
  readonly unitLatency: Float64Array;
  /** Entries of a picture up to the servers', see picture.ts. */
  readonly fixedEntries: number;
  /** The servers of these units, and the cells of the sequencers that feed them. */
  readonly servers: Int32Array;
  readonly serverSequencer: Int32Array;
}

export function footprint(
  scope: Scope,
  places: readonly Place[],
  wiring: Wiring,
  { register, registerLength, freeAt, code }: Layout,
): Footprint {
  const units = new Map<number, number>();
  const written = new Set<number>();
  const read = new Set<number>();
  for (let place = scope.from; place < scope.to; place++) {
    if (!item(places, place).live) continue;
    const { unit, register: own } = item(wiring.places, place);
    units.set(unit, Math.max(units.get(unit) ?? 0, item(places, place).task.latency));
    const first = indexAt(register, own);
    for (let age = 0; age < indexAt(registerLength, own); age++) written.add(first + age);
    for (let edge = indexAt(code.edgeFrom, place); edge < indexAt(code.edgeFrom, place + 1); edge++)
      read.add(indexAt(code.edges, edge));
  }
  const unitList = [...units.keys()];
  const sequencerOf = (unit: number) => item(wiring.units, unit).sequencer;
  const servers = new Set(
    unitList.map((unit) => item(wiring.units, unit).server).filter((server) => server !== undefined),
  );
  const sequencers = Int32Array.from(new Set(unitList.map(sequencerOf)));
  const entries = 1 + sequencers.length + unitList.length + written.size;
  return {
    sequencers,
    fixedEntries: unitList.reduce((sum, unit) => sum + item(wiring.units, unit).depth, entries),
    written: Int32Array.from([...unitList.map((unit) => indexAt(freeAt, unit)), ...written]),
    read: Int32Array.from([...read].filter((cell) => !written.has(cell))),
    units: Int32Array.from(unitList),
    unitFreeAt: Int32Array.from(unitList, (unit) => indexAt(freeAt, unit)),
    unitSequencer: Int32Array.from(unitList, sequencerOf),
    unitLatency: Float64Array.from(units.values()),
    servers: Int32Array.from(servers),
    serverSequencer: Int32Array.from(servers, (server) => item(wiring.servers, server).sequencer ?? 0),
  };
}

/** The same footprint for other latencies. */
export function refooted(
  known: Footprint,
  scope: Scope,
  places: readonly Place[],
  wiring: Wiring,
): Footprint {
  const latencies = new Map<number, number>();
  for (let place = scope.from; place < scope.to; place++) {
    const { live, task } = item(places, place);
    const { unit } = item(wiring.places, place);
    if (live) latencies.set(unit, Math.max(latencies.get(unit) ?? 0, task.latency));
  }
  return { ...known, unitLatency: Float64Array.from(latencies.values()) };
}

/** The cells of a picture's entries, up to the servers'. */
export function fixedCells(layout: Layout, heads: Int32Array, footprint: Footprint): number[] {
  const rings = Array.from(footprint.units).flatMap((unit) => {
    const depth = indexAt(layout.depth, unit);
    return Array.from(
      { length: depth },
      (_, entry) => indexAt(layout.ring, unit) + ((indexAt(heads, unit) + entry) % depth),
    );
  });
  return [layout.frontier, ...footprint.sequencers, ...footprint.written, ...rings];
}
