/**
 * How a machine's YAML says that traffic goes through a banked memory, and where in it the data lie.
 * Models: the patterns of memory-layout.ts; channels that a tensor is tiled over; share of writes; the way across a switch.
 * Ignores: which bytes of a tensor lie where.
 * Source: ours.
 */
import { z } from "zod";
import type { Bytes } from "../quantity.ts";
import { capacity, count, fraction, wholeNumber } from "../schema/field.ts";
import { fitted, origin } from "../schema/sourced.ts";
import { channelBytes } from "./dram/organization.ts";
import type { MemoryPreset } from "./dram/preset.ts";

const share = z.union([z.literal(0), fraction], { error: "a fraction from 0 to 1 like 0.5" });

const shared = {
  over: count.optional().describe("channels that its data are tiled over; all where absent"),
  first: wholeNumber.optional().describe("the first of those channels, from 0"),
  writes: share.optional().describe("of its accesses, the share that writes; 0 where absent"),
  crosses: share
    .optional()
    .describe(
      "it goes through the switch, this share of the way to the farthest channel; straight where absent",
    ),
  source: origin.source.optional(),
  sure: origin.sure.optional(),
  fittedOn: origin.fittedOn,
};

const pattern = <Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) =>
  z.strictObject({ pattern: z.literal(name), ...shape, ...shared }).check(fitted);

export const walkFields = z
  .discriminatedUnion("pattern", [
    pattern("sequential", {}),
    pattern("random", {}),
    pattern("chunk", { bytes: capacity.describe("that lie together, each time at another place") }),
    pattern("stride", { bytes: capacity.describe("from one access to the next") }),
    pattern("streams", {
      streams: count.describe("sequential ones, taken in turn"),
      stagger: capacity.describe("by which each starts later in its part of the memory than the one before"),
    }),
  ])
  .meta({ id: "memoryWalk" });

export type WalkFields = z.output<typeof walkFields>;

/** A walk in a few words. */
export function textOf(walk: WalkFields): string {
  const { writes = 0 } = walk;
  const mixed = writes === 0 ? "" : `, ${100 * writes} % writes`;
  switch (walk.pattern) {
    case "sequential":
    case "random":
      return walk.pattern + mixed;
    case "chunk":
      return `chunks of ${walk.bytes} B${mixed}`;
    case "stride":
      return `stride of ${walk.bytes} B${mixed}`;
    case "streams":
      return `${walk.streams} streams${mixed}`;
  }
}

interface Placed {
  readonly preset: MemoryPreset;
  readonly channels: number;
  readonly interleave: Bytes;
  readonly capacity: Bytes;
  readonly granule: Bytes;
  readonly port?: { readonly switch?: object | undefined } | undefined;
  readonly walks: Readonly<Record<string, WalkFields>>;
}

interface PlacementProblem {
  readonly path: readonly string[];
  readonly expected: string;
  readonly found: string;
}

/** Where fields that are right by themselves do not go together. */
export function placementProblems(fields: Placed): readonly PlacementProblem[] {
  const { preset, channels, walks } = fields;
  const behind = channels * channelBytes(preset);
  const { transactionBytes } = preset.organization;
  const whole = (key: "interleave" | "granule"): readonly PlacementProblem[] =>
    unless(fields[key] % transactionBytes === 0, [key], multipleOf(transactionBytes), inBytes(fields[key]));
  return [
    ...unless(
      fields.capacity <= behind,
      ["capacity"],
      `at most ${behind} B, what ${channels} channels of ${preset.name} hold`,
      inBytes(fields.capacity),
    ),
    ...whole("interleave"),
    ...whole("granule"),
    ...unless(
      walks["other"] !== undefined,
      ["walks", "other"],
      "a walk for the traffic that names no other",
      "nothing",
    ),
    ...Object.entries(walks).flatMap(([name, walk]) =>
      walkProblems(walk, fields).map((problem) => ({ ...problem, path: ["walks", name, ...problem.path] })),
    ),
  ];
}

function walkProblems(walk: WalkFields, fields: Placed): readonly PlacementProblem[] {
  const { channels, interleave, preset, port = preset.port } = fields;
  const { over = channels, first = 0 } = walk;
  const { transactionBytes } = preset.organization;
  const crossing = port !== undefined && ("switchClocks" in port || port.switch !== undefined);
  return [
    ...unless(
      first + over <= channels,
      [walk.over === undefined ? "first" : "over"],
      `channels among the ${channels} of the memory`,
      `${over} from channel ${first}`,
    ),
    ...unless(
      walk.crosses === undefined || crossing,
      ["crosses"],
      "nothing: the port has no switch",
      String(walk.crosses),
    ),
    ...("bytes" in walk
      ? unless(
          walk.bytes % transactionBytes === 0,
          ["bytes"],
          multipleOf(transactionBytes),
          inBytes(walk.bytes),
        )
      : []),
    ...(walk.pattern === "stride"
      ? unless(
          walk.bytes % interleave === 0 || interleave % walk.bytes === 0,
          ["bytes"],
          `a multiple or a part of the interleave, ${interleave} B`,
          inBytes(walk.bytes),
        )
      : []),
  ];
}

const multipleOf = (transaction: number): string => `a multiple of the ${transaction} B of one command`;

const inBytes = (bytes: number): string => `${bytes} B`;

const unless = (
  holds: boolean,
  path: readonly string[],
  expected: string,
  found: string,
): readonly PlacementProblem[] => (holds ? [] : [{ path, expected, found }]);
