/**
 * Puts the three buffers on one clock: where an operand is late, or the write buffer full, the whole array waits, and all that
 * follows is later. Between misses and drains nothing can change, so only these cycles are looked at.
 */
import { drainWatch, lookAnew, skipAlike } from "./alike-drains.ts";
import { hitLatency, type Reader, type ReadStream, readerOf, serveMiss, type Version } from "./reader.ts";
import { skipSaturated } from "./saturated-drains.ts";
import { skipTimely } from "./timely-drains.ts";
import { drainAll, nextEvent, storeCycle, storeUntil, type WriteBuffer } from "./write-buffer.ts";
import type { Writes } from "./writes.ts";

/** The cycles of the layer's first and last request of each kind, without stalls. */
export interface Requests {
  readonly first: number;
  readonly last: number;
}

export interface Timing {
  readonly stallCycles: number;
  readonly finish: number;
  /** When the requests were served. */
  readonly ifmap: Requests;
  readonly filter: Requests;
  readonly ofmap: Requests;
  /** The last cycle of each operand's memory reads, where any slide was made. */
  readonly lastFetch: readonly [ifmap: number, filter: number];
  /** How often the operands' buffers slid. */
  readonly slides: readonly [ifmap: number, filter: number];
}

export interface LayerEvents {
  readonly version: Version;
  /** Without stalls. */
  readonly cycles: number;
  readonly writes: Writes;
  readonly ifmap: Requests;
  readonly filter: Requests;
  /** Absent where the bandwidth is estimated: reads never stall. */
  readonly streams?: readonly [ifmap: ReadStream, filter: ReadStream];
}

export function timeLayer(events: LayerEvents, buffer: WriteBuffer): Timing {
  const readers = (events.streams ?? []).map(readerOf);
  const served = [events.ifmap, events.filter].map((requests) => probe(requests));
  const written = probe({
    first: events.writes.cycleOf(0),
    last: events.writes.cycleOf(events.writes.words - 1),
  });
  const end = probe({ first: events.cycles - 1, last: events.cycles - 1 });
  const probes = [...served, written, end];
  const watch = drainWatch();
  let stalls = 0;
  let asked = nextAsked(probes);
  let write = nextEvent(buffer, stalls, 0);
  for (;;) {
    const cycle = Math.min(write, nextMiss(readers));
    if (cycle === write && cycle < events.cycles) {
      const skipped =
        skipSaturated(buffer, readers, events.version, cycle, stalls, asked) ??
        skipAlike(watch, buffer, cycle, stalls, Math.min(asked, nextMiss(readers)));
      if (skipped !== undefined || skipTimely(buffer, cycle, stalls)) {
        stalls += skipped ?? 0;
        write = nextEvent(buffer, stalls, 0);
        continue;
      }
    }
    const settles = asked <= cycle;
    if (settles) for (const each of probes) pass(each, cycle, stalls);
    if (cycle === Infinity) break;
    const time = cycle + stalls;
    let stall = 0;
    for (let index = 0; index < readers.length; index += 1) {
      const reader = readers[index];
      if (reader?.cycle !== cycle) continue;
      lookAnew(watch);
      const wait = serveMiss(reader, events.version, time);
      stall = Math.max(stall, wait);
      if (settles) at(served[index], cycle, time + wait);
    }
    if (cycle === write) {
      storeUntil(buffer, cycle);
      const done = storeCycle(buffer, cycle, time);
      stall = Math.max(stall, done - time);
      if (settles) {
        at(written, cycle, done);
        at(end, cycle, done);
      }
    }
    stalls += stall;
    if (stall > 0 || cycle === write) write = nextEvent(buffer, stalls, cycle + 1);
    if (settles) {
      for (const each of probes) each.seen = cycle;
      asked = nextAsked(probes);
    }
  }
  storeUntil(buffer, events.cycles);
  const finish = end.served.last;
  drainAll(buffer, finish);
  const [ifmap = written, filter = written] = served;
  return {
    stallCycles: stalls,
    finish,
    ifmap: late(ifmap.served),
    filter: late(filter.served),
    ofmap: written.served,
    lastFetch: [readers[0]?.last ?? -1, readers[1]?.last ?? -1],
    slides: [readers[0]?.slides ?? 0, readers[1]?.slides ?? 0],
  };
}

function nextMiss(readers: readonly Reader[]): number {
  let next = Infinity;
  for (const { cycle } of readers) if (cycle < next) next = cycle;
  return next;
}

/** The next cycle with a request that is told and whose time is not settled. */
function nextAsked(probes: readonly Probe[]): number {
  let next = Infinity;
  for (const { asked, seen } of probes)
    for (const cycle of [asked.first, asked.last]) if (cycle > seen && cycle < next) next = cycle;
  return next;
}

/** Finds out when the first and the last request are served, as the stalls before them become known. */
interface Probe {
  readonly asked: Requests;
  readonly served: { first: number; last: number };
  /** Cycles up to here are settled. */
  seen: number;
}

const probe = (asked: Requests): Probe => ({ asked, served: { first: 0, last: 0 }, seen: -1 });

/** Requests between the event before and this one wait as long as all stalls so far. */
function pass({ asked, served, seen }: Probe, cycle: number, stalls: number): void {
  if (asked.first > seen && asked.first <= cycle) served.first = asked.first + stalls;
  if (asked.last > seen && asked.last <= cycle) served.last = asked.last + stalls;
}

function at(each: Probe | undefined, cycle: number, time: number): void {
  if (each?.asked.first === cycle) each.served.first = time;
  if (each?.asked.last === cycle) each.served.last = time;
}

const late = ({ first, last }: Requests): Requests => ({
  first: first + hitLatency,
  last: last + hitLatency,
});
