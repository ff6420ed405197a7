/**
 * Where an address lands: an order string, most significant field first, as controllers write it.
 * Models: any order of row, rank, stack, bank group, bank, column and channel fields, single bits included ("bg1").
 * Ignores: hashed (XOR) mappings.
 * Source: the order strings of DRAMsim3 ("rorabacobg") and of AMD PG276 ("ROW_BANKGROUP_COLUMN").
 */
import type { Organization } from "./organization.ts";

export interface Mapping {
  /** Shift, mask and destination shift of each run of bits that makes the flat bank number. */
  readonly bank: readonly Run[];
  readonly row: readonly Run[];
  readonly channel: readonly Run[];
}

export interface Run {
  readonly shift: number;
  readonly mask: number;
  readonly to: number;
}

type Field = "ro" | "ra" | "si" | "bg" | "ba" | "co" | "ch";
const FIELDS: readonly Field[] = ["ro", "ra", "si", "bg", "ba", "co", "ch"];
const TOKEN = /(ro|ra|si|bg|ba|co|ch)(\d?)/g;

/** A transaction and whether it writes share 32 bits. */
const ADDRESS_BITS = 31;

/** Width of each field in bits; a column is one transaction. */
export function fieldBits(organization: Organization, channels = 1): Readonly<Record<Field, number>> {
  const { ranks, stacks, bankGroups, banks, rows, rowBytes, transactionBytes } = organization;
  return {
    ro: Math.log2(rows),
    ra: Math.log2(ranks),
    si: Math.log2(stacks),
    bg: Math.log2(bankGroups),
    ba: Math.log2(banks),
    co: Math.log2(rowBytes / transactionBytes),
    ch: Math.log2(channels),
  };
}

/** What is wrong with an order string for this organization; empty when it covers the address exactly once. */
export function mappingProblems(order: string, organization: Organization, channels = 1): readonly string[] {
  const compact = withStacks(order.replaceAll(/[\s-]/g, ""));
  const tokens = [...compact.matchAll(TOKEN)];
  const widths = fieldBits(organization, channels);
  if (!Number.isInteger(widths.ch))
    return [`${channels} channels are not a power of two, so no address bits select one`];
  const rest = compact.replaceAll(TOKEN, "");
  const unknown =
    rest === "" ? [] : [`mapping "${order}": cannot read "${rest}"; fields are ${FIELDS.join(", ")}`];
  const coverage = FIELDS.flatMap((field) => {
    const mine = tokens.filter((token) => token[1] === field);
    const whole = mine.filter((token) => token[2] === "").length;
    const single = mine.filter((token) => token[2] !== "").map((token) => Number(token[2]));
    const width = widths[field];
    if (mine.length === 0 && width > 0)
      return [`mapping "${order}" does not cover the address: ${field} (${width} bits) is missing`];
    if (whole + (single.length > 0 ? 1 : 0) > 1 || new Set(single).size !== single.length)
      return [`mapping "${order}" names ${field} twice`];
    if (single.length > 0 && (single.length !== width || single.some((bit) => bit >= width)))
      return [`mapping "${order}" must name each of the ${width} bits of ${field} once`];
    return [];
  });
  const bits = Object.values(widths).reduce((sum, width) => sum + width, 0);
  const wide =
    bits <= ADDRESS_BITS
      ? []
      : [`mapping "${order}" covers ${bits} bits of transactions; at most ${ADDRESS_BITS} are modelled`];
  return [...unknown, ...coverage, ...wide];
}

/**
 * The runs of bits of a mapping. A field of no bits takes none, so one order serves organizations with and without ranks
 * or stacks; stacks without a field of their own stand where the ranks stand.
 * @throws RangeError when the order does not cover the address exactly once
 */
export function mapping(order: string, organization: Organization, channels = 1): Mapping {
  const problems = mappingProblems(order, organization, channels);
  if (problems.length > 0) throw new RangeError(problems.join("\n"));
  const widths = fieldBits(organization, channels);
  const start: Readonly<Record<Field, number>> = {
    ba: 0,
    bg: widths.ba,
    si: widths.ba + widths.bg,
    ra: widths.ba + widths.bg + widths.si,
    ro: 0,
    co: 0,
    ch: 0,
  };
  const runs: Record<"bank" | "row" | "column" | "channel", Run[]> = {
    bank: [],
    row: [],
    column: [],
    channel: [],
  };
  let shift = 0;
  for (const token of [...withStacks(order).matchAll(TOKEN)].reverse()) {
    const field = FIELDS.find((name) => name === token[1]);
    if (field === undefined) continue;
    const width = token[2] === "" ? widths[field] : 1;
    if (width === 0) continue;
    runs[SPACE[field]].push({ shift, mask: 2 ** width - 1, to: start[field] + Number(token[2]) });
    shift += width;
  }
  return { bank: joined(runs.bank), row: joined(runs.row), channel: joined(runs.channel) };
}

const withStacks = (order: string): string => (order.includes("si") ? order : order.replace("ra", "rasi"));

const SPACE: Readonly<Record<Field, "bank" | "row" | "column" | "channel">> = {
  ro: "row",
  ra: "bank",
  si: "bank",
  bg: "bank",
  ba: "bank",
  co: "column",
  ch: "channel",
};

/** Neighbouring runs that stay neighbours become one. */
function joined(runs: readonly Run[]): readonly Run[] {
  const done: Run[] = [];
  for (const run of runs.toSorted((a, b) => a.shift - b.shift)) {
    const last = done.at(-1);
    const width = last === undefined ? 0 : Math.log2(last.mask + 1);
    if (last === undefined || run.shift !== last.shift + width || run.to !== last.to + width) done.push(run);
    else done[done.length - 1] = { ...last, mask: (last.mask + 1) * (run.mask + 1) - 1 };
  }
  return done;
}

/** Gathers the bits of one field out of a transaction number. */
export function gather(runs: readonly Run[], transaction: number): number {
  let value = 0;
  for (let index = 0; index < runs.length; index += 1) {
    const run = runs[index];
    if (run !== undefined) value |= ((transaction >>> run.shift) & run.mask) << run.to;
  }
  return value;
}

/** As `gather` on these runs, many times. Most fields are one run of bits or two. */
export function gatherer(runs: readonly Run[]): (transaction: number) => number {
  const [a, b] = runs.map(({ shift, mask, to }) => ({ shift, mask: mask | 0, to }));
  if (a === undefined || runs.length > 2) return (transaction) => gather(runs, transaction);
  if (b === undefined) return (transaction) => ((transaction >>> a.shift) & a.mask) << a.to;
  return (transaction) =>
    (((transaction >>> a.shift) & a.mask) << a.to) | (((transaction >>> b.shift) & b.mask) << b.to);
}
