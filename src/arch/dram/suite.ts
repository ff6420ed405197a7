/**
 * Runs our model on the rows of a reference table of DRAM runs.
 * Models: the columns of the reference tables (test/validation/dram/README.md): preset, mapping, pattern, load.
 * Ignores: columns that it has no figure for.
 * Source: the replay definitions of the reference runs.
 */
import { nearest } from "../../schema/nearest.ts";
import { commandEnergy, dramEnergy } from "./energy.ts";
import type { MemoryPreset } from "./preset.ts";
import { type Arrivals, type Replay, type Run, replay } from "./replay.ts";
import type { Pattern } from "./sequence.ts";

export type ReferenceRow = Readonly<Record<string, string>>;

/** Energy as a whole, and by what took it. */
export type Measure = "bandwidth" | "read latency" | "energy" | `${EnergyPart} energy`;
export type EnergyPart = keyof typeof energyColumns;

const energyColumns = {
  activate: "energy_act_pJ",
  read: "energy_rd_pJ",
  write: "energy_wr_pJ",
  refresh: "energy_ref_pJ",
  background: "energy_bg_pJ",
} as const;
const energyParts = ["activate", "read", "write", "refresh", "background"] as const;

export interface SuiteResult {
  readonly row: ReferenceRow;
  readonly measure: Measure;
  readonly unit: string;
  readonly ours: number;
  readonly reference: number;
  /** (ours - reference) / reference */
  readonly error: number;
}

/**
 * One result per measure that the row holds.
 * @param presets by the name that the rows' column `preset_id` uses
 * @throws RangeError for a row whose preset, pattern or mapping is unknown
 */
export function runSuite(
  rows: readonly ReferenceRow[],
  presets: ReadonlyMap<string, MemoryPreset>,
): readonly SuiteResult[] {
  return rows.flatMap((row) => {
    const preset = presetOf(row, presets);
    return measures(row, preset, replay(preset, runOf(row, preset)));
  });
}

function measures(row: ReferenceRow, preset: MemoryPreset, run: Replay): readonly SuiteResult[] {
  const result = (
    measure: Measure,
    unit: string,
    column: string,
    ours: number | undefined,
  ): SuiteResult[] => {
    const reference = numberOf(row, column) ?? 0;
    if (ours === undefined || reference === 0) return [];
    return [{ row, measure, unit, ours, reference, error: (ours - reference) / reference }];
  };
  const each = commandEnergy({ ...preset, pinsPerBit: undefined });
  const energy = each && dramEnergy(each, run.counts, run.rankClocks, run.closedClocks);
  return [
    ...result("bandwidth", "GB/s", "achieved_GBps", run.bytesPerSecond / 1e9),
    ...result("read latency", "clocks", "avg_read_latency_cycles", run.readLatencyCycles),
    ...result("energy", "pJ", "energy_pJ", energy?.total),
    ...energyParts.flatMap((part) => result(`${part} energy`, "pJ", energyColumns[part], energy?.[part])),
  ];
}

function presetOf(row: ReferenceRow, presets: ReadonlyMap<string, MemoryPreset>): MemoryPreset {
  const name = row["preset_id"] ?? (row["org"]?.startsWith("HBM2_1800_U280") ? "D_HBM2_U280" : "");
  const preset = presets.get(name);
  if (preset === undefined)
    throw new RangeError(`preset_id "${name}" is unknown${meant(name, presets.keys())}`);
  return preset;
}

function meant(word: string, known: Iterable<string>): string {
  const all = [...known];
  const near = nearest(word, all);
  return `; known are ${all.join(", ")}${near === undefined ? "" : `; did you mean "${near}"?`}`;
}

/** The run that a row describes. */
export function runOf(row: ReferenceRow, preset: MemoryPreset): Run {
  const name = row["pattern"] ?? "";
  const requests = numberOf(row, "requests", COUNT);
  if (requests === undefined) throw new RangeError(`requests is ${COUNT[1]}, found nothing`);
  const channels = numberOf(row, "channels", COUNT) ?? 1;
  const perClock = numberOf(row, "inject_per_cycle", COUNT) ?? 1;
  const mapping = mappingOf(row);
  return {
    traffic: {
      pattern: patternOf(name, numberOf(row, "param"), preset),
      writePercent: numberOf(row, "write_pct", PERCENT) ?? (name.endsWith("_wr") ? 100 : 0),
    },
    arrivals: arrivalsOf(row, name),
    requests,
    warmUp: name.startsWith("idle") ? 100 : channels > 1 ? 4000 : 2000,
    channels,
    perClock,
    ...(mapping === undefined ? {} : { mapping }),
  };
}

function arrivalsOf(row: ReferenceRow, name: string): Arrivals {
  const outstanding = numberOf(row, "max_outstanding", COUNT) ?? 64;
  if (name.startsWith("idle")) return { kind: "idle", gap: 150, jitter: 97 };
  const load = numberOf(row, "offered_load", LOAD);
  return load === undefined ? { kind: "closed", outstanding } : { kind: "load", load, outstanding };
}

/** Short names of the orders where a row does not spell its own. */
const ORDERS: Readonly<Record<string, string>> = {
  m1: "ro ra ba bg co",
  m2: "ro ra ba co bg",
  m3: "ro ra co ba bg",
  m4: "ra ba bg ro co",
  m5: "ro bg1 ba co bg0",
};

function mappingOf(row: ReferenceRow): string | undefined {
  const spelt = row["mapping_msb_to_lsb"]?.replace(/\(.*\)/, "").trim();
  if (spelt !== undefined && spelt !== "") return spelt.toLowerCase();
  const name = row["mapping"]?.trim() ?? "";
  if (name === "") return undefined;
  const order = ORDERS[name];
  if (order === undefined)
    throw new RangeError(
      `mapping "${name}" is unknown; known are ${Object.keys(ORDERS).join(", ")}, or spell it in mapping_msb_to_lsb`,
    );
  return order;
}

/** Reads names like "mix_chunk256", "stride_rd" or "streams_stag"; writes in streams are staggered. */
function patternOf(name: string, param: number | undefined, preset: MemoryPreset): Pattern {
  const words = name.split("_");
  const base = words.find((word) => /^(seq|rand|stride|chunk|streams)\d*$/.test(word));
  const bytes = Number(base?.match(/\d+$/)?.[0] ?? param ?? Number.NaN);
  const staggerBytes = words.includes("stag") || words.includes("wr") ? preset.organization.rowBytes : 0;
  if (base === "seq") return { kind: "sequential" };
  if (base === "rand") return { kind: "random" };
  if (base?.startsWith("streams") && bytes > 0) return { kind: "streams", streams: bytes, staggerBytes };
  if (base?.startsWith("stride") && bytes > 0) return { kind: "stride", bytes };
  const { transactionBytes } = preset.organization;
  if (base?.startsWith("chunk") && bytes > 0 && bytes < transactionBytes)
    throw new RangeError(
      `pattern "${name}" has chunks of ${bytes} B; one transaction is ${transactionBytes} B`,
    );
  if (base?.startsWith("chunk") && bytes > 0) return { kind: "chunk", bytes };
  throw new RangeError(
    `pattern "${name}" with param "${param ?? ""}" is unknown; known are seq, rand, stride, chunk and streams`,
  );
}

type Rule = readonly [holds: (value: number) => boolean, expected: string];
const ANY: Rule = [(value) => !Number.isNaN(value), "a number"];
const COUNT: Rule = [(value) => Number.isInteger(value) && value > 0, "a whole number from 1"];
const PERCENT: Rule = [(value) => value >= 0 && value <= 100, "a share in per cent, from 0 to 100"];
const LOAD: Rule = [(value) => value > 0, "a share of the peak above 0"];

/** @throws RangeError for a text that the rule does not hold for */
function numberOf(row: ReferenceRow, column: string, [holds, expected]: Rule = ANY): number | undefined {
  const text = row[column]?.trim();
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!holds(value)) throw new RangeError(`${column} is ${expected}, found "${text}"`);
  return value;
}
