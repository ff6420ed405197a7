/** Some of many: designs for a plot, values for an axis. */

/** More points or lines are no longer told apart, and make a page heavy. */
export const mostShown = 2000;

/**
 * All of `designs`, or one from each of `most` stretches of equal length, at a place in it that follows no period: neighbours
 * differ in their last parameters, and an even step would meet the same values again and again. The same for the same designs.
 */
export function sampled(designs: readonly number[], most: number): readonly number[] {
  if (designs.length <= most) return designs;
  return Array.from({ length: most }, (_, place) =>
    Math.floor(((place + ((place * golden) % 1)) * designs.length) / most),
  ).flatMap((at) => designs.slice(at, at + 1));
}

/** Multiples of it, less their whole part, fill the unit interval evenly. */
const golden = (Math.sqrt(5) - 1) / 2;

/** Places 0 .. count - 1, or `most` of them at equal distances, both ends among them. */
export const spread = (count: number, most: number): readonly number[] =>
  count <= most
    ? Array.from({ length: count }, (_, place) => place)
    : Array.from({ length: most }, (_, place) => Math.round((place * (count - 1)) / (most - 1)));

/** "all 120" or "a sample of 2000 of 10800". */
export const shareText = (shown: number, of: number): string =>
  shown === of ? `all ${of}` : `a sample of ${shown} of ${of}`;
