/** The roofs of a machine, and where its ops stand under them: data for the chart and the table. */
import type { Hardware } from "../arch/hardware.ts";
import type { BandwidthRoof, ComputeRoof, OpRow, Report, Roofs } from "./report.ts";

export interface Roofline extends Roofs {
  readonly points: readonly RooflinePoint[];
}

/** An op of a phase under each roof that it uses. Its MACs are the useful ones. */
export interface RooflinePoint {
  readonly phase: string;
  readonly op: string;
  readonly macs: number;
  /** The time by which it moved the end of the run, or that its slowest unit worked where that is longer. */
  readonly seconds: number;
  readonly macsPerSecond: number;
  /** MACs a byte, by memory or link. */
  readonly intensity: Readonly<Record<string, number>>;
  /** The lowest roof over it, and how much of it was reached. */
  readonly roof: { readonly unit: string; readonly macsPerSecond: number; readonly share: number };
}

export function roofline(hardware: Hardware, { ops }: Pick<Report, "ops">): Roofline {
  const roofs = roofsOf(hardware);
  return { ...roofs, points: rooflinePoints(roofs, ops, hardware.devices) };
}

export function roofsOf(hardware: Hardware): Roofs {
  const units = Object.entries(hardware.units);
  const compute = units.flatMap(([unit, { spec }]): ComputeRoof[] => {
    const { macs } = spec.peak;
    if (macs === undefined) return [];
    const precision = "precision" in spec ? { precision: spec.precision } : {};
    return [{ unit, ...precision, macsPerSecond: macs * hardware.devices }];
  });
  const fastest = Math.max(0, ...compute.map(({ macsPerSecond }) => macsPerSecond));
  const bandwidth = units.flatMap(([unit, { kind, spec }]): BandwidthRoof[] => {
    const { bytes } = spec.peak;
    if (bytes === undefined) return [];
    const bytesPerSecond = bytes * hardware.devices;
    return [{ unit, kind, bytesPerSecond, ridge: fastest / bytesPerSecond }];
  });
  return { compute, bandwidth };
}

/** Ops without MACs have no place under these roofs, and are left out. */
export const rooflinePoints = (
  { compute, bandwidth }: Roofs,
  ops: readonly OpRow[],
  devices: number,
): readonly RooflinePoint[] =>
  ops.flatMap((op) => (op.macs === 0 ? [] : [pointOf(op, compute, bandwidth, devices)]));

function pointOf(
  { phase, op, macs, bytes, latencySeconds, busySeconds }: OpRow,
  compute: readonly ComputeRoof[],
  bandwidth: readonly BandwidthRoof[],
  devices: number,
): RooflinePoint {
  const seconds = Math.max(latencySeconds, ...Object.values(busySeconds).map((busy) => busy / devices));
  const macsPerSecond = macs / seconds;
  const used = bandwidth.filter(({ unit }) => (bytes[unit] ?? 0) > 0);
  const worked = compute.filter(({ unit }) => (busySeconds[unit] ?? 0) > 0);
  const roofs = [
    ...worked.map((roof) => ({ unit: roof.unit, macsPerSecond: roof.macsPerSecond })),
    ...used.map(({ unit, bytesPerSecond }) => ({
      unit,
      macsPerSecond: (bytesPerSecond * macs) / (bytes[unit] ?? 1),
    })),
  ];
  const lowest = roofs.reduce((low, roof) => (roof.macsPerSecond < low.macsPerSecond ? roof : low), {
    unit: "none",
    macsPerSecond: Number.POSITIVE_INFINITY,
  });
  return {
    phase,
    op,
    macs,
    seconds,
    macsPerSecond,
    intensity: Object.fromEntries(used.map(({ unit }) => [unit, macs / (bytes[unit] ?? 1)])),
    roof: { ...lowest, share: macsPerSecond / lowest.macsPerSecond },
  };
}
