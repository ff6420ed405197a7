/** `--set B=4` for files whose sizes may be letters. */

/** @returns undefined when one is not a letter and a whole number above zero */
export function letterValues(settings: readonly string[]): Readonly<Record<string, number>> | undefined {
  const pairs = settings.map((setting) => /^([A-Za-z]\w*)=(\d{1,9})$/.exec(setting));
  if (pairs.some((pair) => pair === null || Number(pair[2]) < 1)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", Number(pair?.[2])]));
}
