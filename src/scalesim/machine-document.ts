/**
 * A SCALE-Sim config as a machine of ours, in YAML: the same array, buffers and bandwidths, and what it does not say assumed aloud.
 * Source: SCALE-Sim v2 and v3: a word is a byte, folds are serial and whole, buffers are double, an operand has a port of its own.
 */
import type { ScaleSimConfig } from "./config.ts";

export interface Document {
  /** Good for a file. */
  readonly name: string;
  readonly text: string;
  /** What a person should know, each with what to change. */
  readonly notes: readonly string[];
}

/** @param file as the comments name it */
export function machineDocument(config: ScaleSimConfig, file: string): Document {
  const { arrayRows: rows, arrayColumns: columns, dataflow, bandwidthMode } = config;
  const from = (key: string): string => `source: ${JSON.stringify(`${file}: ${key}`)}, sure: read`;
  const assumed = (why: string): string => `source: ${JSON.stringify(why)}, sure: assumed`;
  const scalesim = "SCALE-Sim has no such thing; too fast to be seen";
  const port = bandwidthOf(config);
  const notes = notesOf(file, config, bandwidthMode === "fixed");
  const selects = config.sparsity.supported;
  const wide = 8 * Math.max(rows, columns);
  const never = "SCALE-Sim's buffers never wait";
  const operand = {
    bits: wide * (selects ? mostSpread : 1),
    why: selects
      ? `${mostSpread} times as wide as the array, for 1:${mostSpread}: ${never}`
      : `as wide as the array: ${never}`,
  };
  const sums = { bits: 4 * wide, why: `as wide as the array, sums of up to 32 bit: ${never}` };
  const buffer = (name: string, words: number, key: string, width = operand): string => `  ${name}:
    kind: scratchpad
    capacity: { value: ${words / 1024} KiB, ${from(key)} }
    width: { value: ${width.bits} bit, ${assumed(width.why)} }
    ports: separate  # one for reads and one for writes, as a double buffer has
    latency: { value: 1 cycles, ${assumed("SCALE-Sim's hit latency")} }
`;
  const text = `# Imported from ${file}. A word of SCALE-Sim is a byte. What it does not say is assumed, each value with its reason.
name: ${JSON.stringify(config.runName)}
source: ${JSON.stringify(`SCALE-Sim config ${file}`)}
clock: { value: 1 GHz, ${assumed("SCALE-Sim counts cycles only")} }
devices: 1
notes:
${notes.map((note) => `  - ${JSON.stringify(note)}\n`).join("")}
dataflow:
  name: systolic
  fuse: false
  sumWidth: { value: 8 bit, ${assumed("a word of SCALE-Sim; accumulators have 32 bit")} }
  buffering: double

sequencer:
  depth: { value: 8, ${assumed(scalesim)} }
  issue: { value: 0 cycles, ${assumed(scalesim)} }

units:
  memory:
    kind: ddr
    channels: 1
    width: { value: ${8 * port.words} bit, ${port.why.read ? from(port.why.text) : assumed(port.why.text)} }
    transfersPerCycle: 1
    capacity: { value: 1 TiB, ${assumed("SCALE-Sim's memory has no size")} }
    granule: { value: 1 B, ${assumed("SCALE-Sim moves words")} }
    efficiency: {}
    latency: {}
  array:
    kind: ${selects ? "nm-systolic  # SparsitySupport: each PE chooses the operand of its kept weight, out of any M" : "systolic"}
    precision: int8
    rows: { value: ${rows}, ${from("ArrayHeight")} }
    columns: { value: ${columns}, ${from("ArrayWidth")} }
    arrays: 1
    stationary: ${stationaries[dataflow]}  # Dataflow: ${dataflow}
    folds: serial  # as SCALE-Sim; overlapped for weights loaded behind the computing ones
    edges: full  # as SCALE-Sim; shrunk for folds that take as long as what they use
  vector:
    kind: vector
    precision: fp32
    lanes: { value: ${columns}, ${assumed("one for each column; SCALE-Sim has none")} }
    add: { value: 1 cycles, ${assumed(scalesim)} }
    multiply: { value: 1 cycles, ${assumed(scalesim)} }
    exponential: { value: 1 cycles, ${assumed(scalesim)} }
    reciprocal: { value: 1 cycles, ${assumed(scalesim)} }
    reciprocalSquareRoot: { value: 1 cycles, ${assumed(scalesim)} }
${buffer("inputs", config.ifmapWords, "IfmapSramSzkB")}${buffer("weights", config.filterWords, "FilterSramSzkB")}${buffer("results", config.ofmapWords, "OfmapSramSzkB", sums)}
energy:
  table: jouppi-7nm
  staticPower: { value: 0 W, ${assumed("SCALE-Sim has no power")} }
`;
  return { name: config.runName, text, notes };
}

/** Operands that a row of PEs is brought for each kept weight, in place of SCALE-Sim's ports without a width. */
const mostSpread = 16;

const stationaries = { ws: "weights", os: "outputs", is: "inputs" } as const;

/** Words a cycle of the one memory that stands for the ports of all operands. */
function bandwidthOf(config: ScaleSimConfig): {
  readonly words: number;
  readonly why: { readonly text: string; readonly read: boolean };
} {
  const { arrayRows, arrayColumns, bandwidthMode, bandwidth, layout } = config;
  if (bandwidthMode === "estimate")
    return {
      words: arrayRows + 2 * arrayColumns,
      why: {
        text: "InterfaceBandwidth CALC: memory is as fast as the array asks, a word for each edge",
        read: false,
      },
    };
  const [ifmap = bandwidth, filter = bandwidth] = [layout.ifmap.bandwidth, layout.filter.bandwidth];
  const text =
    ifmap === bandwidth && filter === bandwidth
      ? `Bandwidth, ${bandwidth} words a cycle for each of three operands`
      : `Bandwidth and the layout's bank bandwidths, ${ifmap} + ${filter} + ${bandwidth} words a cycle`;
  return { words: ifmap + filter + bandwidth, why: { text, read: true } };
}

function notesOf(file: string, { ramulator, sparsity, layout }: ScaleSimConfig, fixed: boolean): string[] {
  const note = (text: string): string => `${file}: ${text}`;
  return [
    note("SCALE-Sim names no clock; 1 GHz is assumed (clock)"),
    note("partial sums have 8 bits, as in SCALE-Sim; accumulators have more (dataflow.sumWidth)"),
    fixed
      ? note(
          "each operand has a memory port of its own in SCALE-Sim; here all share one of the sum (units.memory)",
        )
      : note("memory is never waited for with CALC; name a real one to see stalls (units.memory)"),
    ...(ramulator
      ? [note("Ramulator is left out; a banked memory does its work (units.memory: model: banked)")]
      : []),
    ...(layout.ifmap.custom || layout.filter.custom
      ? [note("custom bank layouts are left out: buffers have one port as wide as the array")]
      : []),
    ...(sparsity.supported ? sparsityNotes(sparsity).map(note) : []),
  ];
}

/** What of its sparsity is a workload's, or is taken otherwise. */
function sparsityNotes({ representation, rowWise, blockSize }: ScaleSimConfig["sparsity"]): string[] {
  return [
    "sparsity: this array skips what a workload's N:M leaves out, at any M (units.array.group limits it); each workload says its N:M by layer",
    ...(rowWise
      ? [
          `OptimizedMapping is left out: SCALE-Sim draws an N of up to ${Math.floor(blockSize / 2)}:${blockSize} for each filter (BlockSize) in place of the layers' own; as time goes by the fullest filter, weights: { kind: nm, n: [..], m: ${blockSize} } of a layer does the same`,
        ]
      : []),
    ...(representation === "ellpack_block"
      ? []
      : [
          `SparseRep ${representation} is left out: N:M weights are stored with an index for each, as ellpack_block; indices and pointers of ${representation} change the bytes of weights only`,
        ]),
  ];
}
