/**
 * Colours that colour-blind eyes tell apart (Okabe and Ito, 2008), and for print in black and white a hatch, a dash and a marker
 * beside each. Dark pages show the same series in lighter colours.
 */

export interface Style {
  readonly colour: string;
  readonly hatch: Hatch;
  /** Lengths of strokes and gaps. */
  readonly dash: readonly number[];
  readonly marker: string;
}

export type Hatch = "none" | "/" | "\\" | "-" | "|" | "x" | ".";

/** Text and frames. */
export const ink = "#1b1b1b";
/** What stands back: idle time, what is left over. */
export const quiet = "#b8bcc2";

const colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442"];
const hatches: readonly Hatch[] = ["none", "/", "-", "x", "\\", ".", "|"];
const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 2, 1, 2, 1, 2], [1, 3]];
const markers = ["circle", "triangle", "rect", "rectRot", "crossRot", "star", "cross"];

/** What a colour of the light theme becomes in the dark one. */
export const darkColours: Readonly<Record<string, string>> = {
  [ink]: "#e8e8e8",
  [quiet]: "#5d636b",
  "#0072b2": "#4aa3df",
  "#009e73": "#2fc79b",
  "#d55e00": "#ff8a3d",
};

/** The `index`-th of a list of series; past the last colour they come again, paler and with another hatch. */
export function styleAt(index: number): Style {
  const round = Math.floor(index / colours.length);
  const at = index % colours.length;
  return {
    colour: round === 0 ? (colours[at] ?? ink) : paler(colours[at] ?? ink),
    hatch: hatches[(at + round) % hatches.length] ?? "none",
    dash: dashes[(at + round) % dashes.length] ?? [],
    marker: markers[(at + round) % markers.length] ?? "circle",
  };
}

/** Half way to white: "#0072b2" becomes "#80b9d9". */
const paler = (colour: string): string =>
  colour.replace(/[0-9a-f]{2}/g, (channel) =>
    Math.ceil((Number.parseInt(channel, 16) + 255) / 2).toString(16),
  );

/** The same kind of op looks the same in every chart; kinds that are not listed follow, by their place among `unlisted`. */
export function kindStyle(kind: string, unlisted: readonly string[] = []): Style {
  if (kind === others) return quietStyle;
  const index = kinds.indexOf(kind);
  return styleAt(index >= 0 ? index : kinds.length + Math.max(0, unlisted.indexOf(kind)));
}

export const others = "others";
export const quietStyle: Style = { colour: quiet, hatch: "none", dash: [2, 4], marker: "dash" };

/** Those that share a machine's time come early, so that they get a colour of their own. */
const kinds = [
  "matmul",
  "softmax",
  "layernorm",
  "machine",
  "gelu",
  "residual",
  "embedding",
  "fft",
  "butterflyLinear",
  "cacheWrite",
  "cacheRead",
  "argmax",
  "allReduce",
  "allGather",
  "reduceScatter",
];

/** From none (0) to all (1): lightness falls all the way, so that it survives grey. */
export function ramp(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = stops[Math.floor(at)] ?? [0, 0, 0];
  const high = stops[Math.ceil(at)] ?? low;
  const mixed = low.map((channel, index) =>
    Math.round(channel + ((high[index] ?? channel) - channel) * (at % 1)),
  );
  return `rgb(${mixed.join(", ")})`;
}

/** On which a text has to be light. */
export const isDark = (share: number): boolean => share > 0.55;

const stops = [
  [244, 247, 251],
  [198, 219, 239],
  [107, 174, 214],
  [33, 113, 181],
  [8, 48, 107],
];
