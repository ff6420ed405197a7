/**
 * A product as the schedule sees it: where its operands lie, its tiles, and the bytes and MACs of each.
 * Models: biases and scales that come with the first weights of a tile of results; heads that share keys and values; useful MACs
 *   spread over tiles, where masked positions are computed and do not count.
 * Ignores: tiles without any useful position, which are computed as well.
 * Source: counts of the workload.
 */
import { roundUp } from "../arch/component.ts";
import type { Products, Tiling } from "../arch/systolic-tile.ts";
import { macsOf, parametersRead } from "../workload/count.ts";
import type { Op } from "../workload/op.ts";
import { type Group, needsRows } from "./systolic-group.ts";
import { type Placement, tilingOf } from "./systolic-plan.ts";
import { blockOf, bytesOf, isCache, isOnChip, nameOf, type Scope } from "./systolic-scope.ts";
import type { TileBytes } from "./systolic-turn.ts";
import { storedWeights } from "./systolic-weights.ts";
import { type Product, type ProductOp, productOf } from "./systolic-window.ts";

/** Tilings that were found before, by shape and placement. */
export type Tilings = Map<string, Tiling | undefined>;

export interface Work {
  readonly scope: Scope;
  readonly group: Group;
  readonly op: ProductOp;
  readonly name: string;
  readonly product: Product;
  readonly placement: Placement;
  readonly tiling: Tiling;
  readonly bytes: TileBytes;
  /** Useful MACs of a tile, rounded down; those of all tiles may lack some of the op's. */
  readonly macs: (tile: Products) => number;
}

/** The input that is the right operand; undefined for trained parameters, and for a cache that an earlier phase filled. */
export const rightOf = (op: ProductOp): string | undefined =>
  op.right === "activations" ? op.inputs[1] : undefined;

/** @throws Error when no tile fits the buffers */
export function workOf(scope: Scope, group: Group, op: ProductOp, tilings: Tilings): Work {
  const name = nameOf(scope, op.name);
  const product = productOf(op, scope.step);
  const placement = placementOf(scope, group, op, product);
  const tiling = tilingFor(scope, op, product, placement, tilings);
  if (tiling === undefined) throw new Error(`no tile of ${name} fits the buffers; check says why`);
  const { whole, taps, needs } = product;
  const { elementBytes } = scope.system;
  const beside = besideMatrices(group, op, whole) / (whole.count * whole.columns);
  const [useful, all] = [macsOf(op, scope.step), whole.count * whole.rows * whole.inner * whole.columns];
  return {
    scope,
    group,
    op,
    name,
    product,
    placement,
    tiling,
    bytes: {
      weights: ({ count, inner, columns }, first) => {
        const { stored, shared, weights } = placement;
        const matrix = weights === "chip" ? 0 : inner * shared * stored.bytesPerPosition;
        return roundUp(count * columns * (matrix + (first ? beside * elementBytes : 0)));
      },
      inputs: ({ count, rows, inner }) =>
        placement.inputs === "chip" ? 0 : Math.ceil(((count * needs(rows) * inner) / taps) * elementBytes),
    },
    macs: ({ count, rows, inner, columns }) => {
      const own = count * rows * inner * columns;
      return useful === all ? own : Math.floor((own / all) * useful);
    },
  };
}

function placementOf(scope: Scope, { followers }: Group, op: ProductOp, { whole }: Product): Placement {
  const right = rightOf(op);
  return {
    inputs: isOnChip(scope, op.inputs[0] ?? "input") ? "chip" : "memory",
    weights: right !== undefined && isOnChip(scope, right) ? "chip" : "memory",
    stored: storedWeights(scope.system, op),
    shared:
      right === undefined ? 1 : sharedBy(scope, op, right) / (whole.count * whole.inner * whole.columns),
    wholeRows: followers.some(needsRows),
  };
}

/** Elements of a right operand that is a result: those of the whole cache, or of the op that made it. */
function sharedBy(scope: Scope, op: ProductOp, right: string): number {
  const { whole } = productOf(op, scope.step);
  const all = whole.count * whole.inner * whole.columns;
  if (!isCache(scope, right)) return Math.min(all, bytesOf(scope, right) / scope.system.elementBytes);
  const cache = blockOf(scope).block.ops.find(({ name }) => name === right);
  if (cache?.kind !== "cacheWrite") return all;
  const positions = cache.cache === "key" ? whole.columns : whole.inner;
  return Math.min(all, scope.batch * positions * cache.width);
}

/** Trained parameters that are no matrix: biases of the product, scales and shifts of what follows it. */
function besideMatrices({ followers }: Group, op: ProductOp, whole: Products): number {
  const trained = op.right !== "activations";
  const all = [op, ...followers].reduce((sum: number, each: Op) => sum + parametersRead(each), 0);
  return all - (trained ? whole.count * whole.inner * whole.columns : 0);
}

function tilingFor(
  { system }: Scope,
  op: ProductOp,
  product: Product,
  placement: Placement,
  tilings: Tilings,
): Tiling | undefined {
  const window = op.kind === "convolution" ? { ...op, name: "", inputs: [] } : undefined;
  const key = JSON.stringify([product.whole, window, placement]);
  const known = tilings.get(key);
  if (known !== undefined) return known;
  const found = tilingOf(system, product, placement);
  tilings.set(key, found);
  return found;
}
