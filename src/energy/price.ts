/**
 * Action counts to joules.
 * Models: DRAM traffic by the byte or by command, arithmetic, SRAM traffic, links, static power.
 * Ignores: control, clock tree and wires, so that dynamic energy is a lower bound; and what an FPGA's fabric costs over an ASIC.
 * Source: a technology table (configs/energy) and the machine's own YAML for links and static power.
 */
import type { Hardware } from "../arch/hardware.ts";
import type { ResolvedUnit } from "../arch/index.ts";
import type { MacArraySpec } from "../arch/mac-array.ts";
import { macAction } from "../arch/systolic.ts";
import { bytesOf, precisionNames } from "../precision.ts";
import { type EnergyTable, macEnergy, sramEnergyPerByte } from "./table.ts";

export interface Energy {
  readonly totalJoules: number;
  /** By unit of the machine, all devices together, and "static". */
  readonly byComponent: Readonly<Record<string, number>>;
  /** Actions that happened and have no price: they are not in the total. */
  readonly unpriced: readonly string[];
}

/** What a machine's actions cost, and what it draws all the time. */
export interface PriceList {
  /** Joules by "<unit>.<action>"; what is not here has no price. */
  readonly actions: ReadonlyMap<string, number>;
  /** Standby and refresh of a unit, all devices together; only of units whose own figures tell it. */
  readonly backgroundWatts: ReadonlyMap<string, number>;
  /** Of all devices. */
  readonly staticWatts: number;
}

export function priceList({ units, devices, energy }: Hardware, table: EnergyTable): PriceList {
  const actions = Object.entries(units).flatMap(([name, unit]) =>
    Object.entries(pricesOf(unit, table)).flatMap(([action, joules]): [string, number][] =>
      joules === undefined ? [] : [[`${name}.${action}`, joules]],
    ),
  );
  const background = Object.entries(units).flatMap(([name, unit]): [string, number][] =>
    (unit.kind === "hbm" || unit.kind === "ddr") && unit.spec.energy !== undefined
      ? [[name, devices * unit.spec.energy.background]]
      : [],
  );
  return {
    actions: new Map(actions),
    backgroundWatts: new Map(background),
    staticWatts: devices * energy.staticPower,
  };
}

/** @param counts by "<unit>.<action>", all devices together */
export function price(list: PriceList, counts: ReadonlyMap<string, number>, latencySeconds: number): Energy {
  const byComponent: Record<string, number> = {};
  const unpriced: string[] = [];
  for (const [name, amount] of counts) {
    const each = list.actions.get(name);
    const unit = name.slice(0, name.indexOf("."));
    if (each === undefined) unpriced.push(name);
    else byComponent[unit] = (byComponent[unit] ?? 0) + amount * each;
  }
  for (const [unit, drawn] of list.backgroundWatts)
    byComponent[unit] = (byComponent[unit] ?? 0) + drawn * latencySeconds;
  byComponent["static"] = list.staticWatts * latencySeconds;
  const totalJoules = Object.values(byComponent).reduce((sum, joules) => sum + joules, 0);
  return { totalJoules, byComponent, unpriced };
}

function pricesOf(unit: ResolvedUnit, table: EnergyTable): Readonly<Record<string, number | undefined>> {
  switch (unit.kind) {
    case "hbm":
    case "ddr":
      // A memory that knows its commands is priced by them alone, never by a technology table.
      if (unit.spec.energy !== undefined) return unit.spec.energy.actions;
      return { readBytes: table.dram[unit.kind], writeBytes: table.dram[unit.kind] };
    case "mac-tree":
    case "nm-sparse":
      return { macs: macEnergy(table, unit.spec.precision) };
    case "nm-systolic":
    case "systolic": {
      const { spec } = unit;
      const formats = [spec.precision, ...precisionNames.filter((name) => spec.passes[name] !== undefined)];
      return Object.fromEntries(formats.map((name) => [macAction(spec, name), macEnergy(table, name)]));
    }
    case "butterfly": {
      const ram = (unit.spec.bankElements / 2 / unit.spec.timing.units) * bytesOf(unit.spec.precision);
      return { macs: macEnergy(table, unit.spec.precision), bankBytes: sramEnergyPerByte(table, ram) };
    }
    case "vector":
    case "softmax":
      // An element is priced as a multiplication, the dearer of what most operations do.
      return { elements: table.operations[unit.spec.precision]?.multiply };
    case "scratchpad": {
      const access = sramEnergyPerByte(table, unit.spec.capacity);
      return { readBytes: access, writeBytes: access };
    }
    case "ring":
    case "host":
      return { bytes: unit.spec.energyPerByte };
    case "mac-array":
      return macArrayPrices(unit.spec);
    case "dma":
      return {};
  }
}

/** Its own figures, access by access; bytes are told beside them and cost nothing more. */
const macArrayPrices = ({ hierarchy }: MacArraySpec): Readonly<Record<string, number>> => ({
  macs: hierarchy.macEnergy,
  hops: hierarchy.hopEnergy,
  ...Object.fromEntries(
    hierarchy.memories.flatMap(({ name, readEnergy, writeEnergy }) => [
      [`${name}.reads`, readEnergy],
      [`${name}.writes`, writeEnergy],
      [`${name}.readBytes`, 0],
      [`${name}.writeBytes`, 0],
    ]),
  ),
});
