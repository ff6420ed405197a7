/** Names and numbers of a sweep as people read them. */
import { duration, energy, plain, power, rate } from "../report/human.ts";

/** The last words of a path that tell it from the others. */
export function shortName(path: string, paths: readonly string[]): string {
  const words = path.split(".");
  for (let from = words.length - 1; from > 0; from--) {
    const end = words.slice(from).join(".");
    if (paths.filter((other) => other === end || other.endsWith(`.${end}`)).length === 1) return end;
  }
  return path;
}

/** A result as people read it, by the unit in its name. */
export function metric(name: string, value: number): string {
  if (/Seconds$/.test(name)) return duration(value);
  if (/Joules$/.test(name)) return energy(value);
  if (/Watts$/.test(name)) return power(value);
  if (/[bB]ytesPerSecond$/.test(name)) return rate(value);
  return Number.isFinite(value) ? plain(value) : "";
}
