/** Operators that draw numbers, one for each element. */
import { type Call, input, int, ints } from "../call.ts";
import { elementType } from "../element-type.ts";
import type { Operator, Operators } from "../operator.ts";
import { checkedShape } from "../read-tensor.ts";
import { rowwise } from "../shapes-of-work.ts";
import type { Result } from "../value.ts";

export const randomOperators: Operators = {
  RandomNormal: drawn(shaped),
  RandomUniform: drawn(shaped),
  RandomNormalLike: drawn(like),
  RandomUniformLike: drawn(like),
  Bernoulli: drawn(like),
};

/** No constants, whatever they are made of. */
export const draws = new Set(Object.keys(randomOperators));

function drawn(infer: (call: Call) => Result): Operator {
  return {
    becomes: "elementwise",
    infer: (call) => [infer(call)],
    work: (_, [made]) =>
      made === undefined ? [] : [{ shape: rowwise("elementwise", made.shape, { operation: "random" }) }],
  };
}

const typed = (call: Call, otherwise: Result["type"]): Result["type"] => {
  const code = int(call, "dtype", 0);
  return code === 0 ? otherwise : elementType(code, call.where);
};

function shaped(call: Call): Result {
  return {
    type: typed(call, elementType(1, call.where)),
    shape: checkedShape(ints(call, "shape") ?? [], call.where),
  };
}

function like(call: Call): Result {
  const { type, shape } = input(call, 0);
  return { type: typed(call, type), shape };
}
