/** The Eyeriss chip: clocks, run-length coding, how it mapped the layers of AlexNet and VGG-16, and how many zeros it met. */
import type { RowStationary } from "../mapping/row-stationary.ts";

/** Chen et al., JSSC 2017: core and link clock of tables V and VI (read); the link of 64 bit and words of 16 (recalled). */
export const chip = { coreHertz: 200e6, linkHertz: 60e6, linkBits: 64, wordBits: 16 };

/** JSSC 2017, run-length compression (read): three pairs of a run of zeros and the value behind it, in 64 bit. */
export const coding = { pairs: 3, bits: 64 };

export interface ChipLayer extends RowStationary {
  /** Share of zeros in the layer's inputs and, as the next layer's inputs have them, in its results. */
  readonly zeros: number;
  readonly zerosOut: number;
}

/** Chen et al., JSSC 2017: table III, and zeros of table V; the first layer's inputs are not compressed. */
const alexnet: readonly ChipLayer[] = [
  { m: 96, n: 1, e: 7, p: 16, q: 1, r: 1, t: 2, zeros: 0, zerosOut: 0.387 },
  { m: 64, n: 1, e: 27, p: 16, q: 2, r: 1, t: 1, zeros: 0.387, zerosOut: 0.725 },
  { m: 64, n: 4, e: 13, p: 16, q: 4, r: 1, t: 4, zeros: 0.725, zerosOut: 0.793 },
  { m: 64, n: 4, e: 13, p: 16, q: 3, r: 2, t: 2, zeros: 0.793, zerosOut: 0.776 },
  { m: 64, n: 4, e: 13, p: 16, q: 3, r: 2, t: 2, zeros: 0.776, zerosOut: 0.776 },
];

/**
 * VGG-16's mappings are not published. Derived from table VI: channels of a pass (q r) from the accesses to the buffer, where sums
 * are read and written once a pass; e from the active PEs; m as the sums of a strip fill 100 KB. Latencies and accesses to DRAM test it.
 */
const early = { n: 1, e: 13, q: 1, r: 1, t: 4 };
const vgg16: readonly ChipLayer[] = [
  { ...early, m: 16, p: 4, zeros: 0, zerosOut: 0.477 },
  { ...early, m: 16, p: 4, zeros: 0.477, zerosOut: 0.248 },
  { ...early, m: 32, p: 8, zeros: 0.248, zerosOut: 0.387 },
  { ...early, m: 32, p: 8, zeros: 0.387, zerosOut: 0.397 },
  { ...early, m: 64, p: 16, q: 2, zeros: 0.397, zerosOut: 0.581 },
  { ...early, m: 64, p: 16, q: 2, zeros: 0.581, zerosOut: 0.587 },
  { ...early, m: 64, p: 16, q: 2, zeros: 0.587, zerosOut: 0.643 },
  { m: 32, n: 1, e: 28, p: 16, q: 4, r: 1, t: 2, zeros: 0.643, zerosOut: 0.747 },
  { m: 32, n: 1, e: 28, p: 16, q: 4, r: 1, t: 2, zeros: 0.747, zerosOut: 0.854 },
  { m: 32, n: 1, e: 28, p: 16, q: 4, r: 1, t: 2, zeros: 0.854, zerosOut: 0.794 },
  { m: 64, n: 3, e: 14, p: 16, q: 4, r: 2, t: 2, zeros: 0.794, zerosOut: 0.874 },
  { m: 64, n: 3, e: 14, p: 16, q: 4, r: 2, t: 2, zeros: 0.874, zerosOut: 0.885 },
  { m: 64, n: 3, e: 14, p: 16, q: 4, r: 2, t: 2, zeros: 0.885, zerosOut: 0.885 },
];

export const chipLayers: Readonly<Record<string, readonly ChipLayer[]>> = { alexnet, "vgg-16": vgg16 };
