/**
 * What a run tells: plain, JSON-safe data with a version. Field names carry SI units. Documented in docs/report.md.
 * Derived from stats, never stored twice; every renderer works from this and nothing else.
 */
import type { FpgaPower } from "../area/fpga-power.ts";
import type { MachineResources } from "../area/machine-resources.ts";
import type { SiliconArea } from "../area/silicon-area.ts";
import type { MappingProof } from "../mapping/proof.ts";
import type { Provenance } from "../schema/provenance.ts";

export const schemaVersion = 1;

/** What simulating gives: a report, or why the design does not fit. */
export type Result =
  | { readonly status: "done"; readonly report: Report }
  | { readonly status: "unfit"; readonly reason: string; readonly misfits: readonly Misfit[] };

export interface Misfit {
  readonly what: string;
  readonly arithmetic: string;
}

/** A result under its name; on the command line always in a list. */
export interface RunResult {
  readonly name: string;
  /** What sets this run apart from the others of its experiment. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly result: Result;
  /** Beside another run of the experiment, where it names one. */
  readonly against?: Against;
  /** Where the experiment's runs are points of curves. */
  readonly curve?: CurvePoint;
}

/** This run against another; ratios and differences are this over and this less the other. */
export interface Against {
  readonly run: string;
  /** As the experiment says. */
  readonly because?: string;
  readonly speedup: number;
  readonly latencySeconds: number;
  readonly macs: number;
  readonly parameters: number;
  readonly energy: number;
  /** Where times differ, the largest difference first; they sum to `latencySeconds`. */
  readonly ops: readonly OpDifference[];
}

export interface OpDifference {
  readonly phase: string;
  readonly op: string;
  readonly latencySeconds: number;
  readonly boundBy: Bound | null;
  readonly otherBoundBy: Bound | null;
}

export interface CurvePoint {
  /** What grows along the curve; its value is among the run's parameters. */
  readonly along: string;
  /** Over the curve's first point. */
  readonly speedup: number;
  /** Latency of the curve's last point over this one's. */
  readonly ofFastest: number;
  /** What the step to the next point saves for what it adds, over the average of the whole curve. Absent at the last point. */
  readonly marginalReturn?: number;
  /** All steps from here on return less than the experiment's `flat`. */
  readonly saturated: boolean;
}

export interface Report {
  readonly schemaVersion: typeof schemaVersion;
  readonly provenance: RunProvenance;
  /** What the machine would get wrong though it runs: hazards, capacities passed over, each with the reason. */
  readonly warnings: readonly string[];
  readonly totals: Totals;
  readonly phases: readonly PhaseRow[];
  /** The blocks of the network (embedding, decoder, head) and what the machine adds, by phase; `times` layers together. */
  readonly layers: readonly LayerRow[];
  readonly ops: readonly OpRow[];
  readonly devices: readonly DeviceRow[];
  readonly units: readonly UnitRow[];
  readonly memories: readonly MemoryRow[];
  readonly energy: EnergyRows;
  /** What one device takes of its FPGA, where the machine names one. */
  readonly resources?: ResourceRows;
  /** What one device takes of silicon, where the machine names a node: a lower bound, see docs/area.md. */
  readonly area?: SiliconArea;
  readonly references: readonly ReferenceRow[];
  readonly roofs: Roofs;
}

export interface RunProvenance {
  readonly tool: string;
  readonly hardware: {
    readonly name: string;
    readonly source: string;
    readonly devices: number;
    readonly resolved: unknown;
  };
  readonly workload: { readonly name: string; readonly source: string; readonly resolved: unknown };
  readonly dataflow: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
  readonly energyTable: string;
  /** Every number of the configuration that says where it comes from. */
  readonly numbers: readonly Provenance[];
  /** Simulation is deterministic and draws no random numbers. */
  readonly seed: null;
}

export interface Totals {
  readonly latencySeconds: number;
  /** In cycles of the machine's clock. */
  readonly latencyCycles: number;
  readonly tokens: { readonly input: number; readonly output: number };
  /** Output tokens over the whole latency; of an encoder, which writes none, the tokens read. */
  readonly tokensPerSecond: number;
  /** Of an encoder: sequences over the whole latency. Absent where text is generated. */
  readonly inferencesPerSecond?: number;
  readonly energyJoules: number;
  readonly energyPerTokenJoules: number;
  readonly averagePowerWatts: number;
  /** Useful multiply-accumulates. */
  readonly macs: number;
  readonly macsPerSecond: number;
  /** Share of the peak of each unit that does MACs or moves bytes, all devices together. */
  readonly utilization: Readonly<Record<string, number>>;
  readonly parameters: number;
  readonly parameterBytes: number;
  /** The most bytes of activations that are needed at one time, by the graph alone: branches and residuals included, caches not. */
  readonly peakActivationBytes: number;
}

/** Where time went. Summed over all rows of a table, `latencySeconds` is the total exactly. */
export interface Spent {
  readonly latencySeconds: number;
  readonly latencyCycles: number;
  /** Of the total. */
  readonly share: number;
}

/** What was done meanwhile, all devices together. */
export interface Done {
  readonly macs: number;
  /** By memory or link: "hbm", "ring". */
  readonly bytes: Readonly<Record<string, number>>;
  /** Useful MACs over what the matrix units could have done in the time, or in the time that they worked for the row if that is longer. */
  readonly utilization: number;
  readonly energyJoules: number;
}

export interface PhaseRow extends Spent, Done {
  readonly name: string;
  readonly tokens: number;
  readonly secondsPerToken: number;
}

/** What a row waited for: a unit's rate (its throughput) or its latency (pipeline, issue, flight). Null for a row that was hidden behind others. */
export interface Bound {
  readonly unit: string;
  readonly limit: "rate" | "latency";
  /** Share of the row's time. */
  readonly share: number;
}

export interface LayerRow extends Spent, Done {
  readonly phase: string;
  readonly block: string;
  readonly times: number;
  /** What `energyJoules` went to: by unit, and "static". */
  readonly energyByComponent: Readonly<Record<string, number>>;
  readonly boundBy: Bound | null;
}

export interface OpRow extends Spent, Done {
  readonly phase: string;
  readonly block: string;
  readonly op: string;
  /** matmul, softmax .., or "machine" for work that the workload does not ask for (synchronisation, host). */
  readonly kind: string;
  readonly boundBy: Bound | null;
  /** Time in full, largest first. */
  readonly bounds: readonly Bound[];
  readonly busySeconds: Readonly<Record<string, number>>;
  /** Seconds that units stood free before this op's tasks, by what they waited for. */
  readonly stallSeconds: Readonly<Record<string, number>>;
  /** Of an op that a mapped machine runs by a loop nest. */
  readonly mapping?: MappingProof;
}

export interface DeviceRow {
  readonly device: number;
  readonly macs: number;
  readonly bytes: Readonly<Record<string, number>>;
}

export interface UnitRow {
  readonly device: number;
  /** "hbm.read". */
  readonly unit: string;
  readonly kind: string;
  readonly busySeconds: number;
  readonly starvedSeconds: number;
  readonly idleSeconds: number;
  /** busy / latency. */
  readonly busyShare: number;
}

export interface MemoryRow {
  readonly device: number;
  readonly memory: string;
  readonly capacityBytes: number;
  readonly peakBytes: number;
  /** Level over time, a line from point to point. */
  readonly levels: readonly { readonly seconds: number; readonly bytes: number }[];
  /** How traffic went through it; only of a memory that tells walks apart, `model: banked`. */
  readonly walks?: readonly WalkRow[];
  readonly channels?: ChannelRows;
}

export interface WalkRow {
  readonly walk: string;
  /** "chunks of 8192 B". */
  readonly pattern: string;
  /** Moved, and so with what only fills up tiles and accesses. */
  readonly bytes: number;
  /** That it goes over. */
  readonly channels: number;
  /** While nothing else runs. */
  readonly bytesPerSecond: number;
  /** Of the memory's. */
  readonly shareOfPeak: number;
  readonly latencySeconds: number;
}

export interface ChannelRows {
  /** By channel. */
  readonly bytes: readonly number[];
  /** The first of those that moved most; `utilization` is its share of what its port could have moved in the whole run. */
  readonly hottest: { readonly channel: number; readonly bytes: number; readonly utilization: number };
}

export interface EnergyRows {
  readonly totalJoules: number;
  readonly byComponent: Readonly<Record<string, number>>;
  readonly unpriced: readonly string[];
}

/** `bram` in blocks as the device counts them; `powerWatts` of one device by part, at the run's activity. */
export interface ResourceRows extends MachineResources {
  readonly powerWatts?: FpgaPower;
  /** Of all devices, where the price of the card is known. */
  readonly priceDollars?: number;
}

export interface ReferenceRow {
  readonly metric: "latencySeconds" | "tokensPerSecond";
  readonly measured: number;
  readonly published: number;
  /** (measured - published) / published. */
  readonly relativeError: number;
  readonly source: string;
  readonly sure: string;
  /** The row was used to fit a constant, so that its error says little. */
  readonly fitted: boolean;
}

/** What the machine could do at most. */
export interface Roofs {
  /** Units that do MACs, all devices together. */
  readonly compute: readonly ComputeRoof[];
  /** Memories and links, all devices together. */
  readonly bandwidth: readonly BandwidthRoof[];
}

export interface ComputeRoof {
  readonly unit: string;
  /** "fp16"; absent where the unit does not say. */
  readonly precision?: string;
  readonly macsPerSecond: number;
}

export interface BandwidthRoof {
  readonly unit: string;
  readonly kind: string;
  readonly bytesPerSecond: number;
  /** MACs a byte from which on the fastest compute unit is the lower roof. */
  readonly ridge: number;
}
