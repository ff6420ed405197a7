/**
 * An array of multipliers and the memories around it, each with the operands that live there: what a loop nest is mapped on.
 * Models: capacity, ports with what goes through them, multicast over dimensions of the array, energy of an access, buffering.
 * Ignores: banks, the network between memories, leakage.
 * Source: the hardware description of ZigZag (Mei et al., IEEE Transactions on Computers 2021).
 */
import type { Bits, Joules } from "../quantity.ts";

export const operands = ["O", "W", "I"] as const;
/** Outputs, weights (the right operand of a product) and inputs (the left one). */
export type Operand = (typeof operands)[number];

export interface OperandHierarchy {
  readonly name: string;
  readonly array: readonly ArrayDimension[];
  readonly macEnergy: Joules;
  /** Handing an element from one multiplier to its neighbour: copies of what is multicast, and sums on their way to be collected. */
  readonly hopEnergy: Joules;
  /** From the multipliers outwards. An operand moves from each memory that holds it to the next one; the last holds all of it. */
  readonly memories: readonly MemoryLevel[];
}

export interface ArrayDimension {
  readonly name: string;
  readonly size: number;
}

export interface MemoryLevel {
  readonly name: string;
  /** Of one instance. */
  readonly capacity: Bits;
  readonly operands: readonly Operand[];
  /** Operands that a mapping may keep out of it. */
  readonly mayBypass: readonly Operand[];
  /** The width that its energies are for: a word of the memory. Absent: the full width of whichever port is used. */
  readonly word?: Bits;
  /** One access. */
  readonly readEnergy: Joules;
  readonly writeEnergy: Joules;
  readonly ports: readonly MemoryPort[];
  /** The dimensions of the array that one instance spans: it multicasts over them, and collects sums. */
  readonly spans: readonly string[];
  /**
   * double: a tile takes twice its size, and the next one arrives meanwhile; single: it arrives when the last use of the one
   * before has begun; room: double where the space left over allows; stream: what is used up is replaced at once, from a queue.
   */
  readonly buffering: "double" | "single" | "room" | "stream";
}

export interface MemoryPort {
  readonly name: string;
  readonly bitsPerCycle: number;
  /** The smallest access; narrower ones cost as much. */
  readonly accessBits: number;
  readonly moves: readonly Move[];
}

/** An operand's way through a port: reads that feed what is below or store above, writes of what comes from there. */
export interface Move {
  readonly operand: Operand;
  readonly way: Way;
}

export const ways = ["toLower", "fromLower", "toHigher", "fromHigher"] as const;
export type Way = (typeof ways)[number];
