/**
 * Numbers with a unit. The unit lives in the type only; at run time a quantity is a plain number in the SI unit
 * (bytes, seconds, hertz, joules, watts) or in engine ticks. This is the only file that casts.
 */
declare const of: unique symbol;

/** A number with a unit. The tag is keyed, so that a union of units is not a unit: `add(ticks, bytes)` does not compile. */
export type Quantity<U extends string> = number & { readonly [of]: { readonly [K in U]: true } };

/** Engine time: a whole number of ticks, see `Timebase`. */
export type Ticks = Quantity<"tick">;
/** Whole cycles of one component's clock. */
export type Cycles = Quantity<"cycle">;
export type Seconds = Quantity<"second">;
export type Hertz = Quantity<"hertz">;
export type Bytes = Quantity<"byte">;
export type BytesPerSecond = Quantity<"byte/second">;
export type Joules = Quantity<"joule">;
export type Watts = Quantity<"watt">;
/** Of silicon. */
export type SquareMicrons = Quantity<"square micron">;
/** The width of a port, a bus or a word. */
export type Bits = Quantity<"bit">;
/** Energy to move data. Data sheets print it per bit: 3.9 pJ/bit is 3.12e-11 J/B. */
export type JoulesPerByte = Quantity<"joule/byte">;
/** What a port moves in one cycle of its own clock; may be a fraction. */
export type BytesPerCycle = Quantity<"byte/cycle">;

/** A time as the data sheet gives it: absolute, or in cycles of the unit's own clock. */
export type Duration = { readonly seconds: Seconds } | { readonly cycles: Cycles };

/**
 * A whole, non-negative, safe number of ticks.
 * @throws RangeError when `n` is none.
 */
export const ticks = (n: number): Ticks => whole(n, "ticks") as Ticks;
/** A whole, non-negative number of cycles. @throws RangeError when `n` is none. */
export const cycles = (n: number): Cycles => whole(n, "cycles") as Cycles;
/** A whole, non-negative number of bytes. @throws RangeError when `n` is none. */
export const bytes = (n: number): Bytes => whole(n, "bytes") as Bytes;
export const seconds = (n: number): Seconds => finite(n, "seconds") as Seconds;
export const hertz = (n: number): Hertz => positive(n, "hertz") as Hertz;
export const bytesPerSecond = (n: number): BytesPerSecond =>
  positive(n, "bytes per second") as BytesPerSecond;
export const joules = (n: number): Joules => finite(n, "joules") as Joules;
export const watts = (n: number): Watts => finite(n, "watts") as Watts;
export const squareMicrons = (n: number): SquareMicrons => positive(n, "square microns") as SquareMicrons;
/** A whole, non-negative number of bits. @throws RangeError when `n` is none. */
export const bits = (n: number): Bits => whole(n, "bits") as Bits;
export const joulesPerByte = (n: number): JoulesPerByte => finite(n, "joules per byte") as JoulesPerByte;
export const bytesPerCycle = (n: number): BytesPerCycle => positive(n, "bytes per cycle") as BytesPerCycle;

export const add = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a + b) as Quantity<U>;
export const later = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a > b ? a : b);
/** `n` times a quantity; `n` has no unit. */
export const times = <U extends string>(n: number, a: Quantity<U>): Quantity<U> => (n * a) as Quantity<U>;

/** The duration in seconds, for a unit that runs at `clock`. */
export const inSeconds = (duration: Duration, clock: Hertz): Seconds =>
  "seconds" in duration ? duration.seconds : seconds(duration.cycles / clock);

/** Whole cycles of `clock` that cover the duration. A product that misses a whole number by float error only is that number. */
export function inCycles(duration: Duration, clock: Hertz): Cycles {
  if ("cycles" in duration) return duration.cycles;
  const exact = duration.seconds * clock;
  const nearest = Math.round(exact);
  return cycles(Math.abs(exact - nearest) <= 1e-9 * nearest ? nearest : Math.ceil(exact));
}

function whole(n: number, unit: string): number {
  if (!Number.isSafeInteger(n) || n < 0)
    throw new RangeError(`expected a whole number of ${unit}, found ${n}`);
  return n;
}

function finite(n: number, unit: string): number {
  if (!Number.isFinite(n)) throw new RangeError(`expected a finite number of ${unit}, found ${n}`);
  return n;
}

function positive(n: number, unit: string): number {
  if (!Number.isFinite(n) || n <= 0)
    throw new RangeError(`expected a positive number of ${unit}, found ${n}`);
  return n;
}
