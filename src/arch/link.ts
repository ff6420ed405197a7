/**
 * A serial link to the next device, or to the host: a sender, and a router that runs its instructions. Kinds `ring` and `host`.
 * Models: bandwidth less protocol overhead, latency of a hop.
 * Ignores: retransmission, congestion by others, the route inside a switch.
 * Source: products of the link's published rate and its encoding.
 */
import { z } from "zod";
import { ratio, scaled } from "../amount.ts";
import type { JoulesPerByte, Ticks } from "../quantity.ts";
import { bandwidth, duration, energyPerBit, fraction } from "../schema/field.ts";
import {
  type Component,
  type Cost,
  durationInTicks,
  type SpecBase,
  type Timebase,
  unitFields,
} from "./component.ts";

export interface LinkSpec extends SpecBase {
  /** So many ticks for so many bytes, in lowest terms. */
  readonly ticksPerBytes: readonly [ticks: number, bytes: number];
  readonly latency: Ticks;
  readonly energyPerByte: JoulesPerByte;
}

export interface LinkWork {
  readonly bytes: number;
}

const fieldsOf = <K extends string>(kind: K) =>
  z.strictObject({
    ...unitFields(kind),
    bandwidth: bandwidth.describe("rate on the wire, one direction"),
    efficiency: z
      .record(z.string(), fraction)
      .describe("shares of the rate that remain after each named overhead; they multiply"),
    latency: duration.describe("from the last byte in here to the last byte out there"),
    energy: energyPerBit.describe("sender, cable and receiver"),
  });

type Fields<K extends string> = ReturnType<typeof fieldsOf<K>>;

const component = <K extends string>(
  kind: K,
  summary: string,
): Component<K, Fields<K>, LinkSpec, LinkWork> => ({
  kind,
  summary,
  fields: fieldsOf(kind),
  clock: ({ clock }) => clock,
  resolve,
  cost,
});

export const ring = component("ring", "link to the next device of a ring");
export const host = component("host", "link between a device and its host");

function resolve(config: z.output<Fields<string>>, time: Timebase): LinkSpec {
  const share = Object.values(config.efficiency).reduce((product, factor) => product * factor, 1);
  return {
    queues: ["send", "router"],
    shared: false,
    ticksPerBytes: ratio(time.tickRate, Math.round(config.bandwidth * share)),
    latency: durationInTicks(config.latency, time),
    energyPerByte: config.energy,
    peak: { bytes: config.bandwidth },
  };
}

function cost(spec: LinkSpec, { bytes }: LinkWork): Cost {
  return {
    occupancy: scaled(bytes, ...spec.ticksPerBytes),
    latency: spec.latency,
    counts: { bytes },
  };
}
