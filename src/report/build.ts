/** From a run's stats to its report. Everything here is arithmetic on what was counted; nothing is simulated. */
import type { Hardware } from "../arch/hardware.ts";
import type { Fpga } from "../area/setup.ts";
import type { Silicon } from "../area/silicon.ts";
import { siliconArea } from "../area/silicon-area.ts";
import { type Energy, type PriceList, price, priceList } from "../energy/price.ts";
import type { EnergyTable } from "../energy/table.ts";
import type { OpProof } from "../mapping/proof.ts";
import type { Program } from "../program.ts";
import type { Provenance } from "../schema/provenance.ts";
import type { Stats } from "../stats.ts";
import { opsOf, type Workload } from "../workload/graph.ts";
import {
  boundsOf,
  finishingTicks,
  groupBy,
  type OpTally,
  splitUnit,
  sumOf,
  type Tally,
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
import { resourceRows } from "./resources.ts";
import { roofsOf } from "./roofline.ts";
import { bytesIn, macsIn, totalsOf } from "./totals.ts";

/** What a run was of, besides its program and stats. */
export interface Subject {
  /** As the references of calibrated numbers call the run. */
  readonly name: string;
  readonly hardware: Hardware;
  readonly fpga: Fpga | undefined;
  readonly silicon: Silicon | undefined;
  readonly dataflow: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
  readonly workload: Workload;
  readonly energyTable: EnergyTable;
  readonly references: readonly Reference[];
  readonly documents: { readonly hardware: unknown; readonly workload: unknown };
  readonly numbers: readonly Provenance[];
  readonly warnings: readonly string[];
  /** How good the mappings of its ops are, where its dataflow chose any. */
  readonly mappings: readonly OpProof[];
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
  const ops = tallies(program, stats);
  const whole = sumOf(ops);
  const prices = priceList(hardware, energyTable);
  const seconds = (ticks: number): number => ticks / hardware.tickRate;
  const matrices = matricesOf(hardware);
  const { finish } = stats;
  const scope: Scope = { hardware, workload, ops, prices, stats, seconds, matrices, finish };
  const { counts } = whole;
  const energy = price(prices, counts, seconds(finish));
  const totals = totalsOf({ hardware, workload, finish, counts, energyJoules: energy.totalJoules });
  const units = unitRows(scope);
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
    warnings: subject.warnings,
    totals,
    phases: phaseRows(scope),
    layers: layerRows(scope),
    ops: opRows(scope, subject.mappings),
    devices: deviceRows(scope),
    units,
    memories: memoryRows(hardware, program, stats, ops),
    energy,
    ...(subject.fpga === undefined ? {} : { resources: resourceRows(hardware, subject.fpga, units) }),
    ...(subject.silicon === undefined ? {} : { area: siliconArea(hardware, subject.silicon) }),
    references: referenceRows(subject, totals),
    roofs: roofsOf(hardware),
  };
}

interface Scope extends Pick<Subject, "hardware" | "workload"> {
  readonly ops: readonly OpTally[];
  readonly prices: PriceList;
  readonly stats: Stats;
  readonly finish: number;
  readonly seconds: (ticks: number) => number;
  readonly matrices: Matrices;
}

/** What each unit that multiplies could do on one device, in a second, and all of them together on all devices. */
interface Matrices {
  readonly peaks: readonly (readonly [unit: string, peak: number])[];
  readonly peak: number;
}

function matricesOf({ units, devices }: Hardware): Matrices {
  const peaks = Object.entries(units).flatMap(([name, { spec }]): readonly (readonly [string, number])[] => {
    const { macs } = spec.peak;
    return macs === undefined ? [] : [[name, macs]];
  });
  return { peaks, peak: peaks.reduce((sum, [, peak]) => sum + peak, 0) * devices };
}

const energyOf = ({ prices, seconds }: Scope, tally: Tally): Energy =>
  price(prices, tally.counts, seconds(finishingTicks(tally)));

/** The time and the work of several ops together. */
function rowOf(scope: Scope, tally: Tally, energy = energyOf(scope, tally)): Spent & Done {
  const { hardware, seconds, finish } = scope;
  const ticks = finishingTicks(tally);
  const latencySeconds = seconds(ticks);
  const macs = macsIn(tally.counts);
  return {
    latencySeconds,
    latencyCycles: (ticks * hardware.clock) / hardware.tickRate,
    share: ticks / finish,
    macs,
    bytes: bytesIn(tally.counts),
    utilization: utilizationOf(scope, tally, macs, latencySeconds),
    energyJoules: energy.totalJoules,
  };
}

function utilizationOf(
  { seconds, matrices }: Scope,
  { busy }: Tally,
  macs: number,
  latencySeconds: number,
): number {
  const working = matrices.peaks.reduce((sum, [unit, peak]) => sum + peak * seconds(busy.get(unit) ?? 0), 0);
  // An op that hides behind others holds the run up for less time than it works.
  const available = Math.max(matrices.peak * latencySeconds, working);
  return available === 0 ? 0 : macs / available;
}

function phaseRows(scope: Scope): readonly PhaseRow[] {
  return [...groupBy(scope.ops, ({ phase }) => phase)].map(([name, group]) => {
    const tokens = scope.workload.phases
      .filter((each) => each.name === name)
      .reduce((sum, { steps, tokensPerStep }) => sum + steps * tokensPerStep * scope.workload.task.batch, 0);
    const row = rowOf(scope, sumOf(group));
    return { name, tokens, secondsPerToken: tokens === 0 ? 0 : row.latencySeconds / tokens, ...row };
  });
}

function blockOf(op: string): string {
  const dot = op.indexOf(".");
  return dot < 0 ? op : op.slice(0, dot);
}

function layerRows(scope: Scope): readonly LayerRow[] {
  const groups = groupBy(scope.ops, ({ phase, op }) => `${phase} ${blockOf(op)}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const block = blockOf(first.op);
    const times =
      scope.workload.phases.flatMap(({ blocks }) => blocks).find(({ name }) => name === block)?.times ?? 1;
    const tally = sumOf(group);
    const energy = energyOf(scope, tally);
    const row = rowOf(scope, tally, energy);
    const { byComponent } = energy;
    const bound = boundOf(tally);
    return [{ phase: first.phase, block, times, ...row, energyByComponent: byComponent, boundBy: bound }];
  });
}

function opRows(scope: Scope, mappings: readonly OpProof[]): readonly OpRow[] {
  const proofs = new Map(mappings.map(({ phase, op, mapping }) => [`${phase} ${op}`, mapping]));
  const kinds = new Map(opsOf(scope.workload).map(({ name, op }) => [name, op.kind]));
  const groups = groupBy(scope.ops, ({ phase, op }) => `${phase} ${op}`);
  const inSeconds = (ticks: ReadonlyMap<string, number>): Readonly<Record<string, number>> => {
    const record: Record<string, number> = {};
    for (const [name, amount] of ticks) record[name] = scope.seconds(amount);
    return record;
  };
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { phase, op } = first;
    const tally = sumOf(group);
    const bounds = boundsOf(tally);
    const mapping = proofs.get(`${phase} ${op}`);
    return [
      {
        phase,
        block: blockOf(op),
        op,
        kind: kinds.get(op) ?? "machine",
        ...rowOf(scope, tally),
        boundBy: bounds[0] ?? null,
        bounds,
        busySeconds: inSeconds(tally.busy),
        stallSeconds: inSeconds(tally.stalls),
        ...(mapping === undefined ? {} : { mapping }),
      },
    ];
  });
}

const boundOf = (tally: Tally): Bound | null => boundsOf(tally)[0] ?? null;

const deviceRows = ({ ops }: Scope): readonly DeviceRow[] =>
  [...groupBy(ops, ({ device }) => String(device))].map(([device, group]) => {
    const tally = sumOf(group);
    return { device: Number(device), macs: macsIn(tally.counts), bytes: bytesIn(tally.counts) };
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
