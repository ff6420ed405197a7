/**
 * Reads SCALE-Sim's topology CSV, of convolutions or of matrix products. More files than SCALE-Sim itself reads: commas at
 * the end of a row or none, tabs, titles between layers, rows of empty cells, further columns, letters that the caller gives a value.
 */
import type { Problem } from "../schema/problem.ts";
import { type Layer, matrixLayer, productOf, type Sparsity } from "./layer.ts";
import {
  type Cell,
  cellsOf,
  problemAt,
  quoted,
  type Reading,
  type TextFile,
  wholeNumber,
} from "./reading.ts";

export interface TopologyOptions {
  /** What the rows are where the header does not tell: `-i`. */
  readonly inputs?: "conv" | "gemm";
  /** Values of letters that stand for sizes, `{ B: 1 }`. */
  readonly values?: Readonly<Record<string, number>>;
}

export interface Topology {
  readonly kind: "conv" | "gemm";
  readonly layers: readonly Layer[];
  /** Images in a batch by layer, where the file tells; SCALE-Sim runs one. */
  readonly batch: number;
}

export function readTopology({ file, text }: TextFile, options: TopologyOptions = {}): Reading<Topology> {
  const rows = cellsOf(text);
  const header = rows[0] ?? [];
  const kind = kindOf(header, options.inputs);
  const state: State = { file, values: options.values ?? {}, problems: [], notes: [], layers: [], batch: 1 };
  if (header.length > 4 && header.slice(1, 4).every((cell) => wholeNumber(cell.text, 0) !== undefined))
    state.notes.push(
      `${file}:1: the first line is taken as the header, as SCALE-Sim does, though it reads like a layer`,
    );
  let title: Cell | undefined;
  for (const cells of rows.slice(1)) {
    const filled = cells.filter((cell) => cell.text !== "");
    const [only] = filled;
    if (only === undefined) continue;
    if (filled.length === 1 && only === cells[0]) {
      title = only;
      continue;
    }
    title = undefined;
    if (kind === "gemm") readMatrix(state, cells);
    else readConvolution(state, header, mended(state, cells));
  }
  if (title !== undefined)
    state.problems.push(problemAt(file, title, "a layer, or layers after a title", quoted(title.text)));
  const last = rows.findLastIndex((cells) => cells.some((cell) => cell.text !== ""));
  if (state.layers.length === 0 && state.problems.length === 0)
    state.problems.push(
      problemAt(
        file,
        { line: Math.max(1, last + 1), column: 1 },
        "at least one layer after the header",
        "none",
      ),
    );
  if (state.problems.length > 0) return { ok: false, problems: state.problems };
  return { ok: true, value: { kind, layers: state.layers, batch: state.batch }, notes: state.notes };
}

interface State {
  readonly file: string;
  readonly values: Readonly<Record<string, number>>;
  readonly problems: Problem[];
  readonly notes: string[];
  readonly layers: Layer[];
  batch: number;
}

/** A header with the columns M, N and K says so itself; SCALE-Sim has to be told. */
function kindOf(header: readonly Cell[], inputs: "conv" | "gemm" = "conv"): "conv" | "gemm" {
  const names = header.map((cell) => cell.text.toUpperCase());
  if (["M", "N", "K"].every((name) => names.includes(name))) return "gemm";
  return names.some((name) => /IFMAP|FILTER|STRIDE/.test(name)) ? "conv" : inputs;
}

const convolutionSizes = [
  "ifmap height",
  "ifmap width",
  "filter height",
  "filter width",
  "channels",
  "filters",
  "stride",
] as const;

function readConvolution(state: State, header: readonly Cell[], cells: readonly Cell[]): void {
  const sizes = readSizes(state, cells, convolutionSizes);
  if (sizes === undefined) return;
  const [ifmapRows, ifmapColumns, filterRows, filterColumns, channels, filters, rowStride] = sizes;
  const further = readFurther(state, header, cells.slice(8), 8);
  const [nameCell] = cells;
  if (further === undefined || nameCell === undefined) return;
  for (const [what, filter, image, cell] of [
    ["height", filterRows, ifmapRows, cells[3]],
    ["width", filterColumns, ifmapColumns, cells[4]],
  ] as const) {
    if (filter > image)
      state.problems.push(
        problemAt(
          state.file,
          cell ?? nameCell,
          `a filter ${what} of at most the ifmap's ${image}`,
          `${filter}`,
        ),
      );
  }
  const { columnStride = rowStride, sparsity } = further;
  const layer: Layer = {
    name: nameCell.text,
    ifmapRows,
    ifmapColumns,
    filterRows,
    filterColumns,
    channels,
    filters,
    rowStride,
    columnStride,
    ...(sparsity === undefined ? {} : { sparsity }),
  };
  addLayers(state, nameCell, nameCell.text.includes("DP") ? depthwise(layer) : [layer]);
}

/** A comma that slipped, `1, ,1 2, 2` for `1, 1, 2, 2`: as many numbers as sizes, one cell empty and one with two of them. */
function mended(state: State, cells: readonly Cell[]): readonly Cell[] {
  const [name, ...sizes] = cells.slice(0, convolutionSizes.length + 1);
  const numbers = sizes.flatMap((cell) => cell.text.split(/\s+/).map((text) => ({ ...cell, text })));
  const filled = numbers.filter(({ text }) => text !== "");
  const slipped = filled.length === convolutionSizes.length && sizes.some(({ text }) => text === "");
  if (name === undefined || !slipped || filled.some(({ text }) => wholeNumber(text, 1) === undefined))
    return cells;
  state.notes.push(
    `${state.file}:${name.line}: a comma has slipped; read as ${filled.map(({ text }) => text).join(", ")}`,
  );
  return [name, ...filled, ...cells.slice(convolutionSizes.length + 1)];
}

/** A depthwise layer is one layer for each channel. */
const depthwise = (layer: Layer): readonly Layer[] =>
  Array.from({ length: Math.min(layer.channels, mostLayers + 1) }, (_, channel) => ({
    ...layer,
    name: `${layer.name}Channel_${channel}`,
    channels: 1,
  }));

function readMatrix(state: State, cells: readonly Cell[]): void {
  const sizes = readSizes(state, cells, ["M", "N", "K"] as const);
  const [nameCell] = cells;
  if (sizes === undefined || nameCell === undefined) return;
  const [m, n, k] = sizes;
  const further = readFurther(state, [], cells.slice(4), 4);
  if (further === undefined) return;
  const { sparsity } = further;
  const layer = matrixLayer(nameCell.text, m, n, k);
  addLayers(state, nameCell, [sparsity === undefined ? layer : { ...layer, sparsity }]);
}

type Numbers<T extends readonly string[]> = { readonly [K in keyof T]: number };

/** The sizes after the name, in the order of `names`; undefined when one is missing or wrong. */
function readSizes<const T extends readonly string[]>(
  state: State,
  cells: readonly Cell[],
  names: T,
): Numbers<T> | undefined {
  const end = cells.at(-1);
  const absent = names.findIndex((_, index) => (cells[index + 1]?.text ?? "") === "");
  if (absent !== -1) {
    const at = { line: end?.line ?? 1, column: (end?.column ?? 1) + (end?.text.length ?? 0) };
    const place = cells[absent + 1] ?? at;
    const expected = `${names.length} sizes after the name`;
    state.problems.push(problemAt(state.file, place, expected, `no ${names[absent]}`));
    return undefined;
  }
  const numbers = names.map((name, index) => {
    const cell = cells[index + 1];
    if (cell === undefined) return undefined;
    const value = state.values[cell.text] ?? wholeNumber(cell.text, 1);
    if (value === undefined) {
      const letter = /^[A-Za-z]\w*$/.test(cell.text)
        ? ` (or a value for ${cell.text}: --set ${cell.text}=..)`
        : "";
      state.problems.push(
        problemAt(state.file, cell, `the ${name}, a whole number of at least 1${letter}`, quoted(cell.text)),
      );
    }
    return value;
  });
  return isComplete<T>(numbers, names) ? numbers : undefined;
}

const isComplete = <T extends readonly string[]>(
  numbers: readonly (number | undefined)[],
  names: T,
): numbers is Numbers<T> & readonly number[] =>
  numbers.length === names.length && numbers.every((value) => value !== undefined);

interface Further {
  readonly columnStride?: number;
  readonly sparsity?: Sparsity;
}

/** What stands after the sizes: a second stride, N:M, a batch size; other columns say nothing about the layer's work. */
function readFurther(
  state: State,
  header: readonly Cell[],
  cells: readonly Cell[],
  first: number,
): Further | undefined {
  let further: Further = {};
  for (const [index, cell] of cells.entries()) {
    if (cell.text === "") continue;
    const name = header[first + index]?.text ?? "";
    const ratio = /^(\d{1,4})\s*:\s*(\d{1,4})$/.exec(cell.text);
    if (ratio !== null || /spars/i.test(name)) {
      const [n, m] = [Number(ratio?.[1]), Number(ratio?.[2])];
      if (!(n >= 1 && m >= n)) {
        state.problems.push(problemAt(state.file, cell, "N:M with 1 <= N <= M", quoted(cell.text)));
        return undefined;
      }
      further = { ...further, sparsity: { n, m } };
    } else if (/stride|batch/i.test(name)) {
      const value = wholeNumber(cell.text, 1);
      if (value === undefined) {
        state.problems.push(problemAt(state.file, cell, `a whole number for ${name}`, quoted(cell.text)));
        return undefined;
      }
      if (/stride/i.test(name)) further = { ...further, columnStride: value };
      else state.batch = Math.max(state.batch, value);
    } else if (
      name === "" &&
      first + index === convolutionSizes.length + 1 &&
      wholeNumber(cell.text, 1) !== undefined
    ) {
      // Version 2 of SCALE-Sim takes an eighth number for the stride of columns.
      further = { ...further, columnStride: Number(cell.text) };
      state.notes.push(
        `${state.file}:${cell.line}: the number after the stride is taken as the stride of columns`,
      );
    } else if (name === "") {
      state.problems.push(problemAt(state.file, cell, "no further cell without a header", quoted(cell.text)));
      return undefined;
    }
  }
  return further;
}

/** Above these a run takes minutes and gigabytes; no network has them. */
const mostLayers = 100_000;
const mostMacs = 2 ** 50;

function addLayers(state: State, at: Cell, layers: readonly Layer[]): void {
  for (const layer of layers) {
    const { m, n, k } = productOf(layer);
    const macs = m * n * k;
    if (macs > mostMacs || state.layers.length >= mostLayers) {
      const found = macs > mostMacs ? `${macs} MACs` : `more than ${mostLayers} layers`;
      state.problems.push(
        problemAt(state.file, at, "a layer of at most 2^50 MACs, and 100000 layers", found),
      );
      return;
    }
    state.layers.push(layer);
  }
}
