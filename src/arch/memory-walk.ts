/**
 * What a memory of any model is to a program: ways to walk it, each with a rate and a latency; loads and stores share it.
 * Models: rate and latency of each walk, what else a walk makes happen (activates), access granularity, capacity.
 * Ignores: how a walk comes to its rate, which each model finds when the machine is resolved (memory.ts, memory-banked.ts).
 * Source: ours.
 */
import { type Amount, scaled, timesAmount } from "../amount.ts";
import type { Bytes, Ticks, Watts } from "../quantity.ts";
import type { Cost, SpecBase } from "./component.ts";
import type { MemoryPart } from "./memory-part.ts";

export interface MemorySpec extends SpecBase {
  readonly capacity: Bytes;
  /** The least that one access moves. */
  readonly granule: number;
  readonly channels: number;
  /** Sets of channels that walks take apart from each other. */
  readonly parts?: readonly MemoryPart[];
  /** By name; "other" is for work that names none of them. */
  readonly walks: { readonly other: Walk } & Readonly<Record<string, Walk>>;
  /** What its own data sheet says that it takes; absent where a technology table is to price its bytes. */
  readonly energy?: MemoryEnergy;
}

/** A way to go through the memory: a stream of weights, scattered rows of a cache. */
export interface Walk {
  /** In the words of the machine's YAML. */
  readonly pattern: string;
  /** The channels that share its bytes evenly. */
  readonly channels: readonly number[];
  /** So many ticks for so many bytes, in lowest terms; over all its channels. */
  readonly ticksPerBytes: readonly [ticks: number, bytes: number];
  /** From a request, when no other waits, to its data. */
  readonly latency: Ticks;
  /** What else it counts: so many of an action for so many bytes. */
  readonly also: Readonly<Record<string, readonly [count: number, bytes: number]>>;
}

export interface MemoryEnergy {
  /** Joules of one of each action; what is not here has no price. */
  readonly actions: Readonly<Record<string, number>>;
  /** Standby and refresh of all channels. */
  readonly background: Watts;
}

export interface MemoryWork {
  readonly direction: "read" | "write";
  readonly bytes: Amount;
  /** Bytes that lie together, when less than all: each such piece is an access of its own. */
  readonly chunk?: number;
  /** How it goes through the memory; a memory that does not tell this walk apart takes it as any other. */
  readonly walk?: string;
}

/** The cost on a memory of any model. */
export function memoryCost(spec: MemorySpec, { direction, bytes, chunk, walk }: MemoryWork): Cost {
  const { ticksPerBytes, latency, also } = walkOf(spec, walk);
  const scattered = chunk !== undefined && chunk < spec.granule;
  const moved = scattered ? timesAmount(spec.granule, scaled(bytes, 1, chunk)) : bytes;
  const counts: Record<string, Amount> = { [direction === "read" ? "readBytes" : "writeBytes"]: moved };
  for (const [action, [count, per]] of Object.entries(also)) counts[action] = scaled(moved, count, per);
  return { occupancy: scaled(moved, ...ticksPerBytes), latency, counts };
}

export const walkOf = ({ walks }: MemorySpec, name = "other"): Walk =>
  Object.hasOwn(walks, name) ? (walks[name] ?? walks.other) : walks.other;

/** The action by which the bytes of a walk are counted apart. */
export const walkAction = (name: string): string => `walk.${name}`;
