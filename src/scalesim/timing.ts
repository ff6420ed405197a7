/**
 * Puts the three buffers on one clock: where an operand is late, or the write buffer full, the whole array waits, and all that
 * follows is later. Between misses and drains nothing can change, so only these cycles are looked at.
 */
import { drainWatch, lookAnew, skipAlike } from "./alike-drains.ts";
import type { Misses } from "./buffer-sets.ts";
import { drainAll, nextEvent, storeCycle, storeUntil, type WriteBuffer } from "./write-buffer.ts";
import type { Writes } from "./writes.ts";

/** How stalls add up. Version 3 counts a late word twice, and an early one moves time back; version 2 does neither. */
export type Version = "v2" | "v3";

/** A read buffer at a fixed bandwidth. */
export interface ReadStream {
  readonly misses: Misses;
  /** Lines that the first fill and each slide fetch, one a cycle. */
  readonly slideLines: number;
}

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

/** From a request to its word, when the word is there. */
const hitLatency = 1;

export function timeLayer(events: LayerEvents, buffer: WriteBuffer): Timing {
  const readers = (events.streams ?? []).map((stream) => ({ ...stream, next: 0, last: -1 }));
  const served = [events.ifmap, events.filter].map((requests) => probe(requests));
  const written = probe({
    first: events.writes.cycleOf(0),
    last: events.writes.cycleOf(events.writes.words - 1),
  });
  const end = probe({ first: events.cycles - 1, last: events.cycles - 1 });
  const probes = [...served, written, end];
  let stalls = 0;
  const watch = drainWatch();
  for (;;) {
    const write = nextEvent(buffer, stalls);
    let cycle = write;
    for (const { misses, next } of readers) cycle = Math.min(cycle, misses.cycles[next] ?? Infinity);
    if (cycle === write && cycle < events.cycles) {
      const skipped = skipAlike(watch, buffer, cycle, stalls, () => nextOther(readers, probes));
      if (skipped !== undefined) {
        stalls += skipped;
        continue;
      }
    }
    for (const each of probes) pass(each, cycle, stalls);
    if (cycle === Infinity) break;
    const time = cycle + stalls;
    let stall = 0;
    for (const [index, reader] of readers.entries()) {
      if (reader.misses.cycles[reader.next] !== cycle) continue;
      lookAnew(watch);
      const offset = slide(reader, events.version, time);
      stall = Math.max(stall, offset - hitLatency);
      at(served[index], cycle, time + offset - hitLatency);
    }
    if (cycle === write) {
      storeUntil(buffer, cycle);
      const done = storeCycle(buffer, cycle, time);
      stall = Math.max(stall, done - time);
      at(written, cycle, done);
      at(end, cycle, done);
    } else storeUntil(buffer, cycle + 1);
    stalls += stall;
    for (const each of probes) each.seen = cycle;
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
  };
}

/** The next cycle with a miss, or with a request that is told and whose time is not settled. */
function nextOther(readers: readonly Reader[], probes: readonly Probe[]): number {
  const misses = readers.map(({ misses, next }) => misses.cycles[next] ?? Infinity);
  const asked = probes.flatMap(({ asked, seen }) => [asked.first, asked.last].filter((each) => each > seen));
  return Math.min(...misses, ...asked);
}

interface Reader extends ReadStream {
  next: number;
  /** The cycle of its last fetch. */
  last: number;
}

/** Serves the reader's next miss at `time`; returns the cycles from request to word. */
function slide(reader: Reader, version: Version, time: number): number {
  const slides = reader.misses.slides[reader.next] ?? 0;
  const each = reader.slideLines + 1;
  reader.next += 1;
  if (version === "v2") {
    reader.last += slides * each;
    return Math.max(hitLatency, reader.last - time);
  }
  let offset = hitLatency;
  for (let left = slides; left > 0; left -= 1) {
    // After two slides, each two more are alike: the offset exceeds the last fetch by e, then by `each` - e.
    const alike = left === slides - 2 ? left - (left % 2) : 0;
    if (alike > 0) {
      reader.last += alike * each;
      offset += alike * each;
      left -= alike;
      if (left === 0) break;
    }
    reader.last += each;
    const late = reader.last - (time + offset);
    offset += late > 0 ? 2 * late : late;
  }
  return offset;
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
