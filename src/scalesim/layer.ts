/** A layer as SCALE-Sim sees it: always a convolution without padding, of one image; a product of matrices is one too. */

export interface Layer {
  readonly name: string;
  readonly ifmapRows: number;
  readonly ifmapColumns: number;
  readonly filterRows: number;
  readonly filterColumns: number;
  readonly channels: number;
  readonly filters: number;
  readonly rowStride: number;
  readonly columnStride: number;
  /** N of every M weights are kept. */
  readonly sparsity?: Sparsity;
}

export interface Sparsity {
  readonly n: number;
  readonly m: number;
}

/** The layer as a product [m x k] x [k x n]. */
export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly outputRows: number;
  readonly outputColumns: number;
}

/** Rounds up: the last window may run off the edge of the image, and those of its taps ask for nothing. */
export function productOf(layer: Layer): Product {
  const outputRows = Math.ceil((layer.ifmapRows - layer.filterRows + layer.rowStride) / layer.rowStride);
  const outputColumns = Math.ceil(
    (layer.ifmapColumns - layer.filterColumns + layer.columnStride) / layer.columnStride,
  );
  return {
    m: outputRows * outputColumns,
    n: layer.filters,
    k: layer.filterRows * layer.filterColumns * layer.channels,
    outputRows,
    outputColumns,
  };
}

/** [m x k] x [k x n] as the convolution that SCALE-Sim makes of it. */
export const matrixLayer = (name: string, m: number, n: number, k: number): Layer => ({
  name,
  ifmapRows: m,
  ifmapColumns: k,
  filterRows: 1,
  filterColumns: k,
  channels: 1,
  filters: n,
  rowStride: 1,
  columnStride: 1,
});
