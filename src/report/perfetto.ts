/**
 * A trace for Perfetto (ui.perfetto.dev) as its TrackEvent protobuf: a process a device, a track a unit, a slice for the time that a
 * task occupies its unit, an arrow from a result to each task that started with it, and counters.
 * Source: the public schema of Perfetto, protos/perfetto/trace: trace.proto, trace_packet.proto, track_event, track_descriptor,
 *   counter_descriptor, process_descriptor, debug_annotation, interned_data. The numbers below are its field numbers.
 */
import {
  newWire,
  type Wire,
  writeDouble,
  writeFixed64,
  writeMessage,
  writeText,
  writeUint,
  written,
} from "./protobuf.ts";
import type { Counter, Slice, Traced } from "./track.ts";

const trace = { packet: 1 } as const;
const packet = {
  timestamp: 8,
  sequence: 10,
  trackEvent: 11,
  internedData: 12,
  sequenceFlags: 13,
  trackDescriptor: 60,
} as const;
const flags = { cleared: 1, needsState: 2 } as const;
const descriptor = { uuid: 1, name: 2, process: 3, parent: 5, counter: 8, ordering: 11, rank: 12 } as const;
const orderingExplicit = 3;
const processDescriptor = { pid: 1, name: 6 } as const;
const counterDescriptor = { unit: 3, unitName: 6 } as const;
const unitBytes = 3;
const trackEvent = {
  categories: 3,
  annotations: 4,
  type: 9,
  name: 10,
  track: 11,
  counterValue: 44,
  flows: 47,
  endingFlows: 48,
} as const;
const eventType = { begin: 1, end: 2, counter: 4 } as const;
const interned = { categories: 1, names: 2, annotationNames: 3, texts: 29 } as const;
const internedEntry = { id: 1, text: 2 } as const;
const annotation = { name: 1, uint: 3, textId: 17 } as const;

/** All packets are of one sequence, so that texts are written once and named by number. */
const sequence = 1;
const annotationIds = { task: 1, "queued ns": 2, "latency ns": 3 } as const;

/** One packet after the other, in the order of time. */
export function perfettoTrace(traced: Traced): Uint8Array {
  const wire = newWire();
  const names = numbered(traced.slices.map(({ name }) => name));
  const categories = numbered(traced.slices.map(({ category }) => category));
  const tasks = numbered(traced.slices.map(({ task }) => task));
  writePacket(wire, flags.cleared, () =>
    writeMessage(wire, packet.internedData, () => {
      writeEntries(wire, interned.categories, categories);
      writeEntries(wire, interned.names, names);
      writeEntries(wire, interned.annotationNames, new Map(Object.entries(annotationIds)));
      writeEntries(wire, interned.texts, tasks);
    }),
  );
  writeTracks(wire, traced);
  const flows = flowsOf(traced.slices);
  for (const event of eventsOf(traced)) {
    const { slice, counter } = event;
    writePacket(wire, flags.needsState, () => {
      writeUint(wire, packet.timestamp, event.at);
      writeMessage(wire, packet.trackEvent, () => {
        if (counter !== undefined) writeCounter(wire, counter.track, counter.value);
        else if (slice !== undefined && event.begins) {
          const { name, category, task, queued, latency, track } = slice;
          writeUint(wire, trackEvent.type, eventType.begin);
          writeUint(wire, trackEvent.track, unitTrack(track));
          writeUint(wire, trackEvent.categories, categories.get(category) ?? 0);
          writeUint(wire, trackEvent.name, names.get(name) ?? 0);
          writeAnnotation(wire, "task", annotation.textId, tasks.get(task) ?? 0);
          if (queued > 0) writeAnnotation(wire, "queued ns", annotation.uint, queued);
          if (latency > 0) writeAnnotation(wire, "latency ns", annotation.uint, latency);
          for (const flow of flows.from.get(slice) ?? []) writeFixed64(wire, trackEvent.flows, flow);
          const ends = flows.to.get(slice);
          if (ends !== undefined) writeFixed64(wire, trackEvent.endingFlows, ends);
        } else if (slice !== undefined) {
          writeUint(wire, trackEvent.type, eventType.end);
          writeUint(wire, trackEvent.track, unitTrack(slice.track));
        }
      });
    });
  }
  return written(wire);
}

function writePacket(wire: Wire, sequenceFlags: number, write: () => void): void {
  writeMessage(wire, trace.packet, () => {
    write();
    writeUint(wire, packet.sequence, sequence);
    writeUint(wire, packet.sequenceFlags, sequenceFlags);
  });
}

function writeEntries(wire: Wire, field: number, texts: ReadonlyMap<string, number>): void {
  for (const [text, id] of texts)
    writeMessage(wire, field, () => {
      writeUint(wire, internedEntry.id, id);
      writeText(wire, internedEntry.text, text);
    });
}

function writeAnnotation(wire: Wire, name: keyof typeof annotationIds, field: number, value: number): void {
  writeMessage(wire, trackEvent.annotations, () => {
    writeUint(wire, annotation.name, annotationIds[name]);
    writeUint(wire, field, value);
  });
}

function writeCounter(wire: Wire, track: number, value: number): void {
  writeUint(wire, trackEvent.type, eventType.counter);
  writeUint(wire, trackEvent.track, track);
  writeDouble(wire, trackEvent.counterValue, value);
}

/**
 * Identifiers of tracks: units and counters take even and odd numbers from 2 on, which are short; processes are far behind them. 0 is
 * Perfetto's own.
 */
const unitTrack = (index: number): number => 2 * index + 2;
const counterTrack = (index: number): number => 2 * index + 3;
const processTrack = (device: number | undefined): number => 2 ** 32 + processOf(device);
/** Perfetto takes process 0 for the idle one; 1 is what no device owns. */
const processOf = (device: number | undefined): number => (device === undefined ? 1 : device + 2);

function writeTracks(wire: Wire, { tracks, counters }: Traced): void {
  const devices = new Set([...tracks, ...counters].map(({ device }) => device));
  const describe = (uuid: number, name: string, more: () => void): void =>
    writePacket(wire, flags.needsState, () =>
      writeMessage(wire, packet.trackDescriptor, () => {
        writeUint(wire, descriptor.uuid, uuid);
        writeText(wire, descriptor.name, name);
        more();
      }),
    );
  for (const device of devices) {
    const name = device === undefined ? "machine" : `device ${device}`;
    describe(processTrack(device), name, () => {
      writeUint(wire, descriptor.ordering, orderingExplicit);
      writeMessage(wire, descriptor.process, () => {
        writeUint(wire, processDescriptor.pid, processOf(device));
        writeText(wire, processDescriptor.name, name);
      });
    });
  }
  tracks.forEach(({ device, name }, index) => {
    describe(unitTrack(index), name, () => {
      writeUint(wire, descriptor.parent, processTrack(device));
      writeUint(wire, descriptor.rank, index);
    });
  });
  counters.forEach(({ device, name, unit }, index) => {
    describe(counterTrack(index), `${name} ${titles[unit]}`, () => {
      writeUint(wire, descriptor.parent, processTrack(device));
      writeUint(wire, descriptor.rank, tracks.length + index);
      writeMessage(wire, descriptor.counter, () => {
        if (unit === "B") writeUint(wire, counterDescriptor.unit, unitBytes);
        else writeText(wire, counterDescriptor.unitName, unit);
      });
    });
  });
}

/** Of counters, after the name of what they are about. */
export const titles: Readonly<Record<Counter["unit"], string>> = {
  "B/s": "bandwidth",
  B: "capacity",
  W: "drawn",
};

interface Event {
  readonly at: number;
  readonly slice?: Slice;
  readonly begins: boolean;
  readonly counter?: { readonly track: number; readonly value: number };
}

/** By time; at the same time a track's slice ends before its next one begins, and what is awaited begins before who waits. */
function eventsOf({ slices, counters }: Traced): readonly Event[] {
  const events = [
    ...counters.flatMap(({ points }, index): Event[] =>
      points.map(({ at, value }) => ({ at, begins: false, counter: { track: counterTrack(index), value } })),
    ),
    ...slices.flatMap((slice): Event[] => [
      { at: slice.start, slice, begins: true },
      { at: slice.end, slice, begins: false },
    ]),
  ];
  // Stable: in program order where times are equal.
  return events.sort((a, b) => a.at - b.at);
}

/** An arrow has the number of the slice at its head, from 1. */
function flowsOf(slices: readonly Slice[]): {
  readonly from: ReadonlyMap<Slice, readonly number[]>;
  readonly to: ReadonlyMap<Slice, number>;
} {
  const from = new Map<Slice, number[]>();
  const to = new Map<Slice, number>();
  slices.forEach((slice, index) => {
    const source = slice.from === undefined ? undefined : slices[slice.from];
    if (source === undefined) return;
    const own = from.get(source);
    if (own === undefined) from.set(source, [index + 1]);
    else own.push(index + 1);
    to.set(slice, index + 1);
  });
  return { from, to };
}

/** Each text once, from 1. */
const numbered = (texts: readonly string[]): ReadonlyMap<string, number> =>
  new Map([...new Set(texts)].map((text, index) => [text, index + 1]));
