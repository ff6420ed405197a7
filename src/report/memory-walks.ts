/** How traffic went through a memory that tells its walks apart, and what of it fell to each channel. */
import { type MemorySpec, walkAction } from "../arch/memory-walk.ts";
import type { ChannelRows, WalkRow } from "./report.ts";

interface Went {
  /** Its name in the machine. */
  readonly memory: string;
  readonly spec: MemorySpec;
  /** Actions of one device, "hbm.walk.weights". */
  readonly counts: ReadonlyMap<string, number>;
  readonly tickRate: number;
  readonly latencySeconds: number;
}

/** Of a memory that counts no walks: nothing. */
export function walksOf(went: Went): {
  readonly walks?: readonly WalkRow[];
  readonly channels?: ChannelRows;
} {
  const { memory, spec, counts, tickRate } = went;
  const walks = Object.entries(spec.walks).flatMap(
    ([walk, { pattern, channels, ticksPerBytes, latency, also }]) => {
      if (also[walkAction(walk)] === undefined) return [];
      const [ticks, bytes] = ticksPerBytes;
      const bytesPerSecond = (bytes * tickRate) / ticks;
      const row: WalkRow = {
        walk,
        pattern,
        bytes: counts.get(`${memory}.${walkAction(walk)}`) ?? 0,
        channels: channels.length,
        bytesPerSecond,
        shareOfPeak: bytesPerSecond / (spec.peak["bytes"] ?? Number.POSITIVE_INFINITY),
        latencySeconds: latency / tickRate,
      };
      return [row];
    },
  );
  return walks.length === 0 ? {} : { walks, channels: channelsOf(went, walks) };
}

function channelsOf({ spec, latencySeconds }: Went, walks: readonly WalkRow[]): ChannelRows {
  const bytes = Array.from({ length: spec.channels }, () => 0);
  for (const { walk, bytes: moved } of walks) {
    const { channels } = spec.walks[walk] ?? spec.walks.other;
    for (const channel of channels) bytes[channel] = (bytes[channel] ?? 0) + moved / channels.length;
  }
  const hottest = Math.max(...bytes);
  const peak = (spec.peak["bytes"] ?? Number.POSITIVE_INFINITY) / spec.channels;
  return {
    bytes,
    hottest: {
      channel: bytes.indexOf(hottest),
      bytes: hottest,
      utilization: hottest / peak / latencySeconds,
    },
  };
}
