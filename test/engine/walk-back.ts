/**
 * The checking model of the critical path: unrolls the program, takes the times of every task from a plain run, and walks
 * back from the last result, asking at each task what its start equals. Knows nothing of trails, marks and jumps.
 */
import { compile } from "../../src/engine/compile.ts";
import type { Span } from "../../src/engine/observer.ts";
import { run } from "../../src/engine/run.ts";
import { unroll } from "../../src/engine/unroll.ts";
import type { Program } from "../../src/program.ts";

export interface Ticks {
  rate: number;
  result: number;
  latency: number;
  contention: number;
}

/** By place. */
export function walkBack(program: Program): Ticks[] {
  const compiled = compile(program);
  const { place, occupancy, producerFrom, producers } = unroll(compiled, 100_000);
  const spans: Span[] = [];
  run(program, {
    fastForward: false,
    observer: { from: 0, to: Number.POSITIVE_INFINITY, onSpan: (span) => spans.push(span) },
  });
  const unitOf = (instance: number) =>
    program.units.find(({ name }) => name === spans[instance]?.task.unit) ?? fail();
  const latest = (instance: number, same: (other: number) => boolean, nth = 1): number => {
    let left = nth;
    for (let other = instance - 1; other >= 0; other--) if (same(other) && --left === 0) return other;
    return -1;
  };
  const onUnit = (instance: number, nth = 1) =>
    latest(instance, (other) => unitOf(other).name === unitOf(instance).name, nth);
  const startOf = (instance: number): number => (instance < 0 ? 0 : (spans[instance] ?? fail()).start);
  const dispatchOf: number[] = [];
  const roomOf = (instance: number) => onUnit(instance, unitOf(instance).depth);
  const issuedBefore = (instance: number) =>
    latest(instance, (other) => unitOf(other).sequencer === unitOf(instance).sequencer);
  spans.forEach((_, instance) => {
    const previous = issuedBefore(instance);
    dispatchOf.push(Math.max(previous < 0 ? 0 : (dispatchOf[previous] ?? 0), startOf(roomOf(instance))));
  });

  const found = compiled.places.map((): Ticks => ({ rate: 0, result: 0, latency: 0, contention: 0 }));
  const finish = Math.max(0, ...spans.map(({ doneAt }) => doneAt));
  let at = spans.findIndex(({ doneAt }) => doneAt === finish);
  let byResult = true;
  while (at >= 0) {
    const span = spans[at] ?? fail();
    const own = found[place[at] ?? -1] ?? fail();
    const busy = occupancy[at] ?? 0;
    own[byResult ? "result" : "rate"] += busy;
    own.contention += span.end - span.start - busy;
    if (byResult) own.latency += span.doneAt - span.end;
    [at, byResult] = before(at);
  }
  return found;

  /** The task that its start waited for last, and whether for that task's result. */
  function before(instance: number): [number, boolean] {
    const start = startOf(instance);
    const previous = onUnit(instance);
    const free = previous < 0 ? 0 : (spans[previous] ?? fail()).end;
    if (free === start) return [previous, false];
    if (dispatchOf[instance] === start) return beforeDispatch(instance);
    const list = producers.subarray(producerFrom[instance], producerFrom[instance + 1]);
    const producer = list.find((other) => spans[other]?.doneAt === start);
    return [producer ?? fail(), true];
  }

  /** A dispatch is as late as the one before, or as the start that made room in the queue; that start has its own reason. */
  function beforeDispatch(instance: number): [number, boolean] {
    const previous = issuedBefore(instance);
    const inherited = previous < 0 ? 0 : (dispatchOf[previous] ?? 0);
    const room = roomOf(instance);
    if (startOf(room) > inherited) return before(room);
    return previous < 0 ? [-1, false] : beforeDispatch(previous);
  }
}

function fail(): never {
  throw new Error("the model is wrong");
}
