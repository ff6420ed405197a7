/** Values of the graph while it is read: their type and shape, and their elements where those decide shapes. */
import type { ElementType } from "./element-type.ts";
import type { TensorMessage } from "./message.ts";
import { elementsOf } from "./read-tensor.ts";

export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Elements in row-major order, where they are known before the run and few. */
  readonly data?: readonly number[];
  /** Made of initialisers and constants alone, so that it is there before the run. */
  readonly constant: boolean;
  /** The tensors in the file that a constant is made of. */
  readonly roots: readonly TensorMessage[];
  /** An input of the graph of which nobody says what it holds. */
  readonly given?: true;
  /** A constant matrix that stands in the file the other way round. */
  readonly turned?: true;
}

/** What a rule tells of a result. */
export type Result = Pick<Value, "type" | "shape" | "data">;

/** More elements than this are not followed. */
export const mostFolded = 65536;

export const result = (
  type: ElementType,
  shape: readonly number[],
  data?: readonly number[] | undefined,
): Result =>
  data === undefined || data.length !== elementsOf(shape) ? { type, shape } : { type, shape, data };

/** Size and number of what is at and behind an axis. */
export const last = (shape: readonly number[]): number => shape.at(-1) ?? 1;

/** Distance in the elements from one index of each axis to the next. */
export function stridesOf(shape: readonly number[]): readonly number[] {
  let stride = 1;
  return shape
    .toReversed()
    .map((size) => {
      const own = stride;
      stride *= size;
      return own;
    })
    .toReversed();
}

/** Elements of a result, each taken from where its indices say. @param from -1 for none, which gives `otherwise` */
export function picked(
  data: readonly number[] | undefined,
  shape: readonly number[],
  from: (index: readonly number[]) => number,
  otherwise = 0,
): readonly number[] | undefined {
  if (data === undefined || elementsOf(shape) > mostFolded) return undefined;
  const index = shape.map(() => 0);
  return Array.from({ length: elementsOf(shape) }, () => {
    const at = from(index);
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next < (shape[axis] ?? 0) ? next : 0;
      if (index[axis] !== 0) break;
    }
    return at < 0 ? otherwise : (data[at] ?? otherwise);
  });
}

/** Where an index stands in a tensor that is broadcast to the index's shape. */
export function broadcastPlace(shape: readonly number[], rank: number): (index: readonly number[]) => number {
  const strides = stridesOf(shape);
  const offset = rank - shape.length;
  return (index) =>
    strides.reduce(
      (sum, stride, axis) => sum + (shape[axis] === 1 ? 0 : (index[axis + offset] ?? 0) * stride),
      0,
    );
}
