/**
 * What a channel does on the standard patterns: the tables that an architect asks of a memory by itself.
 * Models: rate, latency, activates and energy by pattern; rate against chunk size; latency against load.
 * Ignores: the port in front of the channel (port.ts); several channels.
 * Source: the command-level channel (replay.ts, sustained.ts).
 */
import { type MemoryPreset, peakBytesPerSecond } from "./preset.ts";
import { replay } from "./replay.ts";
import type { Pattern } from "./sequence.ts";
import { type SustainedMemo, sustained } from "./sustained.ts";

export interface PatternRow {
  readonly pattern: Pattern;
  readonly writePercent: number;
  readonly bytesPerSecond: number;
  /** Share of the peak. */
  readonly efficiency: number;
  /** Of single reads, no other waiting. */
  readonly idleLatencySeconds: number;
  readonly activatesPerKibibyte: number;
  /** Background included; null where the preset has no energy figures. */
  readonly joulesPerByte: number | null;
}

export interface LoadRow {
  readonly pattern: Pattern;
  /** Share of the peak that is offered, by random arrivals. */
  readonly load: number;
  readonly bytesPerSecond: number;
  readonly readLatencySeconds: number;
}

export interface Survey {
  readonly peakBytesPerSecond: number;
  readonly patterns: readonly PatternRow[];
  readonly chunks: readonly PatternRow[];
  readonly loads: readonly LoadRow[];
}

export interface SurveyOptions {
  /** Instead of the standard ones. */
  readonly pattern?: Pattern;
  /** Reads in flight, at most. */
  readonly outstanding: number;
}

/** @param preset one without `presetProblems` */
export function survey(preset: MemoryPreset, { pattern, outstanding }: SurveyOptions): Survey {
  const memo: SustainedMemo = new Map();
  const row = (each: Pattern, writePercent: number): PatternRow =>
    patternRow(preset, each, writePercent, memo, outstanding);
  const patterns = pattern === undefined ? standardPatterns(preset) : [pattern];
  const loaded: readonly Pattern[] =
    pattern === undefined ? [{ kind: "sequential" }, { kind: "random" }] : [pattern];
  return {
    peakBytesPerSecond: peakBytesPerSecond(preset),
    patterns: patterns.flatMap((each) => [0, 50, 100].map((writes) => row(each, writes))),
    chunks: chunkSizes(preset).map((bytes) => row({ kind: "chunk", bytes }, 0)),
    loads: loaded.flatMap((each) => LOADS.map((load) => loadRow(preset, each, load, outstanding))),
  };
}

const LOADS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const LOAD_WINDOW = { requests: 8_000, warmUp: 1_000 };

const standardPatterns = ({ organization }: MemoryPreset): readonly Pattern[] => [
  { kind: "sequential" },
  { kind: "streams", streams: 4, staggerBytes: organization.rowBytes },
  { kind: "chunk", bytes: Math.max(256, organization.transactionBytes) },
  { kind: "stride", bytes: 4096 },
  { kind: "random" },
];

/** From one transaction to four rows, doubling. */
const chunkSizes = ({ organization: { transactionBytes, rowBytes } }: MemoryPreset): readonly number[] =>
  Array.from(
    { length: Math.log2((4 * rowBytes) / transactionBytes) + 1 },
    (_, power) => transactionBytes * 2 ** power,
  );

function patternRow(
  preset: MemoryPreset,
  pattern: Pattern,
  writePercent: number,
  memo: SustainedMemo,
  outstanding: number,
): PatternRow {
  const found = sustained(preset, { pattern, writePercent }, memo, outstanding);
  return {
    pattern,
    writePercent,
    bytesPerSecond: found.bytesPerSecond,
    efficiency: found.efficiency,
    idleLatencySeconds: found.idleLatencySeconds,
    activatesPerKibibyte: 1024 * found.perByte.activates,
    joulesPerByte: found.joulesPerByte ?? null,
  };
}

function loadRow(preset: MemoryPreset, pattern: Pattern, load: number, outstanding: number): LoadRow {
  const run = replay(preset, {
    traffic: { pattern, writePercent: 0 },
    arrivals: { kind: "load", load, outstanding },
    ...LOAD_WINDOW,
  });
  return {
    pattern,
    load,
    bytesPerSecond: run.bytesPerSecond,
    readLatencySeconds: (run.readLatencyCycles * preset.tCK) / 1e12,
  };
}
