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

export const add = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a + b) as Quantity<U>;
export const later = <U extends string>(a: Quantity<U>, b: Quantity<U>): Quantity<U> => (a > b ? a : b);
/** `n` times a quantity; `n` has no unit. */
export const times = <U extends string>(n: number, a: Quantity<U>): Quantity<U> => (n * a) as Quantity<U>;

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
