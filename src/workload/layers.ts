/**
 * Finds the layers of a network given op by op: runs of ops that follow each other several times with the same sizes and the same
 * edges become one block that repeats, so that a run costs what the structure costs. Nothing is assumed: what is not found to
 * repeat stays as it is.
 */
import type { Block } from "./graph.ts";
import { namedBlocks, type Part } from "./layer-names.ts";
import type { Op } from "./op.ts";
import { type Edges, edgesOf, matches } from "./op-edges.ts";

/** Pairs of ops that are compared at most: larger networks are searched for shorter layers only. */
const mostCompared = 100_000_000;
/** Places that are looked at closely at most, of all that look alike. */
const mostTries = 2_000;

/** Ops in data order, as blocks in the same order. Where nothing repeats they are one block, "graph". */
export function layersOf(ops: readonly Op[]): readonly Block[] {
  const edges = edgesOf(ops);
  return namedBlocks(ops, edges, partsOf(edges, 0, ops.length));
}

/** The run that saves most ops, with what is before and behind it cut in the same way. */
function partsOf(edges: Edges, from: number, to: number): readonly Part[] {
  if (from === to) return [];
  const run = longestRun(edges, from, to);
  if (run === undefined) return [{ from, length: to - from, times: 1 }];
  return [
    ...partsOf(edges, from, run.from),
    run,
    ...partsOf(edges, run.from + run.length * run.times, to),
  ].reduce<readonly Part[]>(joinPlain, []);
}

/** Neighbours that do not repeat are one. */
function joinPlain(parts: readonly Part[], part: Part): readonly Part[] {
  const before = parts.at(-1);
  if (before?.times !== 1 || part.times !== 1) return [...parts, part];
  return [...parts.slice(0, -1), { ...before, length: before.length + part.length }];
}

interface Periodic {
  readonly period: number;
  readonly from: number;
  /** Ops that are like the one a period later. */
  readonly alike: number;
}

function longestRun(edges: Edges, from: number, to: number): Part | undefined {
  const found = periodicIn(edges, from, to).sort(
    (a, b) => saved(b) - saved(a) || a.period - b.period || a.from - b.from,
  );
  let tries = 0;
  for (const { period, from: start, alike } of found) {
    const valid: Part[] = [];
    for (let shift = 0; shift < 2 * period && tries < mostTries; shift += 1) {
      const times = Math.floor((alike - shift) / period) + 1;
      const part = { from: start + shift, length: period, times };
      if (times < 2) break;
      if (!edges.parts(part.from) || !edges.parts(part.from + period)) continue;
      tries += 1;
      if (isLoop(edges, part)) valid.push(part);
    }
    const most = Math.max(...valid.map(({ times }) => times));
    const best = valid.filter(({ times }) => times === most);
    const [first] = best;
    if (first !== undefined) return best.find(({ from: at }) => edges.begins(at, period)) ?? first;
  }
  return undefined;
}

const saved = ({ period, alike }: Periodic): number => Math.floor(alike / period) * period;

function periodicIn(edges: Edges, from: number, to: number): Periodic[] {
  const found: Periodic[] = [];
  const longest = Math.min((to - from) / 2, mostCompared / (to - from));
  for (let period = 1; period <= longest; period += 1) {
    let alike = 0;
    for (let at = from; at <= to - period; at += 1) {
      if (at < to - period && matches(edges, at, period)) {
        alike += 1;
        continue;
      }
      if (alike >= period) found.push({ period, from: at - alike, alike });
      alike = 0;
    }
  }
  return found;
}

/**
 * Whether each turn reads only itself, the last result of the turn before, and what stands before all turns, the same in each;
 * and whether nobody else reads what is inside.
 */
function isLoop(edges: Edges, { from, length, times }: Part): boolean {
  const end = from + length * times;
  const turnOf = (op: number): number => Math.floor((op - from) / length);
  /** From -1 on within the turn; below that what is before all turns. */
  const place = (input: number, turn: number): number => {
    const start = from + turn * length;
    if (input >= start - 1) return input - start;
    return input < from ? input - from - 2 : Number.NaN;
  };
  for (let op = from; op < end; op += 1) {
    const turn = turnOf(op);
    const first = edges.inputs[op - turn * length] ?? [];
    const same = (edges.inputs[op] ?? []).every(
      (input, index) => place(input, turn) === place(first[index] ?? Number.NaN, 0),
    );
    const last = op === from + (turn + 1) * length - 1;
    const readers = edges.readers[op] ?? [];
    const inside = readers.every(
      (reader) => op === end - 1 || turnOf(reader) === turn || (last && turnOf(reader) === turn + 1),
    );
    if (!same || !inside || (last && !edges.parts(op + 1))) return false;
  }
  return true;
}
