/** What a channel is made of. All sizes are powers of two, as address bits select them. */
import { z } from "zod";

const count = z.number().int().positive();

export const organization = z.strictObject({
  ranks: count.default(1),
  /** Stack identifiers (SID) of one pseudo-channel; HBM3 and later. */
  stacks: count.default(1),
  bankGroups: count,
  /** Banks of one group. */
  banks: count,
  rows: count,
  /** Bytes that one activate opens on this channel. */
  rowBytes: count,
  /** Bytes of one read or write. */
  transactionBytes: count,
});

export type Organization = z.output<typeof organization>;

/** Bytes behind one channel. */
export const channelBytes = ({ organization: o }: { readonly organization: Organization }): number =>
  o.ranks * o.stacks * o.bankGroups * o.banks * o.rows * o.rowBytes;
