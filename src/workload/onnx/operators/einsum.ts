/** Einsum of one or two tensors, as a product: each letter is of the stack, the rows, the inner dimension or the columns. */
import { type Call, input, text } from "../call.ts";
import type { Operator, Work } from "../operator.ts";
import { elementsOf } from "../read-tensor.ts";
import { Refused } from "../refused.ts";
import { elementwise, movement, products, reduction } from "../shapes-of-work.ts";

export const einsum: Operator = {
  becomes: "matmul",
  infer: (call) => {
    const { sizes, to } = lettersOf(call);
    return [{ type: input(call, 0).type, shape: [...to].map((letter) => sizes.get(letter) ?? 1) }];
  },
  work: (call, [made]) => {
    const { sizes, terms, to } = lettersOf(call);
    const [left = "", right] = terms;
    const over = (of: (letter: string) => boolean): number =>
      [...sizes].reduce((all, [letter, size]) => (of(letter) ? all * size : all), 1);
    if (made === undefined) return [];
    const from = input(call, 0).shape;
    if (right === undefined)
      return elementsOf(from) === elementsOf(made.shape)
        ? [{ shape: movement("transpose", made) }]
        : [{ shape: reduction("sum", from, made.shape) }];
    const inner = over((letter) => !to.includes(letter));
    if (inner === 1) return [{ shape: elementwise(call, "mul", made) }];
    return [productWork(call, left, right, to, over)];
  },
};

function productWork(
  call: Call,
  left: string,
  right: string,
  to: string,
  over: (of: (letter: string) => boolean) => number,
): Work {
  const both = (letter: string): boolean => left.includes(letter) && right.includes(letter);
  const stack = over((letter) => both(letter) && to.includes(letter));
  const inner = over((letter) => !to.includes(letter));
  const rows = over((letter) => to.includes(letter) && left.includes(letter) && !right.includes(letter));
  const columns = over((letter) => to.includes(letter) && right.includes(letter) && !left.includes(letter));
  const [first, second] = [input(call, 0), input(call, 1)];
  if (second.constant)
    return {
      shape: products(stack, [rows, inner, columns], "parameters"),
      weights: { input: 1, transposed: to.includes(right.at(0) ?? "") },
    };
  if (first.constant)
    return {
      shape: products(stack, [columns, inner, rows], "parameters"),
      weights: { input: 0, transposed: to.includes(left.at(0) ?? "") },
    };
  return { shape: products(stack, [rows, inner, columns], "activations") };
}

/** The letters of each term with their sizes; an ellipsis becomes digits, one an axis. */
function lettersOf(call: Call) {
  const equation = text(call, "equation", "").replaceAll(/\s/g, "");
  const [from = "", given] = equation.split("->");
  const written = from.split(",");
  if (written.length !== call.inputs.length || written.length > 2)
    throw new Refused(call.where, "an equation of one or two terms", JSON.stringify(equation));
  const sizes = new Map<string, number>();
  const axesOf = (term: string, rank: number): string => {
    const free = rank - term.replace("...", "").length;
    return term.replace("...", "0123456789".slice(10 - Math.max(0, free)));
  };
  const terms = written.map((term, index) => {
    const { shape } = input(call, index);
    const letters = axesOf(term, shape.length);
    if (letters.length !== shape.length || new Set(letters).size !== letters.length)
      throw new Refused(
        call.where,
        `a letter of its own for each axis of input ${index}`,
        JSON.stringify(term),
      );
    for (const [axis, letter] of [...letters].entries()) {
      const size = shape[axis] ?? 1;
      const before = sizes.get(letter) ?? 1;
      if (before !== 1 && size !== 1 && before !== size)
        throw new Refused(call.where, `one size for ${letter}`, `${before} and ${size}`);
      sizes.set(letter, Math.max(before, size));
    }
    return letters;
  });
  const once = [...sizes.keys()].filter(
    (letter) => terms.filter((term) => term.includes(letter)).length === 1,
  );
  const ellipsis = [...sizes.keys()].filter((letter) => /\d/.test(letter)).sort();
  const implied = [...ellipsis, ...once.filter((letter) => !ellipsis.includes(letter)).sort()].join("");
  const to = given?.replace("...", ellipsis.join("")) ?? implied;
  const stranger = [...to].find((letter) => !sizes.has(letter));
  if (stranger !== undefined)
    throw new Refused(call.where, "a result of letters that the terms have", JSON.stringify(stranger));
  return { sizes, terms, to };
}
