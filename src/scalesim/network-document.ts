/** A SCALE-Sim topology as a workload of ours, in YAML: every row a layer, in a chain. */
import { type Layer, productOf } from "./layer.ts";
import type { Document } from "./machine-document.ts";
import type { Topology } from "./topology.ts";

/**
 * @param file as the comments name it
 * @param read what its reader had to say
 */
export function networkDocument(
  { kind, layers, batch }: Topology,
  file: string,
  read: readonly string[] = [],
): Document {
  const base = file.split(/[\\/]/).at(-1) ?? file;
  const name = base.replace(/\.csv$/i, "");
  const rows = named(gathered(layers));
  const notes = [...read, ...breaks(file, rows, kind), ...takenOtherwise(file, rows)];
  const text = `# Imported from ${file}: rows as SCALE-Sim reads them, each layer after the one before.
name: ${JSON.stringify(name)}
source: ${JSON.stringify(`SCALE-Sim topology ${file}`)}
precision: int8  # a word of SCALE-Sim is a byte
batch: ${batch}
${notes.length === 0 ? "" : `notes:\n${notes.map((note) => `  - ${JSON.stringify(note)}\n`).join("")}`}layers:
${rows.map((row) => `  - { name: ${JSON.stringify(row.name)}, ${kind === "gemm" ? matmul(row) : convolution(row)}${weights(row)} }\n`).join("")}`;
  return { name, text, notes };
}

interface Row extends Layer {
  /** Channels that do not mix: a depthwise layer, one of SCALE-Sim's layers for each channel. */
  readonly groups: number;
}

/** Puts the channels of a depthwise layer together again, which the reader of topologies makes layers of. */
function gathered(layers: readonly Layer[]): readonly Row[] {
  const rows: Row[] = [];
  for (const layer of layers) {
    const [, name, channel] = /^(.*DP.*)Channel_(\d+)$/.exec(layer.name) ?? [];
    const before = rows.at(-1);
    if (name === undefined) rows.push({ ...layer, groups: 1 });
    else if (before?.name === name && channel === `${before.groups}`)
      rows[rows.length - 1] = { ...before, groups: before.groups + 1 };
    else rows.push({ ...layer, name, groups: 1 });
  }
  return rows;
}

/** Layers of the same name, or of none, are told apart by their number. */
function named(rows: readonly Row[]): readonly Row[] {
  const taken = new Set<string>();
  return rows.map((row, index) => {
    const plain = row.name === "" ? "layer" : row.name;
    const name = taken.has(plain) || row.name === "" ? `${plain} (${index + 1})` : plain;
    taken.add(name);
    return { ...row, name };
  });
}

function matmul(layer: Row): string {
  const { m, n, k } = productOf(layer);
  return `matmul: { rows: ${m}, inner: ${k}, columns: ${n} }`;
}

function convolution(layer: Row): string {
  const { ifmapRows, ifmapColumns, filterRows, filterColumns, rowStride, columnStride, groups } = layer;
  const { outputRows, outputColumns } = productOf(layer);
  const past = [
    (outputRows - 1) * rowStride + filterRows - ifmapRows,
    (outputColumns - 1) * columnStride + filterColumns - ifmapColumns,
  ].map((words) => Math.max(0, words));
  const fields = [
    `height: ${ifmapRows}`,
    `width: ${ifmapColumns}`,
    `channels: ${groups * layer.channels}`,
    `filters: ${groups * layer.filters}`,
    `kernel: [${filterRows}, ${filterColumns}]`,
    `stride: [${rowStride}, ${columnStride}]`,
    ...(past.some((words) => words > 0) ? [`paddingEnd: [${past.join(", ")}]`] : []),
    ...(groups > 1 ? [`groups: ${groups}`] : []),
  ];
  return `convolution: { ${fields.join(", ")} }`;
}

/** Its N:M, stored as SCALE-Sim does without a config: an index for each kept weight; N = M keeps all. */
const weights = ({ sparsity }: Row): string =>
  sparsity === undefined || sparsity.n === sparsity.m
    ? ""
    : `, weights: { kind: nm, n: ${sparsity.n}, m: ${sparsity.m}, bits: 8, metadata: index }`;

/** Where a layer cannot read what the one before makes; pooling and padding between them are no rows of a topology. */
function breaks(file: string, rows: readonly Row[], kind: Topology["kind"]): string[] {
  const found = rows.slice(1).flatMap((row, index) => {
    const before = rows[index];
    if (before === undefined) return [];
    const [made, read] =
      kind === "gemm"
        ? [productOf(before).m * before.filters, productOf(row).m * productOf(row).k]
        : [before.filters * before.groups, row.channels * row.groups];
    const flat = kind === "conv" && read === made * productOf(before).m;
    return made === read || flat ? [] : [`${before.name} makes ${made}, ${row.name} reads ${read}`];
  });
  if (found.length === 0) return [];
  const what = kind === "gemm" ? "elements" : "channels";
  const shown = found.slice(0, 3).join("; ");
  const more = found.length > 3 ? `; and ${found.length - 3} more` : "";
  return [
    `${file}: layers that do not connect are run one after the other all the same (${what}): ${shown}${more}`,
  ];
}

function takenOtherwise(file: string, rows: readonly Row[]): string[] {
  const sparse = rows.filter((row) => weights(row) !== "");
  const off = rows.filter((row) => convolution(row).includes("paddingEnd"));
  return [
    ...(sparse.length > 0
      ? [
          `${file}: N:M of ${sparse.length} layers is how their weights are stored, with an index for each; whether the array skips the rest, the machine says (SparsitySupport of a config, nm-systolic)`,
        ]
      : []),
    ...(off.length > 0
      ? [
          `${file}: windows of ${off.length} layers run off the image; what lies outside is zeros (paddingEnd)`,
        ]
      : []),
  ];
}
