/**
 * What commands cost: from data sheet currents, or from published energies of commands.
 * Models: activate, read, write, refresh, background with and without open rows, pins.
 * Ignores: power-down and self-refresh, termination beyond the pins' figure, temperature.
 * Source: the IDD method of Micron TN-40-07 as DRAMsim3 applies it; FGDRAM (MICRO 2017) for HBM2 per-command figures.
 */
import type { MemoryPreset } from "./preset.ts";
import type { CommandCounts } from "./replay.ts";

/** Picojoules. */
export interface DramEnergy {
  readonly activate: number;
  readonly read: number;
  readonly write: number;
  readonly refresh: number;
  readonly background: number;
  readonly pins: number;
  readonly total: number;
}

/** Picojoules of one command each, and of one clock of one rank with and without open rows. */
export interface CommandEnergy {
  readonly activate: number;
  readonly read: number;
  readonly write: number;
  readonly refresh: number;
  readonly openClock: number;
  readonly closedClock: number;
  /** Of one read or write. */
  readonly pins: number;
}

/** Absent where the preset has neither currents nor energies. */
export function commandEnergy(preset: MemoryPreset): CommandEnergy | undefined {
  const bits = 8 * preset.organization.transactionBytes;
  const pins = (preset.pinsPerBit ?? 0) * bits;
  if (preset.currents !== undefined) return { ...fromCurrents(preset, preset.currents), pins };
  const { commandEnergy: table } = preset;
  if (table === undefined) return undefined;
  const clock = (table.backgroundMilliwatt * preset.tCK) / 1000;
  return {
    activate: table.activate,
    read: table.readPerBit * bits,
    write: table.writePerBit * bits,
    refresh: table.refresh,
    openClock: clock,
    closedClock: clock,
    pins,
  };
}

/** A burst costs what its current takes above standby; an activate what a row cycle takes above standing by with the row open. */
function fromCurrents(
  { timing: t, tCK }: MemoryPreset,
  c: NonNullable<MemoryPreset["currents"]>,
): Omit<CommandEnergy, "pins"> {
  // mA x V x ns = pJ
  const perClock = (c.volt * c.devices * tCK) / 1000;
  return {
    activate: perClock * (c.IDD0 * t.tRC - (c.IDD3N * t.tRAS + c.IDD2N * t.tRP)),
    read: perClock * (c.IDD4R - c.IDD3N) * t.BL,
    write: perClock * (c.IDD4W - c.IDD3N) * t.BL,
    refresh: perClock * (c.IDD5AB - c.IDD3N) * t.tRFC,
    openClock: perClock * c.IDD3N,
    closedClock: perClock * c.IDD2N,
  };
}

/** Energy of a run; `rankClocks` are those of all ranks together, `closedClocks` those of them without an open row. */
export function dramEnergy(
  each: CommandEnergy,
  counts: CommandCounts,
  rankClocks: number,
  closedClocks: number,
): DramEnergy {
  const activate = each.activate * counts.activates;
  const read = each.read * counts.reads;
  const write = each.write * counts.writes;
  const refresh = each.refresh * counts.refreshes;
  const background = each.openClock * (rankClocks - closedClocks) + each.closedClock * closedClocks;
  const pins = each.pins * (counts.reads + counts.writes);
  return {
    activate,
    read,
    write,
    refresh,
    background,
    pins,
    total: activate + read + write + refresh + background + pins,
  };
}
