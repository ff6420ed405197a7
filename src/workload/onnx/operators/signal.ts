/** Fourier transforms, and the windows that go before them. */
import { axisOf, type Call, input, int, known, ranked } from "../call.ts";
import { elementType } from "../element-type.ts";
import { noWork, type Operator, type Operators } from "../operator.ts";
import { elementsOf } from "../read-tensor.ts";
import { Refused } from "../refused.ts";
import { last } from "../value.ts";

export const signalOperators: Operators = {
  DFT: {
    becomes: "fft",
    infer: (call) => {
      const { type, shape } = ranked(call, 0, 3);
      const { axis, length } = transformOf(call);
      const kept = int(call, "onesided", 0) === 1 ? Math.floor(length / 2) + 1 : length;
      const sizes = shape.map((size, at) => (at === axis ? kept : at === shape.length - 1 ? 2 : size));
      return [{ type, shape: sizes }];
    },
    work: (call, [made]) => {
      if (made === undefined) return [];
      const { axis, length } = transformOf(call);
      const real = last(input(call, 0).shape) === 1;
      const rows = elementsOf(made.shape) / (2 * (made.shape[axis] ?? 1));
      return [{ shape: { kind: "fft", rows, length, input: real ? "real" : "complex", output: "complex" } }];
    },
  },
  BlackmanWindow: window(),
  HammingWindow: window(),
  HannWindow: window(),
};

function transformOf(call: Call): { readonly axis: number; readonly length: number } {
  const { shape } = ranked(call, 0, 3);
  if (last(shape) !== 1 && last(shape) !== 2)
    throw new Refused(call.where, "a last axis of 1 (real) or 2 (complex)", `[${shape.join(", ")}]`);
  const given =
    call.inputs[2] === undefined ? int(call, "axis", call.opset < 20 ? 1 : -2) : (known(call, 2)[0] ?? 1);
  const axis = axisOf(call, given, shape.length);
  const length = call.inputs[1] === undefined ? (shape[axis] ?? 1) : (known(call, 1)[0] ?? 1);
  return { axis, length };
}

/** A row of constants of a length that is known before the run. */
function window(): Operator {
  return {
    becomes: "known before the run",
    infer: (call) => [
      { type: elementType(int(call, "output_datatype", 1), call.where), shape: [known(call, 0)[0] ?? 0] },
    ],
    work: noWork,
  };
}
