/** The physical numbers of a machine's YAML, and the next valid values of each when it gets better by a factor. */
import { plainUnit } from "../schema/dimension.ts";

export interface Parameter {
  /** "units.hbm.channels", as `--set hardware.<path>=..` takes it. */
  readonly path: string;
  /** As written. */
  readonly text: string;
  readonly value: number;
  /** "GB/s", "cycles"; empty for a count. */
  readonly unit: string;
  /** A time gets better by falling, all others by rising. */
  readonly better: "more" | "less";
  /** Cycles and counts come whole. */
  readonly whole: boolean;
  /** Shares end at 1. */
  readonly most: number;
  /** What it belongs to: a unit, or the whole machine (its clock, its number of devices), which nothing on it escapes. */
  readonly part: string;
}

/** A part of its own for what scales everything at once. */
export const wholeMachine = "machine";

/**
 * Every number under `clock`, `devices`, `sequencer`, `units` and `dataflow`. Left out are memory presets, which are chosen as a whole
 * (a data sheet's timings do not come one by one), names, and energies and powers, which change no latency.
 * @param document the machine's config as written
 */
export const parametersOf = (document: unknown): readonly Parameter[] =>
  isMapping(document)
    ? Object.entries(document).flatMap(([key, value]) => (parts.includes(key) ? numbersIn(value, key) : []))
    : [];

const parts = ["clock", "devices", "sequencer", "units", "dataflow"];
/** Not numbers that a designer turns, or no numbers of the machine. */
const passedOver = new Set(["preset", "energy", "source", "sure", "fittedOn", "name", "kind"]);

function numbersIn(value: unknown, path: string): readonly Parameter[] {
  if (isMapping(value)) {
    if ("value" in value && "sure" in value) return numbersIn(value["value"], path);
    return Object.entries(value).flatMap(([key, inner]) =>
      passedOver.has(key) ? [] : numbersIn(inner, `${path}.${key}`),
    );
  }
  if (Array.isArray(value)) return value.flatMap((inner, index) => numbersIn(inner, `${path}.${index}`));
  const read = typeof value === "number" ? { value, unit: "" } : quantityOf(value);
  if (read === undefined || !(read.value > 0)) return [];
  const of = read.unit === "" ? "count" : (plainUnit(read.unit)?.of ?? "");
  if (of === "" || of.includes("energy") || of.includes("power")) return [];
  const isShare = path.includes(".efficiency.") || (of === "count" && !Number.isInteger(read.value));
  return [
    {
      path,
      text: String(value),
      ...read,
      better: of === "time" || of === "cycle" ? "less" : "more",
      whole: of === "cycle" || (of === "count" && !isShare),
      most: isShare ? 1 : Number.POSITIVE_INFINITY,
      part: partOf(path),
    },
  ];
}

function partOf(path: string): string {
  const [first = "", second = ""] = path.split(".");
  if (first === "clock" || first === "devices") return wholeMachine;
  return first === "units" ? second : first;
}

/** Of a plain text, "460 GB/s". */
function quantityOf(value: unknown): { readonly value: number; readonly unit: string } | undefined {
  const match =
    typeof value === "string" ? /^\s*([0-9.]+(?:e[-+]?[0-9]+)?)\s*([a-z/]+)\s*$/i.exec(value) : null;
  const [, number = "", unit = ""] = match ?? [];
  return match === null ? undefined : { value: Number(number), unit };
}

/** A value that may take a parameter's place. */
export interface Candidate {
  /** As YAML has it. */
  readonly text: string;
  /** By which it is better than the present value; without bound for a time that becomes none. */
  readonly factor: number;
}

/**
 * Values that are better by a factor, the wanted one first, then the next ones for parameters that do not take every value:
 * whole numbers, multiples of the present value, powers of two.
 */
export function candidates(parameter: Parameter, factor: number): readonly Candidate[] {
  const { value, unit, better, whole, most } = parameter;
  const wanted = better === "more" ? Math.min(most, value * factor) : value / factor;
  const rounded = better === "more" ? Math.ceil(wanted - 1e-9) : Math.floor(wanted + 1e-9);
  const nextPower = 2 ** Math.ceil(Math.log2(wanted));
  const others =
    better === "less"
      ? [rounded]
      : [rounded, rounded + 1, nextPower, Math.ceil(wanted / value) * value, value * 2];
  const all = whole ? others : [wanted, ...others];
  return [...new Set(all)]
    .filter((next) => (better === "more" ? next > value && next <= most : next < value && next >= 0))
    .map((next) => (Number.isInteger(next) ? next : Number(next.toPrecision(6))))
    .map((next) => ({
      text: unit === "" ? String(next) : `${next} ${unit}`,
      factor: better === "more" ? next / value : next === 0 ? Number.POSITIVE_INFINITY : value / next,
    }));
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
