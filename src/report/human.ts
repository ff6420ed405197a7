/** Numbers as people read them: a few digits, a prefix, a unit. Renderers only; data keep every digit. */

/** 0.2271 -> "227.1 ms"; 0 -> "0 s". */
export const duration = (seconds: number, digits = 4): string =>
  withPrefix(seconds, "s", decimalPrefixes, digits);

/** 409.6e9 -> "409.6 GB/s". */
export const rate = (bytesPerSecond: number): string =>
  withPrefix(bytesPerSecond, "B/s", decimalPrefixes.slice(firstWhole), 4);

/** 3.26e9 -> "3.26 GB"; GB is 10^9 bytes. */
export const size = (bytes: number): string => counted(bytes, "B");

/** 1.374e6 -> "1.37 M". */
export const amount = (n: number): string => counted(n, "");

export const energy = (joules: number): string => withPrefix(joules, "J", decimalPrefixes, 3);
export const power = (watts: number): string => withPrefix(watts, "W", decimalPrefixes, 3);

/** In full, in groups of three: 527990263 -> "527,990,263". */
export const grouped = (n: number): string => String(Math.round(n)).replace(/\B(?=(?:\d{3})+$)/g, ",");

/** 0.613 -> "61.3 %". */
export const percent = (fraction: number): string => `${trimmed(fraction * 100)} %`;

/** With its sign: -0.0031 -> "-0.31 %". */
export function deviation(fraction: number): string {
  const size = (Math.abs(fraction) * 100).toFixed(2);
  const sign = Number(size) === 0 ? "" : fraction < 0 ? "-" : "+";
  return `${sign}${size} %`;
}

/** Plain, without a prefix: 96.93 -> "96.93". */
export const plain = (n: number): string => withPrefix(n, "", [{ prefix: "", factor: 1 }], 4);

/** `share` of `width` characters, in eighths. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  return "█".repeat(Math.floor(eighths / 8)) + (blocks[eighths % 8] ?? "");
}

interface Prefix {
  readonly prefix: string;
  readonly factor: number;
}

const decimalPrefixes: readonly Prefix[] = [
  { prefix: "p", factor: 1e-12 },
  { prefix: "n", factor: 1e-9 },
  { prefix: "µ", factor: 1e-6 },
  { prefix: "m", factor: 1e-3 },
  { prefix: "", factor: 1 },
  { prefix: "k", factor: 1e3 },
  { prefix: "M", factor: 1e6 },
  { prefix: "G", factor: 1e9 },
  { prefix: "T", factor: 1e12 },
  { prefix: "P", factor: 1e15 },
];
const firstWhole = 4;
const blocks = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Of things that come one by one: below a thousand without decimals. */
function counted(n: number, unit: string): string {
  if (Math.abs(n) < 1000 && Number.isInteger(n)) return joined(String(n), unit);
  return withPrefix(n, unit, decimalPrefixes.slice(firstWhole), 3);
}

function withPrefix(n: number, unit: string, prefixes: readonly Prefix[], digits: number): string {
  if (n === 0 || !Number.isFinite(n)) return joined(String(n), unit);
  // Rounded first, so that 999.96 ms is 1.000 s.
  const rounded = Math.abs(Number(n.toPrecision(digits)));
  const { prefix, factor } = prefixes.findLast(({ factor }) => rounded >= factor * (1 - 1e-9)) ??
    prefixes[0] ?? { prefix: "", factor: 1 };
  const scaled = Number(n.toPrecision(digits)) / factor;
  const whole = Math.max(1, Math.floor(Math.log10(Math.abs(scaled) * (1 + 1e-9))) + 1);
  return joined(scaled.toFixed(Math.max(0, digits - whole)), prefix + unit);
}

const joined = (number: string, unit: string): string => (unit === "" ? number : `${number} ${unit}`);

/** Three digits or one decimal: 61.3, 4.21, 0.08, 100. */
function trimmed(n: number): string {
  if (n === 0 || Math.abs(n - 100) < 5e-3) return n.toFixed(0);
  return Math.abs(n) < 9.995 ? n.toFixed(2) : n.toFixed(1);
}
