/** Accesses to each memory, counted link by link, and their energy. */
import type { MemoryLevel, MemoryPort, Operand, Way } from "../arch/operand-hierarchy.ts";
import { type Link, settled } from "./link.ts";
import type { Problem } from "./problem.ts";

/** Accesses of a port's full width; one that moves less than the smallest access counts as that. */
export interface Traffic {
  readonly memory: string;
  readonly operand: Operand;
  readonly way: Way;
  readonly accesses: number;
  /** Elements that move, whatever the width of the port, and their bytes. */
  readonly elements: number;
  readonly bytes: number;
}

/** A transfer through one port in each period of its link. */
export interface Transfer {
  readonly link: Link;
  readonly memory: MemoryLevel;
  readonly port: MemoryPort;
  readonly way: Way;
  /** Of an element. */
  readonly width: number;
  /** In one instance of the memory, in one period. */
  readonly bits: number;
  readonly instances: number;
}

/** Down go inputs, weights and partial sums; up go outputs. The memory above deals out to all below it. */
export function transfersOf(problem: Problem, link: Link): readonly Transfer[] {
  const { operand, lower, upper, partial } = link;
  const ways = operand !== "O" ? loads : partial ? bothWays : stores;
  const width = bitsOf(problem, link);
  const transfers: Transfer[] = [];
  for (const { high, way } of ways) {
    const memory = high ? upper : lower;
    if (memory === undefined) continue;
    const port = portOf(memory, operand, way);
    const bits = high ? link.elements * link.fan * width : link.elements * width;
    transfers.push({
      link,
      memory,
      port,
      way,
      width,
      bits,
      instances: high ? link.upperInstances : link.lowerInstances,
    });
  }
  return transfers;
}

const loads = [
  { high: true, way: "toLower" },
  { high: false, way: "fromHigher" },
] as const;
const stores = [
  { high: true, way: "fromLower" },
  { high: false, way: "toHigher" },
] as const;
const bothWays = [...loads, ...stores];

export function trafficOf(transfer: Transfer): Traffic {
  const { link, memory, port, way, width, bits, instances } = transfer;
  const times = link.count * instances;
  const elements = Math.round((memory === link.upper ? link.elements * link.fan : link.elements) * times);
  return {
    memory: memory.name,
    operand: link.operand,
    way,
    accesses: accessesOf(port, bits, times),
    elements,
    bytes: Math.ceil((elements * width) / 8),
  };
}

/** Elements handed from multiplier to multiplier: what all below take, beyond what the memory above deals out; sums likewise. */
export function hopsOf({ operand, partial, ...link }: Link): number {
  const ways = operand === "O" ? (partial ? 2 : 1) : 1;
  return ways * hopsBetween(link.elements, link) * link.count;
}

/** In one period and one way. */
export const hopsBetween = (
  elements: number,
  { fan, lowerInstances, upperInstances }: Pick<Link, "fan" | "lowerInstances" | "upperInstances">,
): number => Math.max(0, elements * (lowerInstances - fan * upperInstances));

/** Accesses of the port's full width for `times` moves of `bits`; whole ones, as ZigZag counts them. */
export const accessesOf = ({ accessBits, bitsPerCycle }: MemoryPort, bits: number, times: number): number =>
  Math.floor(settled(Math.ceil(settled(bits / accessBits)) * (accessBits / bitsPerCycle) * times));

/** Cycles that a port takes to move so many bits. */
export const portCycles = ({ bitsPerCycle }: MemoryPort, bits: number): number =>
  Math.ceil(settled(bits / bitsPerCycle));

/** Joules of one access of the port's full width. */
export function accessEnergy(memory: MemoryLevel, { bitsPerCycle }: MemoryPort, way: Way): number {
  const { readEnergy, writeEnergy, word = bitsPerCycle } = memory;
  return ((way === "toLower" || way === "toHigher" ? readEnergy : writeEnergy) * bitsPerCycle) / word;
}

export const bitsOf = ({ bits }: Problem, { operand, partial }: Link): number =>
  operand === "O" && partial ? bits.partial : bits[operand];

/** @throws Error for a hierarchy that gives the operand no port that way; `hierarchyMisfits` says so first. */
export function portOf(memory: MemoryLevel, operand: Operand, way: Way): MemoryPort {
  for (const port of memory.ports)
    for (const move of port.moves) if (move.operand === operand && move.way === way) return port;
  throw new Error(`${memory.name} has no port for ${operand} ${way}`);
}
