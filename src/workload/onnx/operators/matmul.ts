/** Matrix products. The operand that the file holds is the trained one, on whichever side it stands. */
import { broadcast, type Call, input, int, ranked } from "../call.ts";
import { type ElementType, int32 } from "../element-type.ts";
import type { Operator, Operators, Work } from "../operator.ts";
import { elementsOf } from "../read-tensor.ts";
import { Refused } from "../refused.ts";
import { products } from "../shapes-of-work.ts";
import { last, type Value } from "../value.ts";
import { einsum } from "./einsum.ts";

export const matmulOperators: Operators = {
  MatMul: product(0, 1),
  MatMulInteger: product(0, 1, () => int32),
  QLinearMatMul: product(0, 3, (call) => input(call, 7).type),
  Einsum: einsum,
  Gemm: {
    becomes: "matmul",
    infer: (call) => {
      const { rows, columns } = gemmOf(call);
      return [{ type: input(call, 0).type, shape: [rows, columns] }];
    },
    work: (call) => {
      const { rows, inner, columns } = gemmOf(call);
      const [left, right] = [input(call, 0), input(call, 1)];
      const bias = call.inputs[2]?.constant === true;
      if (left.constant && !right.constant)
        return [
          {
            shape: products(1, [columns, inner, rows], "parameters", bias),
            weights: { input: 0, transposed: int(call, "transA", 0) === 0 },
          },
        ];
      const parameters = right.constant ? "parameters" : "activations";
      const work = { shape: products(1, [rows, inner, columns], parameters, bias && right.constant) };
      if (!right.constant) return [work];
      return [{ ...work, weights: { input: 1, transposed: int(call, "transB", 0) === 1 } }];
    },
  },
};

/** Of the domain com.microsoft, where runtimes put a transpose and a factor into the product. */
export const fusedMatMul: Operator = product(0, 1);

export interface Product {
  readonly shape: readonly number[];
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** What a product of two stacks of matrices gives. @throws Refused where they do not fit */
export function productOf(call: Call, left: Value, right: Value): Product {
  const flip = (value: Value, name: string): readonly number[] => {
    const { shape } = value;
    return int(call, name, 0) === 1 ? [...shape.slice(0, -2), last(shape), shape.at(-2) ?? 1] : shape;
  };
  const [a, b] = [flip(left, "transA"), flip(right, "transB")];
  const [rows, inner] = [a.length === 1 ? 1 : (a.at(-2) ?? 1), last(a)];
  const [depth, columns] = b.length === 1 ? [last(b), 1] : [b.at(-2) ?? 1, last(b)];
  if (inner !== depth)
    throw new Refused(
      call.where,
      "matrices whose inner sizes are equal",
      `[${a.join(", ")}] and [${b.join(", ")}]`,
    );
  const stacks = broadcast(call, [a.slice(0, -2), b.slice(0, -2)]);
  const shape = [...stacks, ...(a.length === 1 ? [] : [rows]), ...(b.length === 1 ? [] : [columns])];
  return { shape, rows, inner, columns };
}

/** The op of a product, its trained operand on the right. */
export function productWork(
  call: Call,
  [left, right]: readonly [number, number],
  { shape, rows, inner, columns }: Product,
): readonly Work[] {
  const [a, b] = [input(call, left), input(call, right)];
  const made = elementsOf(shape);
  if (made === 0) return [];
  const count = made / (rows * columns);
  if (!a.constant && !b.constant) return [{ shape: products(count, [rows, inner, columns], "activations") }];
  const trained = b.constant ? b : a;
  const copies = elementsOf(trained.shape.slice(0, -2));
  const [own, other] = b.constant ? [columns, rows] : [rows, columns];
  return [
    {
      shape: products(copies, [(count / copies) * other, inner, own], "parameters"),
      weights: { input: b.constant ? right : left, transposed: flipped(call, b.constant) },
    },
  ];
}

/** Whether the trained matrix stands in the file as columns x inner. */
const flipped = (call: Call, right: boolean): boolean =>
  right ? int(call, "transB", 0) === 1 : int(call, "transA", 0) === 0;

function product(left: number, right: number, type?: (call: Call) => ElementType): Operator {
  const found = (call: Call): Product => productOf(call, ranked(call, left, 1), ranked(call, right, 1));
  return {
    becomes: "matmul",
    infer: (call) => [{ type: type?.(call) ?? input(call, left).type, shape: found(call).shape }],
    work: (call) => productWork(call, [left, right], found(call)),
  };
}

function gemmOf(call: Call) {
  const sizes = (index: number, name: string): readonly number[] => {
    const { shape } = ranked(call, index, 2, 2);
    return int(call, name, 0) === 1 ? shape.toReversed() : shape;
  };
  const [[rows = 0, inner = 0], [depth = 0, columns = 0]] = [sizes(0, "transA"), sizes(1, "transB")];
  if (inner !== depth)
    throw new Refused(call.where, "matrices whose inner sizes are equal", `${inner} and ${depth}`);
  return { rows, inner, columns };
}
