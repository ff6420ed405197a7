/** From a run's stats to its report. Everything here is arithmetic on what was counted; nothing is simulated. */
import type { Hardware } from "../arch/hardware.ts";
import { price } from "../energy/price.ts";
import type { EnergyTable } from "../energy/table.ts";
import type { Program } from "../program.ts";
import type { Provenance } from "../schema/provenance.ts";
import type { Stats } from "../stats.ts";
import { countWorkload } from "../workload/count.ts";
import { opsOf, type Workload } from "../workload/graph.ts";
import {
  boundsOf,
  busyByUnit,
  finishingTicks,
  groupBy,
  type PlaceTally,
  splitUnit,
  stallsByCause,
  sumCounts,
  tallies,
} from "./fold.ts";
import { memoryRows } from "./memory.ts";
import {
  type Bound,
  type DeviceRow,
  type Done,
  type LayerRow,
  type OpRow,
  type PhaseRow,
  type ReferenceRow,
  type Report,
  type Spent,
  schemaVersion,
  type Totals,
  type UnitRow,
} from "./report.ts";

/** What a run was of, besides its program and stats. */
export interface Subject {
  /** As the references of calibrated numbers call the run. */
  readonly name: string;
  readonly hardware: Hardware;
  readonly dataflow: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
  readonly workload: Workload;
  readonly energyTable: EnergyTable;
  readonly references: readonly Reference[];
  readonly documents: { readonly hardware: unknown; readonly workload: unknown };
  readonly numbers: readonly Provenance[];
}

/** A published result of the same run. */
export interface Reference {
  readonly metric: "latencySeconds" | "tokensPerSecond";
  readonly published: number;
  readonly source: string;
  readonly sure: string;
}

export function buildReport(subject: Subject, program: Program, stats: Stats, tool: string): Report {
  const { hardware, workload, energyTable } = subject;
  const places = tallies(program, stats);
  const seconds = (ticks: number): number => ticks / hardware.tickRate;
  const scope: Scope = { ...subject, places, stats, seconds, finish: stats.finish, unitOf: unitsOf(places) };
  const totals = totalsOf(scope);
  const energy = price(hardware, energyTable, sumCounts(places), totals.latencySeconds);
  return {
    schemaVersion,
    provenance: {
      tool,
      hardware: {
        name: hardware.name,
        source: hardware.source,
        devices: hardware.devices,
        resolved: subject.documents.hardware,
      },
      workload: { name: workload.name, source: workload.source, resolved: subject.documents.workload },
      dataflow: { name: subject.dataflow.name, options: subject.dataflow.options },
      energyTable: energyTable.name,
      numbers: subject.numbers,
      seed: null,
    },
    totals,
    phases: phaseRows(scope),
    layers: layerRows(scope),
    ops: opRows(scope),
    devices: deviceRows(scope),
    units: unitRows(scope),
    memories: memoryRows(hardware, program, stats),
    energy,
    references: referenceRows(subject, totals),
  };
}

interface Scope extends Subject {
  readonly places: readonly PlaceTally[];
  readonly stats: Stats;
  readonly finish: number;
  readonly seconds: (ticks: number) => number;
  /** The unit of a task, without its device. */
  readonly unitOf: (task: string) => string;
}

function unitsOf(places: readonly PlaceTally[]): (task: string) => string {
  const units = new Map(places.map(({ stats: { task }, unit }) => [task.id, unit]));
  return (task) => units.get(task) ?? task;
}

function totalsOf({ hardware, workload, energyTable, places, finish, seconds }: Scope): Totals {
  const latencySeconds = seconds(finish);
  const counts = sumCounts(places);
  const energyJoules = price(hardware, energyTable, counts, latencySeconds).totalJoules;
  const { generation } = workload;
  const output = generation.batch * generation.outputTokens;
  const input = generation.batch * generation.inputTokens;
  const macs = macsIn(counts);
  const { parameters, parameterBytes } = countWorkload(workload);
  return {
    latencySeconds,
    latencyCycles: (finish * hardware.clock) / hardware.tickRate,
    tokens: { input, output },
    tokensPerSecond: output / latencySeconds,
    energyJoules,
    energyPerTokenJoules: energyJoules / (input + output),
    averagePowerWatts: energyJoules / latencySeconds,
    macs,
    macsPerSecond: macs / latencySeconds,
    utilization: utilizations(hardware, counts, latencySeconds),
    parameters,
    parameterBytes,
  };
}

const macsIn = (counts: Readonly<Record<string, number>>): number =>
  Object.entries(counts).reduce((sum, [name, amount]) => (name.endsWith(".macs") ? sum + amount : sum), 0);

/** Bytes by memory or link. */
function bytesIn(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const [name, amount] of Object.entries(counts)) {
    const [unit = "", action = ""] = name.split(".");
    if (/bytes$/i.test(action)) sums[unit] = (sums[unit] ?? 0) + amount;
  }
  return sums;
}

/** Share of each unit's peak that was used, all devices together. */
function utilizations(hardware: Hardware, counts: Readonly<Record<string, number>>, seconds: number) {
  const bytes = bytesIn(counts);
  const shares = Object.entries(hardware.units).flatMap(([name, { spec }]) =>
    Object.entries(spec.peak).map(([of, peak]): [string, number] => {
      const done = of === "bytes" ? (bytes[name] ?? 0) : (counts[`${name}.${of}`] ?? 0);
      return [name, done / (peak * hardware.devices * seconds)];
    }),
  );
  return Object.fromEntries(shares);
}

function spent({ hardware, seconds, finish }: Scope, ticks: number): Spent {
  return {
    latencySeconds: seconds(ticks),
    latencyCycles: (ticks * hardware.clock) / hardware.tickRate,
    share: ticks / finish,
  };
}

function done(
  { hardware, energyTable, seconds }: Scope,
  group: readonly PlaceTally[],
  latencySeconds: number,
): Done {
  const counts = sumCounts(group);
  const macs = macsIn(counts);
  const matrices = Object.entries(hardware.units).filter(([, { spec }]) => spec.peak["macs"] !== undefined);
  const peak = matrices.reduce((sum, [, { spec }]) => sum + (spec.peak["macs"] ?? 0), 0) * hardware.devices;
  const busy = busyByUnit(group);
  const working = matrices.reduce((sum, [name]) => sum + (busy.get(name) ?? 0), 0) / hardware.devices;
  // An op that hides behind others holds the run up for less time than it works.
  const available = peak * Math.max(latencySeconds, seconds(working));
  return {
    macs,
    bytes: bytesIn(counts),
    utilization: available === 0 ? 0 : macs / available,
    energyJoules: price(hardware, energyTable, counts, latencySeconds).totalJoules,
  };
}

function rowOf(scope: Scope, group: readonly PlaceTally[]): Spent & Done {
  const time = spent(scope, finishingTicks(group));
  return { ...time, ...done(scope, group, time.latencySeconds) };
}

function phaseRows(scope: Scope): readonly PhaseRow[] {
  return [...groupBy(scope.places, ({ phase }) => phase)].map(([name, group]) => {
    const phase = scope.workload.phases.find((each) => each.name === name);
    const tokens =
      phase === undefined ? 0 : phase.steps * phase.tokensPerStep * scope.workload.generation.batch;
    const row = rowOf(scope, group);
    return { name, tokens, secondsPerToken: tokens === 0 ? 0 : row.latencySeconds / tokens, ...row };
  });
}

const blockOf = ({ stats: { task } }: PlaceTally): string => task.op.split(".")[0] ?? "";

function layerRows(scope: Scope): readonly LayerRow[] {
  const groups = groupBy(scope.places, (place) => `${place.phase} ${blockOf(place)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const block = blockOf(first);
    const times = scope.workload.phases[0]?.blocks.find(({ name }) => name === block)?.times ?? 1;
    return [{ phase: first.phase, block, times, ...rowOf(scope, group), boundBy: boundOf(group) }];
  });
}

function opRows(scope: Scope): readonly OpRow[] {
  const kinds = new Map(opsOf(scope.workload).map(({ name, op }) => [name, op.kind]));
  const groups = groupBy(scope.places, ({ phase, stats: { task } }) => `${phase} ${task.op}`);
  const inSeconds = (ticks: ReadonlyMap<string, number>) =>
    Object.fromEntries([...ticks].map(([name, amount]) => [name, scope.seconds(amount)]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { op } = first.stats.task;
    return [
      {
        phase: first.phase,
        block: blockOf(first),
        op,
        kind: kinds.get(op) ?? "machine",
        ...rowOf(scope, group),
        boundBy: boundOf(group),
        bounds: boundsOf(group),
        busySeconds: inSeconds(busyByUnit(group)),
        stallSeconds: inSeconds(stallsByCause(group, scope.unitOf)),
      },
    ];
  });
}

/** What most of the group's time went to; work that was hidden entirely is bound by nothing. */
const boundOf = (group: readonly PlaceTally[]): Bound | null => boundsOf(group)[0] ?? null;

const deviceRows = ({ places }: Scope): readonly DeviceRow[] =>
  [...groupBy(places, ({ device }) => String(device)).values()].flatMap((group) => {
    const [first] = group;
    const counts = sumCounts(group);
    return first === undefined
      ? []
      : [{ device: first.device, macs: macsIn(counts), bytes: bytesIn(counts) }];
  });

function unitRows({ hardware, stats, seconds, finish }: Scope): readonly UnitRow[] {
  return stats.units.map(({ name, busy, starved, idle }) => {
    const { device, unit } = splitUnit(name);
    return {
      device,
      unit,
      kind: hardware.units[unit.split(".")[0] ?? ""]?.kind ?? "none",
      busySeconds: seconds(busy),
      starvedSeconds: seconds(starved),
      idleSeconds: seconds(idle),
      busyShare: busy / finish,
    };
  });
}

function referenceRows({ name, references, numbers }: Subject, totals: Totals): readonly ReferenceRow[] {
  const fittedOn = new Set(numbers.flatMap((number) => number.fittedOn ?? []));
  return references.map(({ metric, published, source, sure }) => {
    const measured = totals[metric];
    return {
      metric,
      measured,
      published,
      relativeError: (measured - published) / published,
      source,
      sure,
      fitted: fittedOn.has(name),
    };
  });
}
