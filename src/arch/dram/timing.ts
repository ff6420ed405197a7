/**
 * A preset resolved to pairwise spacings between commands, in ticks.
 * Models: which command may follow which, and when, by how the two banks are related.
 * Ignores: power-down, per-bank refresh, auto-precharge.
 * Source: JEDEC spacing rules as the presets cite them; commands of several clocks count from their last clock.
 */
import type { MemoryPreset } from "./preset.ts";

/** How the bank of an earlier command is related to that of a later one. */
const SAME_GROUP = 0;
const SAME_STACK = 1;
const SAME_RANK = 2;
const OTHER_RANK = 3;

/** Spacings by relation: same group, same stack, same rank, other rank. */
type ByRelation = readonly [number, number, number, number];

/** Spacings from a command to the next read and write, by relation. Never shorter within a group than within its stack. */
export interface Spread {
  readonly groupRead: number;
  readonly groupWrite: number;
  readonly stackRead: number;
  readonly stackWrite: number;
  readonly rankRead: number;
  readonly rankWrite: number;
  readonly otherRead: number;
  readonly otherWrite: number;
}

/** All in ticks. A tick is one clock, or half a clock where row commands go out on both edges. */
export interface Timing {
  readonly ticksPerClock: number;
  readonly picosecondsPerTick: number;
  readonly burst: number;
  /** From the read command to its last data. */
  readonly readLatency: number;
  readonly writeLatency: number;
  readonly afterRead: Spread;
  readonly afterWrite: Spread;
  readonly sameGroupActivate: number;
  readonly sameRankActivate: number;
  readonly fourActivates: number;
  readonly sameBankActivate: number;
  readonly activateToRead: number;
  readonly activateToWrite: number;
  readonly activateToPrecharge: number;
  readonly prechargeToActivate: number;
  readonly prechargeAllToActivate: number;
  readonly prechargeToPrecharge: number;
  readonly readToPrecharge: number;
  readonly writeToPrecharge: number;
  readonly activateToRefresh: number;
  readonly prechargeToRefresh: number;
  readonly refreshToActivate: number;
  readonly refreshInterval: number;
  /** Ticks on the command bus. */
  readonly activateBus: number;
  readonly columnBus: number;
  readonly rowBus: number;
  readonly dualBus: boolean;
  readonly activateWithin: number | undefined;
  readonly clockPostamble: number | undefined;
}

/** Resolves a sound preset (see `presetProblems`). */
export function resolveTiming(preset: MemoryPreset): Timing {
  const { timing: t, commandBus: bus } = preset;
  const halves = [bus.activate, bus.column, bus.row].some((clocks) => !Number.isInteger(clocks));
  const scale = halves ? 2 : 1;
  const ticks = (clocks: number): number => Math.round(clocks * scale);
  const activateBus = ticks(bus.activate);
  const columnBus = ticks(bus.column);
  const rowBus = ticks(bus.row);
  // The device acts on the last clock of a command, the spacing here is between first clocks.
  const space = (clocks: number, earlier: number, later: number): number => ticks(clocks) + earlier - later;
  const column = (clocks: number): number => space(clocks, columnBus, columnBus);

  const longBurst = t.BL_L ?? t.BL;
  const readToWrite = column(t.tRTW ?? t.CL + t.BL + 2 - t.CWL);
  const writeToReadShort = column(t.CWL + t.BL + t.tWTR_S);
  const other = preset.rankSwitch ?? { readToRead: 0, readToWrite: 0, writeToRead: 0, writeToWrite: 0 };
  const write = column(t.CWL + t.BL);
  const activates = column(t.tRRD_S);
  const readToRead: ByRelation = [
    column(Math.max(t.tCCD_L, t.tCCD_S, t.BL)),
    column(Math.max(t.tCCD_S, t.BL)),
    column(Math.max(t.tCCD_R ?? 0, t.BL)),
    column(Math.max(other.readToRead, t.BL)),
  ];
  // Between stacks only reads pay tCCD_R.
  const writeToWrite: ByRelation = [
    column(Math.max(t.tCCD_L_WR ?? t.tCCD_L, t.tCCD_S, t.BL)),
    column(Math.max(t.tCCD_S, t.BL)),
    column(Math.max(t.tCCD_S, t.BL)),
    column(Math.max(other.writeToWrite, t.BL)),
  ];
  const readThenWrite: ByRelation = [readToWrite, readToWrite, readToWrite, column(other.readToWrite)];
  const writeThenRead: ByRelation = [
    Math.max(column(t.CWL + longBurst + t.tWTR_L), writeToReadShort),
    writeToReadShort,
    writeToReadShort,
    column(other.writeToRead),
  ];
  return {
    ticksPerClock: scale,
    picosecondsPerTick: preset.tCK / scale,
    burst: ticks(t.BL),
    readLatency: ticks(t.CL + t.BL),
    writeLatency: ticks(t.CWL + t.BL),
    afterRead: spread(readToRead, readThenWrite),
    afterWrite: spread(writeThenRead, writeToWrite),
    sameGroupActivate: Math.max(column(t.tRRD_L), activates),
    sameRankActivate: activates,
    fourActivates: ticks(t.tFAW),
    sameBankActivate: ticks(t.tRC),
    activateToRead: space(t.tRCDRD, activateBus, columnBus),
    activateToWrite: space(t.tRCDWR, activateBus, columnBus),
    activateToPrecharge: space(t.tRAS, activateBus, rowBus),
    prechargeToActivate: space(t.tRP, rowBus, activateBus),
    prechargeAllToActivate: space(t.tRPab ?? t.tRP, rowBus, activateBus),
    prechargeToPrecharge: ticks(t.tPPD ?? 0),
    readToPrecharge: space(t.tRTP, columnBus, rowBus),
    writeToPrecharge: write + ticks(t.tWR) + columnBus - rowBus,
    activateToRefresh: space(t.tRC, activateBus, rowBus),
    prechargeToRefresh: ticks(t.tRP),
    refreshToActivate: space(t.tRFC, rowBus, activateBus),
    refreshInterval: ticks(t.tREFI),
    activateBus,
    columnBus,
    rowBus,
    dualBus: bus.kind === "row and column",
    activateWithin: bus.activateWithin === undefined ? undefined : ticks(bus.activateWithin),
    clockPostamble: bus.clockPostamble === undefined ? undefined : ticks(bus.clockPostamble),
  };
}

const spread = (toRead: ByRelation, toWrite: ByRelation): Spread => ({
  groupRead: toRead[SAME_GROUP],
  groupWrite: toWrite[SAME_GROUP],
  stackRead: toRead[SAME_STACK],
  stackWrite: toWrite[SAME_STACK],
  rankRead: toRead[SAME_RANK],
  rankWrite: toWrite[SAME_RANK],
  otherRead: toRead[OTHER_RANK],
  otherWrite: toWrite[OTHER_RANK],
});
