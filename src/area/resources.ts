/** What an FPGA is made of, and sums of it. */

/** `bram` in blocks of the device, so that half a block is 0.5; all others whole. */
export interface Resources {
  readonly lut: number;
  readonly ff: number;
  readonly dsp: number;
  readonly bram: number;
  readonly uram: number;
}

export const resourceNames = ["lut", "ff", "dsp", "bram", "uram"] as const satisfies (keyof Resources)[];

export interface UnitResources {
  readonly resources: Resources;
  /** Operators and memories that the fabric's table has no cost for: they are not in the sum. */
  readonly uncosted: readonly string[];
}

/** Of one piece; what is left out is none. */
export type Cost = { readonly [Name in keyof Resources]?: number | undefined };

export const none: Resources = { lut: 0, ff: 0, dsp: 0, bram: 0, uram: 0 };

/** `count` of each. */
export const several = (count: number, each: Cost): Resources =>
  resourcesBy((name) => count * (each[name] ?? 0));

export const together = (parts: Iterable<Resources>): Resources =>
  [...parts].reduce((sum, part) => resourcesBy((name) => sum[name] + part[name]), none);

export const resourcesBy = (amount: (name: keyof Resources) => number): Resources => ({
  lut: amount("lut"),
  ff: amount("ff"),
  dsp: amount("dsp"),
  bram: amount("bram"),
  uram: amount("uram"),
});
