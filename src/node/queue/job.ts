/** What lies in Redis: a job for each shard that is offered, and a parcel for each sweep. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { ShardResult } from "../sweep/shard.ts";
import { type Parcel, parcelSchema } from "./parcel.ts";

export const queueName = "papillon";

export const jobSchema = z.object({
  /** Of the sweep: its configs and the build that works it out. */
  sweep: z.string(),
  shard: z.number(),
  tool: z.string(),
  build: z.string(),
});

export type ShardJob = z.output<typeof jobSchema>;

export const sweepMark = ({ hash, build }: Parcel): string =>
  createHash("sha256").update(`${hash} ${build}`).digest("hex").slice(0, 24);

/** The same for a shard however often it is offered: Redis keeps one. */
export const jobId = (sweep: string, shard: number): string => `${sweep}-${shard}`;

/** The shard of a job; undefined for a job of another sweep. */
export function shardOf(id: string, sweep: string): number | undefined {
  const [mark, shard] = id.split("-");
  return mark === sweep ? Number(shard) : undefined;
}

export const parcelKey = (sweep: string): string => `papillon:sweep:${sweep}`;

/** How long what nobody asks for stays in Redis, in seconds. */
export const keptSeconds = 7 * 24 * 3600;

export const resultSchema = z.object({
  rows: z.string(),
  count: z.object({
    done: z.number(),
    unfit: z.number(),
    failed: z.number(),
    best: z.array(z.number().nullable()),
  }),
});

/** A result as JSON holds it. */
export type QueuedResult = z.output<typeof resultSchema>;

export const queuedResult = ({ bytes, count }: ShardResult): QueuedResult => ({
  rows: new TextDecoder().decode(bytes),
  count: { ...count, best: count.best.map((cost) => cost ?? null) },
});

export const shardResult = (shard: number, { rows, count }: QueuedResult): ShardResult => ({
  shard,
  bytes: new TextEncoder().encode(rows),
  count: { ...count, best: count.best.map((cost) => cost ?? undefined) },
});

/** @throws Error where the text is no parcel */
export const readParcel = (text: string): Parcel => parcelSchema.parse(JSON.parse(text));
