/**
 * Times as polynomials in a whole number m, the index of a period: value(m) = v + d m + q m (m - 1) / 2, so that v, d and q
 * are the first value, the first difference and the constant second difference. And comparisons that remember how long
 * their outcome holds.
 */
export interface Polynomial {
  readonly v: number;
  readonly d: number;
  readonly q: number;
}

/** Every comparison made so far has the same outcome for m = 0 .. last. */
export interface Horizon {
  last: number;
}

/** Three terms, each within it, sum to a safe integer. */
const safeTerm = 2 ** 51;

export const constant = (v: number): Polynomial => ({ v, d: 0, q: 0 });

export const zero = constant(0);

export const plus = (a: Polynomial, b: Polynomial): Polynomial => ({
  v: a.v + b.v,
  d: a.d + b.d,
  q: a.q + b.q,
});

export const minus = (a: Polynomial, b: Polynomial): Polynomial => ({
  v: a.v - b.v,
  d: a.d - b.d,
  q: a.q - b.q,
});

export const scaled = (n: number, a: Polynomial): Polynomial => ({ v: n * a.v, d: n * a.d, q: n * a.q });

export const same = (a: Polynomial, b: Polynomial): boolean => a.v === b.v && a.d === b.d && a.q === b.q;

/** The polynomial of m + 1. */
export const next = ({ v, d, q }: Polynomial): Polynomial => ({ v: v + d, d: d + q, q });

/** Exact for m up to `safeUntil`. */
export const valueAt = ({ v, d, q }: Polynomial, m: number): number =>
  v + (d === 0 ? 0 : d * m) + (q === 0 ? 0 : (q * (m * (m - 1))) / 2);

/** value(0) + .. + value(n - 1); exact for n up to `safeSumUntil`. */
export const sumUntil = ({ v, d, q }: Polynomial, n: number): number => {
  const pairs = (n * (n - 1)) / 2;
  return v * n + (d === 0 ? 0 : d * pairs) + (q === 0 ? 0 : q * ((pairs * (n - 2)) / 3));
};

/** The largest m for which all terms of value(m) are exact. */
export const safeUntil = ({ v, d, q }: Polynomial): number =>
  Math.abs(v) > 2 * safeTerm
    ? 0
    : Math.floor(
        Math.min(
          d === 0 ? Number.POSITIVE_INFINITY : safeTerm / Math.abs(d),
          q === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(safeTerm / Math.abs(q)),
        ),
      );

/** The largest n for which all terms of the sum of n values are exact. */
export const safeSumUntil = ({ v, d, q }: Polynomial): number =>
  Math.floor(
    Math.min(
      v === 0 ? Number.POSITIVE_INFINITY : safeTerm / Math.abs(v),
      d === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(safeTerm / Math.abs(d)),
      q === 0 ? Number.POSITIVE_INFINITY : Math.cbrt(safeTerm / Math.abs(q)),
    ),
  );

/** Whether a > b at m = 0; shortens the horizon to where that is still so. */
export function greater(a: Polynomial, b: Polynomial, horizon: Horizon): boolean {
  const difference = minus(a, b);
  const outcome = difference.v > 0;
  if (difference.d === 0 && difference.q === 0) return outcome;
  // In whole numbers "not x > 0" is "1 - x > 0".
  const positive = outcome ? difference : minus(constant(1), difference);
  horizon.last = lastPositive(positive, Math.min(horizon.last, safeUntil(positive)));
  return outcome;
}

/** The later of two; the first when they are equal. */
export const later = (a: Polynomial, b: Polynomial, horizon: Horizon): Polynomial =>
  greater(b, a, horizon) ? b : a;

/** The largest m <= last with value > 0 for all of 0 .. m, given value(0) > 0. */
function lastPositive(polynomial: Polynomial, last: number): number {
  const { d, q } = polynomial;
  // Concave (q <= 0): what is positive at both ends is positive between, and the sign changes once. Convex: it falls until
  // its differences d + q m turn, and its sign changes once on the way there.
  const lowest = q <= 0 ? last : Math.min(last, Math.max(0, Math.ceil(-d / q)));
  if (valueAt(polynomial, lowest) > 0) return last;
  let holds = 0;
  let fails = lowest;
  while (fails - holds > 1) {
    const middle = Math.floor((holds + fails) / 2);
    if (valueAt(polynomial, middle) > 0) holds = middle;
    else fails = middle;
  }
  return holds;
}
