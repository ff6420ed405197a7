/**
 * What an FPGA draws, part by part, from its resources, its clock and how busy its units are.
 * Models: clocking by flip-flops, logic and signals by LUTs, DSP slices, memories by block, HBM ports by bit, static power.
 * Ignores: DDR devices and serial links; toggle rates of data other than a vectorless estimate's; temperature.
 * Source: coefficients of the fabric's table, calibrated on one published breakdown; static power of the device.
 */
import type { Hardware } from "../arch/hardware.ts";
import type { MachineResources } from "./machine-resources.ts";
import type { Fpga } from "./setup.ts";
import { portBits } from "./unit-resources.ts";

/** In watts, of one device. */
export interface FpgaPower {
  readonly clocking: number;
  readonly logicAndSignal: number;
  readonly dsp: number;
  /** Block RAM, UltraRAM and HBM ports. */
  readonly memory: number;
  readonly static: number;
  readonly total: number;
}

/**
 * @param activity how busy a unit is, 0 to 1; without it all of them are busy, as a vectorless estimate takes them
 * @returns undefined where the tables of device or fabric have no figures of power
 */
export function fpgaPower(
  { units, clock }: Hardware,
  { components }: MachineResources,
  { fabric, of }: Fpga,
  activity: (component: string) => number = () => 1,
): FpgaPower | undefined {
  const { power } = fabric;
  if (power === undefined || of.staticPower === undefined) return undefined;
  const sum = (joules: (component: (typeof components)[number]) => number): number =>
    components.reduce((watts, each) => watts + joules(each) * clock, 0);
  const bits = (name: string): number => {
    const unit = units[name];
    return unit === undefined ? 0 : portBits(unit, clock);
  };
  const parts = {
    clocking: sum(({ ff }) => ff * power.clocking),
    logicAndSignal: sum(({ component, lut }) => lut * power.logic * activity(component)),
    dsp: sum(({ component, dsp }) => dsp * power.dsp * activity(component)),
    memory: sum(
      ({ component, bram, uram }) =>
        (bram * power.bram + uram * power.uram + bits(component) * power.hbmBit) * activity(component),
    ),
    static: of.staticPower,
  };
  return { ...parts, total: Object.values(parts).reduce((sum, watts) => sum + watts, 0) };
}
