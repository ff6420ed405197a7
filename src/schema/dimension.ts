/**
 * The dimensions that a config may ask for, and the plain units that spell them ("460 GB/s" is GB over s).
 * The table is a fast way to read the usual form; mathjs (expression.ts) is the authority, and a test holds the
 * two equal for every entry.
 */

export interface Dimension {
  /** With its article, for error texts. */
  readonly name: string;
  readonly examples: readonly [string, ...string[]];
  /** The mathjs unit in which a value is handed on. */
  readonly unit: string;
  /** What the plain units measure: a base, or one base over another. Absent: a number without a unit. */
  readonly of?: string;
  /** From the table's bases (bit, s, Hz, J, W, cycle) to `unit`. A power of two, so that it costs no precision. */
  readonly scale: number;
}

export type DimensionName = keyof typeof dimensions;

export const dimensions = {
  bandwidth: {
    name: "a bandwidth",
    examples: ["460 GB/s", "100 Gbit/s"],
    unit: "B/s",
    of: "data/time",
    scale: 1 / 8,
  },
  frequency: { name: "a frequency", examples: ["200 MHz"], unit: "Hz", of: "frequency", scale: 1 },
  duration: { name: "a duration", examples: ["120 ns"], unit: "s", of: "time", scale: 1 },
  cycles: { name: "a number of cycles", examples: ["12 cycles"], unit: "cycle", of: "cycle", scale: 1 },
  capacity: { name: "a capacity", examples: ["8 MiB", "8 GB"], unit: "B", of: "data", scale: 1 / 8 },
  width: { name: "a width", examples: ["512 bit", "64 B"], unit: "bit", of: "data", scale: 1 },
  bytesPerCycle: {
    name: "a rate per cycle",
    examples: ["64 B/cycle"],
    unit: "B/cycle",
    of: "data/cycle",
    scale: 1 / 8,
  },
  energy: { name: "an energy", examples: ["3.2 pJ"], unit: "J", of: "energy", scale: 1 },
  energyPerBit: {
    name: "an energy per bit",
    examples: ["3.9 pJ/bit"],
    unit: "J/B",
    of: "energy/data",
    scale: 8,
  },
  power: { name: "a power", examples: ["25 W"], unit: "W", of: "power", scale: 1 },
  area: { name: "an area", examples: ["282 um2", "3.5 mm2"], unit: "um2", of: "area", scale: 1 },
  number: { name: "a number without a unit", examples: ["2 * 16"], unit: "", scale: 1 },
} as const satisfies Record<string, Dimension>;

interface PlainUnit {
  readonly of: string;
  /** How many of the base: times / per. Two numbers, both exact, so that 120 ns is the float nearest to 1.2e-7. */
  readonly times: number;
  readonly per: number;
}

const small = { m: 1e3, u: 1e6, n: 1e9, p: 1e12, f: 1e15 };
const large = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 };
const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };

/** Every plain unit by its symbol: B, kB, KiB, ... Case counts: GB is bytes, Gb is bits. */
export const plainUnits: ReadonlyMap<string, PlainUnit> = new Map([
  ...family("B", "data", 8, {}, { ...large, ...binary }),
  ...family("bit", "data", 1, {}, { ...large, ...binary }),
  ...family("bits", "data", 1, {}, {}),
  ...family("b", "data", 1, {}, { ...large, ...binary }),
  ...family("bps", "data/time", 1, {}, large),
  ...family("s", "time", 1, small, {}),
  ...family("Hz", "frequency", 1, {}, large),
  ...family("J", "energy", 1, small, { k: 1e3 }),
  ...family("W", "power", 1, small, { k: 1e3 }),
  ...family("cycle", "cycle", 1, {}, {}),
  ...family("cycles", "cycle", 1, {}, {}),
  ...family("um2", "area", 1, {}, {}),
  ...family("mm2", "area", 1e6, {}, {}),
]);

/** The plain form of a unit, "GB" or "GB/s"; undefined where it is not in the table. */
export function plainUnit(text: string): PlainUnit | undefined {
  const [over = "", under, more] = text.split("/");
  const numerator = plainUnits.get(over);
  if (under === undefined || numerator === undefined || more !== undefined) return numerator;
  const denominator = plainUnits.get(under);
  if (denominator === undefined) return undefined;
  return {
    of: `${numerator.of}/${denominator.of}`,
    times: numerator.times * denominator.per,
    per: numerator.per * denominator.times,
  };
}

/** All plain spellings of one dimension: for completion in editors, for the nearest unit in an error, for the test against mathjs. */
export function spellings({ of }: Dimension): readonly string[] {
  if (of === undefined) return [];
  const [over = "", under] = of.split("/");
  if (under === undefined) return symbolsOf(over);
  const ratios = symbolsOf(over).flatMap((top) => symbolsOf(under).map((bottom) => `${top}/${bottom}`));
  return [...symbolsOf(of), ...ratios];
}

/** The plain units that measure one base: of "data", B, kB, KiB, ... */
export function symbolsOf(base: string): readonly string[] {
  return [...plainUnits].flatMap(([symbol, unit]) => (unit.of === base ? [symbol] : []));
}

function family(
  symbol: string,
  of: string,
  base: number,
  divided: Readonly<Record<string, number>>,
  multiplied: Readonly<Record<string, number>>,
): [string, PlainUnit][] {
  return [
    [symbol, { of, times: base, per: 1 }],
    ...Object.entries(divided).map(([prefix, per]): [string, PlainUnit] => [
      prefix + symbol,
      { of, times: base, per },
    ]),
    ...Object.entries(multiplied).map(([prefix, times]): [string, PlainUnit] => [
      prefix + symbol,
      { of, times: base * times, per: 1 },
    ]),
  ];
}
