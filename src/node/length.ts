/** Lengths as papers give them, "85mm", in pixels of CSS: 96 to the inch. */

const pixelsIn: Readonly<Record<string, number>> = {
  mm: 96 / 25.4,
  cm: 96 / 2.54,
  in: 96,
  pt: 96 / 72,
  px: 1,
};

/** @returns undefined for what is no length above zero */
export function lengthOf(text: string): number | undefined {
  const [, number = "", unit = ""] = /^([\d.]+) ?(mm|cm|in|pt|px)$/.exec(text) ?? [];
  const pixels = Number(number) * (pixelsIn[unit] ?? Number.NaN);
  return number !== "" && pixels > 0 ? pixels : undefined;
}
