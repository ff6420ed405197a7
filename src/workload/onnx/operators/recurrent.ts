/**
 * Recurrent layers, as their products: the inputs of all steps at once, and the state's, which in truth waits for the step before.
 */
import { type Call, int, ranked, text } from "../call.ts";
import type { Operator, Operators, Work } from "../operator.ts";
import { products, rowwise } from "../shapes-of-work.ts";
import type { Value } from "../value.ts";

export const recurrentOperators: Operators = {
  LSTM: recurrent(4),
  GRU: recurrent(3),
  RNN: recurrent(1),
};

function recurrent(gates: number): Operator {
  return {
    becomes: "matmul of the inputs, matmul of the state, elementwise",
    infer: (call) => {
      const { steps, batch, hidden, directions, type } = sizesOf(call);
      const first = int(call, "layout", 0) === 1;
      const all = first ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden];
      const state = first ? [batch, directions, hidden] : [directions, batch, hidden];
      return [
        { type, shape: all },
        { type, shape: state },
        { type, shape: state },
      ];
    },
    work: (call): readonly Work[] => {
      const { steps, batch, hidden, directions, inner } = sizesOf(call);
      const rows = steps * batch;
      const bias = call.inputs[3]?.constant === true;
      const wide = gates * hidden;
      return [
        {
          part: "inputs",
          shape: products(directions, [rows, inner, wide], "parameters", bias),
          weights: { input: 1, transposed: true },
        },
        {
          part: "state",
          shape: products(directions, [rows, hidden, wide], "parameters", bias),
          reads: ["inputs"],
          weights: { input: 2, transposed: true },
        },
        {
          part: "gates",
          shape: rowwise("elementwise", [rows * directions, wide], { operation: "gates" }),
          reads: ["inputs", "state"],
        },
      ];
    },
  };
}

function sizesOf(call: Call) {
  const [sequence, weights, state]: readonly Value[] = [
    ranked(call, 0, 3, 3),
    ranked(call, 1, 3, 3),
    ranked(call, 2, 3, 3),
  ];
  const [first = 0, second = 0, inner = 0] = sequence?.shape ?? [];
  const [steps, batch] = int(call, "layout", 0) === 1 ? [second, first] : [first, second];
  const hidden = state?.shape[2] ?? int(call, "hidden_size", 0);
  const directions = text(call, "direction", "forward") === "bidirectional" ? 2 : (weights?.shape[0] ?? 1);
  return { steps, batch, inner, hidden, directions, type: ranked(call, 0, 3, 3).type };
}
