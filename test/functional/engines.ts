/** The engine of the RTL, as the closed forms and the micro-model take it. */
import type { EngineTiming } from "../../src/arch/butterfly-timing.ts";

export const asBuilt: EngineTiming = {
  units: 4,
  gather: 4,
  pipeline: { butterfly: 8, fft: 10 },
  turn: 1,
  read: 4,
  release: 1,
  scatter: 2,
  shortcut: 3,
  layerNorm: { add: 1, multiply: 2, divide: 16, reciprocalSquareRoot: 5, registers: 8 },
};
