/** A memory of a hierarchy that a pencil can follow: one port for everything, one price for everything. */
import { type MemoryLevel, type Operand, ways } from "../../src/arch/operand-hierarchy.ts";
import { bits, joules } from "../../src/quantity.ts";

interface Numbers {
  /** Bits. */
  readonly capacity?: number;
  /** Bits a cycle of the port, and of an access. */
  readonly width?: number;
  /** Joules of an access. */
  readonly price?: number;
  readonly mayBypass?: readonly Operand[];
}

export const pencilMemory = (
  name: string,
  held: readonly Operand[],
  { capacity = 1e6, width = 8, price = 1, mayBypass = [] }: Numbers = {},
): MemoryLevel => ({
  name,
  capacity: bits(capacity),
  operands: held,
  mayBypass,
  readEnergy: joules(price),
  writeEnergy: joules(price),
  spans: [],
  buffering: "single",
  ports: [
    {
      name: "port",
      bitsPerCycle: width,
      accessBits: width,
      moves: held.flatMap((operand) => ways.map((way) => ({ operand, way }))),
    },
  ],
});
