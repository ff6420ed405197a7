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

/** Of a result, by the end of its name; an expression such as `energyJoules * latencySeconds` has none that is told. */
export function unitOf(name: string): "s" | "J" | "W" | "B/s" | undefined {
  const [, word] = /^[\w.]*(Seconds|Joules|Watts|[bB]ytesPerSecond)$/.exec(name) ?? [];
  return word === undefined ? undefined : units[word.toLowerCase()];
}

const units: Readonly<Record<string, ReturnType<typeof unitOf>>> = {
  seconds: "s",
  joules: "J",
  watts: "W",
  bytespersecond: "B/s",
};

/** A result as people read it. */
export function metric(name: string, value: number): string {
  if (!Number.isFinite(value)) return "";
  const unit = unitOf(name);
  if (unit === "s") return duration(value);
  if (unit === "J") return energy(value);
  if (unit === "W") return power(value);
  if (unit === "B/s") return rate(value);
  return Math.abs(value) < 0.1 ? String(Number(value.toPrecision(4))) : plain(value);
}
