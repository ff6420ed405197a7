/**
 * A memory standard as its data sheet prints it: organization, timing in clocks (CK), command bus, currents.
 * Models: what the command-level channel needs, no more.
 * Ignores: initialisation, training, modes that a running channel does not use.
 * Source: each preset in configs/memory names its own.
 */
import { z } from "zod";
import { mappingProblems } from "./mapping.ts";
import { organization } from "./organization.ts";

const count = z.number().int().positive();
const clocks = z.number().int().nonnegative();

/** A spacing that every data sheet prints, for an error that says so where it is missing. */
const printed = (meaning: string) =>
  z
    .number({ error: `${meaning}: a whole number of clocks, which every data sheet prints` })
    .int()
    .nonnegative()
    .describe(meaning);

/** All in CK. The names are the data sheets'. */
const timing = z.strictObject({
  BL: printed("clocks of one burst on the data pins"),
  CL: printed("from a read to its first data"),
  CWL: printed("from a write to its first data"),
  tRCDRD: printed("from an activate to a read"),
  tRCDWR: printed("from an activate to a write"),
  tRP: printed("from a precharge to an activate"),
  tRPab: clocks.optional().describe("after a precharge of all banks; tRP where absent"),
  tRAS: printed("from an activate to the precharge"),
  tRC: printed("from an activate of a bank to its next"),
  tRTP: printed("from a read to a precharge"),
  tWR: printed("from the last data written to a precharge"),
  tCCD_S: printed("between column commands of different bank groups"),
  tCCD_L: printed("between column commands of one bank group"),
  tCCD_R: clocks.optional().describe("between stacks; required when there are several"),
  tCCD_L_WR: clocks.optional().describe("write to write in one group; tCCD_L where absent"),
  tRRD_S: printed("between activates of different bank groups"),
  tRRD_L: printed("between activates of one bank group"),
  tFAW: printed("window of four activates"),
  tWTR_S: printed("from the last data written to a read of another bank group"),
  tWTR_L: printed("from the last data written to a read of the same bank group"),
  BL_L: clocks
    .optional()
    .describe("burst as the column array sees it in write to read of one group; BL where absent"),
  tRTW: clocks.optional().describe("read to write; CL + BL + 2 - CWL where absent"),
  tPPD: clocks.optional(),
  tRFC: printed("from a refresh to an activate"),
  tREFI: printed("from a refresh to the next"),
});

/** Clocks between commands to different ranks. */
const rankSwitch = z.strictObject({
  readToRead: clocks,
  readToWrite: clocks,
  writeToRead: clocks,
  writeToWrite: clocks,
});

const commandBus = z.strictObject({
  kind: z
    .enum(["shared", "row and column"])
    .describe("one command a clock, or one row and one column command"),
  /** Clocks that a command takes on its bus; halves where row commands go out on both edges. */
  activate: z.number().positive().default(1),
  column: z.number().positive().default(1),
  row: z.number().positive().default(1).describe("precharge and refresh"),
  /** Two-part activate (LPDDR5): the second part must follow within this many clocks. */
  activateWithin: count.optional(),
  /** A write clock that stops (LPDDR5 WCK): clocks that it runs on after a burst. Absent: always on. */
  clockPostamble: clocks.optional(),
});

const positive = z.number().positive();

/** Data sheet currents in mA, per device; the devices of a rank work together. */
const currents = z.strictObject({
  devices: count,
  volt: positive,
  IDD0: positive,
  IDD2N: positive,
  IDD3N: positive,
  IDD4R: positive,
  IDD4W: positive,
  IDD5AB: positive,
});

/** Energies of commands, where no currents are public. Picojoules, of the channel. */
const commandEnergy = z.strictObject({
  activate: positive.describe("one activate and its precharge"),
  readPerBit: positive.describe("from the row buffer to the pins"),
  writePerBit: positive,
  refresh: positive.describe("one refresh of all banks of a rank"),
  backgroundMilliwatt: positive,
  source: z.string(),
  confidence: z.enum(["read", "recalled", "assumed"]),
});

/** What lies between a master and the channel; see port.ts. */
const port = z.strictObject({
  source: z.string(),
  confidence: z.enum(["read", "recalled", "assumed"]),
  clock: positive.describe("hertz"),
  bytesPerClock: positive,
  latencySeconds: positive,
  switchClocks: z.number().nonnegative(),
  farthestClocks: z.number().nonnegative(),
  addressesPerSecond: positive,
});

export const CONTROLLERS = ["row-hit-first", "bank-queues"] as const;

export const memoryPreset = z.strictObject({
  name: z.string(),
  standard: z.string(),
  source: z.string(),
  /** read: in the source; recalled: from memory of a public source; assumed: reasoned, see the note. */
  confidence: z.enum(["read", "recalled", "assumed"]),
  notes: z.array(z.string()).default([]),
  /** Preset of the reference runs that this file holds, if any. */
  reference: z.string().optional(),
  tCK: z.number().positive().describe("clock period in picoseconds"),
  organization,
  timing,
  rankSwitch: rankSwitch.optional(),
  commandBus,
  mapping: z.string().default("ro ra ba co bg"),
  controller: z.enum(CONTROLLERS).default("row-hit-first"),
  /** Entries of a row-hit-first controller's queues; 32 and 32 where absent. */
  queues: z.strictObject({ read: count, write: count }).optional(),
  port: port.optional(),
  currents: currents.optional(),
  commandEnergy: commandEnergy.optional(),
  /** Picojoules a bit on the pins, which currents leave out. */
  pinsPerBit: positive.optional(),
});

export type MemoryPreset = z.output<typeof memoryPreset>;
export type Currents = z.output<typeof currents>;

/** Bytes a second on the data pins. */
export const peakBytesPerSecond = (preset: MemoryPreset): number =>
  (preset.organization.transactionBytes * 1e12) / (preset.timing.BL * preset.tCK);

/** Everything that no data sheet would print together, each with what it requires; empty when the preset is sound. */
export function presetProblems(preset: MemoryPreset): readonly string[] {
  const { organization: o, timing: t } = preset;
  const rules: readonly (readonly [boolean, string])[] = [
    [
      t.tRAS < t.tRCDRD,
      `tRAS ${t.tRAS} is less than tRCDRD ${t.tRCDRD}: a row must stay open until it can be read`,
    ],
    [
      t.tRAS < t.tRCDWR,
      `tRAS ${t.tRAS} is less than tRCDWR ${t.tRCDWR}: a row must stay open until it can be written`,
    ],
    [
      preset.tCK < 100,
      `tCK ${preset.tCK} ps is a clock of ${Math.round(1000 / preset.tCK)} GHz: data sheets print tCK in ns, here it is in ps`,
    ],
    [
      (t.tRPab ?? t.tRP) < t.tRP,
      `tRPab ${t.tRPab} is less than tRP ${t.tRP}: all banks close no faster than one`,
    ],
    [
      (t.tCCD_R ?? t.tCCD_S) < t.tCCD_S,
      `tCCD_R ${t.tCCD_R} is less than tCCD_S ${t.tCCD_S}: another stack is no nearer than another group`,
    ],
    [t.tRC < t.tRAS + t.tRP, `tRC ${t.tRC} is less than tRAS + tRP = ${t.tRAS + t.tRP}`],
    [
      t.tFAW < t.tRRD_S,
      `tFAW ${t.tFAW} is less than tRRD_S ${t.tRRD_S}: the window must hold four activates`,
    ],
    [t.tCCD_L < t.tCCD_S, `tCCD_L ${t.tCCD_L} is less than tCCD_S ${t.tCCD_S}`],
    [t.tRRD_L < t.tRRD_S, `tRRD_L ${t.tRRD_L} is less than tRRD_S ${t.tRRD_S}`],
    [t.tWTR_L < t.tWTR_S, `tWTR_L ${t.tWTR_L} is less than tWTR_S ${t.tWTR_S}`],
    [t.tREFI <= t.tRFC + t.tRP, `tREFI ${t.tREFI} leaves no time beside tRFC ${t.tRFC} + tRP ${t.tRP}`],
    [t.BL === 0, "BL is 0: a burst takes at least one clock"],
    [
      o.stacks > 1 && t.tCCD_R === undefined,
      `${o.stacks} stacks need tCCD_R, the column spacing between stacks`,
    ],
    [
      o.ranks > 1 && preset.rankSwitch === undefined,
      `${o.ranks} ranks need rankSwitch, the spacing between ranks`,
    ],
    [
      o.rowBytes % o.transactionBytes !== 0,
      `rowBytes ${o.rowBytes} is no multiple of transactionBytes ${o.transactionBytes}`,
    ],
  ];
  const sizes = Object.entries(o)
    .filter(([, value]) => !Number.isInteger(Math.log2(value)))
    .map(
      ([name, value]) => `organization.${name} ${value} is not a power of two, so no address bits select it`,
    );
  const order = sizes.length > 0 ? [] : mappingProblems(preset.mapping, o);
  return [...rules.filter(([wrong]) => wrong).map(([, text]) => text), ...sizes, ...order];
}
