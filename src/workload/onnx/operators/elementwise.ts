/** Operators that work element by element, with broadcasting: arithmetic, comparison, logic, activations, casts. */
import { broadcast, type Call, float, input, int } from "../call.ts";
import { bool, type ElementType, elementType } from "../element-type.ts";
import { noWork, type Operator, type Operators } from "../operator.ts";
import { elementsOf } from "../read-tensor.ts";
import { Refused } from "../refused.ts";
import { elementwise, rowwise } from "../shapes-of-work.ts";
import { broadcastPlace, mostFolded, picked, type Result, result, type Value } from "../value.ts";

type Compute = (...values: readonly number[]) => number;

const arithmetic: Readonly<Record<string, Compute | undefined>> = {
  Add: (a = 0, b = 0) => a + b,
  Sub: (a = 0, b = 0) => a - b,
  Mul: (a = 0, b = 0) => a * b,
  Div: (a = 0, b = 1) => a / b,
  Mod: (a = 0, b = 1) => a - b * Math.floor(a / b),
  Pow: (a = 0, b = 1) => a ** b,
  PRelu: undefined,
  Max: (...all) => Math.max(...all),
  Min: (...all) => Math.min(...all),
  Sum: (...all) => all.reduce((sum, each) => sum + each, 0),
  Mean: (...all) => all.reduce((sum, each) => sum + each, 0) / all.length,
  BitShift: undefined,
  BitwiseAnd: undefined,
  BitwiseOr: undefined,
  BitwiseXor: undefined,
};

const comparisons: Readonly<Record<string, Compute>> = {
  Equal: (a, b) => Number(a === b),
  Greater: (a = 0, b = 0) => Number(a > b),
  GreaterOrEqual: (a = 0, b = 0) => Number(a >= b),
  Less: (a = 0, b = 0) => Number(a < b),
  LessOrEqual: (a = 0, b = 0) => Number(a <= b),
  And: (a = 0, b = 0) => Number(a !== 0 && b !== 0),
  Or: (a = 0, b = 0) => Number(a !== 0 || b !== 0),
  Xor: (a = 0, b = 0) => Number((a !== 0) !== (b !== 0)),
};

const unary: Readonly<Record<string, Compute | undefined>> = {
  Abs: (x = 0) => Math.abs(x),
  Neg: (x = 0) => -x,
  Ceil: (x = 0) => Math.ceil(x),
  Floor: (x = 0) => Math.floor(x),
  Round: undefined,
  Sqrt: (x = 0) => Math.sqrt(x),
  Reciprocal: (x = 1) => 1 / x,
  Exp: (x = 0) => Math.exp(x),
  Log: (x = 1) => Math.log(x),
  Sign: (x = 0) => Math.sign(x),
  Sin: (x = 0) => Math.sin(x),
  Cos: (x = 0) => Math.cos(x),
  Acos: undefined,
  Acosh: undefined,
  Asin: undefined,
  Asinh: undefined,
  Atan: undefined,
  Atanh: undefined,
  Cosh: undefined,
  Sinh: undefined,
  Tan: undefined,
  BitwiseNot: undefined,
  Erf: undefined,
  Tanh: (x = 0) => Math.tanh(x),
  Elu: undefined,
  Celu: undefined,
  Selu: undefined,
  LeakyRelu: undefined,
  ThresholdedRelu: undefined,
  HardSigmoid: undefined,
  HardSwish: undefined,
  Mish: undefined,
  Shrink: undefined,
  Softplus: undefined,
  Softsign: undefined,
  Swish: undefined,
};

/** Of an activation with a kind of its own. */
const activations = { Relu: "relu", Gelu: "gelu" } as const;

export const elementwiseOperators: Operators = {
  ...Object.fromEntries(Object.entries(arithmetic).map(([name, compute]) => [name, together(name, compute)])),
  ...Object.fromEntries(
    Object.entries(comparisons).map(([name, compute]) => [name, together(name, compute, bool)]),
  ),
  ...Object.fromEntries(Object.entries(unary).map(([name, compute]) => [name, alone(name, compute)])),
  ...Object.fromEntries(
    Object.entries(activations).map(([name, kind]): [string, Operator] => [
      name,
      { becomes: kind, infer: (call) => [same(call)], work: (_, [made]) => worked(made, kind) },
    ]),
  ),
  Sigmoid: {
    becomes: "sigmoid",
    infer: (call) => [same(call)],
    work: (_, [made]) => {
      if (made === undefined) return [];
      const { count, rows, width } = rowwise("elementwise", made.shape);
      return [
        {
          shape: {
            kind: "sigmoid",
            count,
            rows: Number(rows),
            width: Number(width),
            parametersPerElement: 0,
          },
        },
      ];
    },
  },
  Not: {
    ...alone("Not", (x = 0) => Number(x === 0)),
    infer: (call) => [{ ...folded(call, (x = 0) => Number(x === 0)), type: bool }],
  },
  IsNaN: { ...alone("IsNaN"), infer: (call) => [{ ...same(call), type: bool }] },
  IsInf: { ...alone("IsInf"), infer: (call) => [{ ...same(call), type: bool }] },
  Clip: {
    ...alone("Clip"),
    infer: (call) => {
      const [low, high] = [
        bound(call, 1, "min", Number.NEGATIVE_INFINITY),
        bound(call, 2, "max", Number.POSITIVE_INFINITY),
      ];
      if (low === undefined || high === undefined) return [same(call)];
      return [folded(call, (x = 0) => Math.min(high, Math.max(low, x)))];
    },
  },
  Where: {
    becomes: "elementwise",
    infer: (call) => {
      const [condition, yes, no] = [input(call, 0), input(call, 1), input(call, 2)];
      const compute: Compute = (choice = 0, a = 0, b = 0) => (choice === 0 ? b : a);
      return [broadcasted(call, [condition, yes, no], compute, yes.type)];
    },
    work: (call, [made]) => (made === undefined ? [] : [{ shape: elementwise(call, "where", made) }]),
  },
  Cast: cast((call) => elementType(int(call, "to", 0), call.where)),
  CastLike: cast((call) => input(call, 1).type),
};

/** Several tensors that are broadcast together. Opsets up to 6 align the second at an axis. */
function together(name: string, compute: Compute | undefined, type?: ElementType): Operator {
  return {
    becomes: name === "Add" || name === "Sum" ? "residual, bias or elementwise" : "elementwise",
    infer: (call) => {
      const values = call.inputs.flatMap((value) => (value === undefined ? [] : [value]));
      if (values.length === 0) throw new Refused(call.where, "an input", "none");
      const aligned = alignedByAxis(call, values);
      const made = type ?? input(call, 0).type;
      const whole =
        name === "Div" && made.kind === "integer" ? (...ab: number[]) => Math.trunc(divided(ab)) : compute;
      return [broadcasted(call, aligned, whole, made)];
    },
    work: (call, [made]) => {
      if (made === undefined) return [];
      const residual =
        (name === "Add" || name === "Sum") &&
        call.inputs.every(
          (each) => each?.constant === false && elementsOf(each.shape) === elementsOf(made.shape),
        );
      return [{ shape: residual ? rowwise("residual", made.shape) : elementwise(call, lower(name), made) }];
    },
  };
}

const divided = ([a = 0, b = 1]: readonly number[]): number => a / b;

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function alignedByAxis(call: Call, values: readonly Value[]): readonly Value[] {
  const [first, second] = values;
  const channels = first?.shape[1];
  // Slopes of old models are one for each channel.
  if (
    call.node.operator === "PRelu" &&
    call.opset < 7 &&
    first &&
    second &&
    second.shape.length === 1 &&
    second.shape[0] === channels
  )
    return [first, { ...second, shape: [channels ?? 1, ...first.shape.slice(2).map(() => 1)] }];
  const axis = int(call, "axis", -1);
  if (call.opset >= 7 || int(call, "broadcast", 0) === 0 || axis < 0 || !first || !second) return values;
  const behind = first.shape.length - axis - second.shape.length;
  if (behind < 0)
    throw new Refused(call.where, "an axis that leaves room for the second input", String(axis));
  return [first, { ...second, shape: [...second.shape, ...Array.from({ length: behind }, () => 1)] }];
}

function alone(name: string, compute?: Compute): Operator {
  return {
    becomes: "elementwise",
    infer: (call) => [folded(call, compute)],
    work: (call, [made]) => (made === undefined ? [] : [{ shape: elementwise(call, lower(name), made) }]),
  };
}

function worked(made: Value | undefined, kind: "relu" | "gelu") {
  return made === undefined ? [] : [{ shape: rowwise(kind, made.shape) }];
}

const same = (call: Call): Result => ({ type: input(call, 0).type, shape: input(call, 0).shape });

function folded(call: Call, compute: Compute | undefined): Result {
  const { type, shape, data } = input(call, 0);
  return result(type, shape, compute === undefined ? undefined : data?.map((x) => compute(x)));
}

/** A limit by attribute or input; undefined when the run computes it. */
function bound(call: Call, index: number, name: string, otherwise: number): number | undefined {
  const given = call.inputs[index];
  if (given !== undefined) return given.data?.[0];
  return float(call, name, otherwise);
}

function broadcasted(
  call: Call,
  values: readonly Value[],
  compute: Compute | undefined,
  type: ElementType,
): Result {
  const shape = broadcast(
    call,
    values.map((value) => value.shape),
  );
  if (compute === undefined || elementsOf(shape) > mostFolded) return { type, shape };
  const spread = values.flatMap((value) => {
    const place = broadcastPlace(value.shape, shape.length);
    const data = picked(value.data, shape, place);
    return data === undefined ? [] : [data];
  });
  if (spread.length < values.length) return { type, shape };
  const data = Array.from({ length: elementsOf(shape) }, (_, index) =>
    compute(...spread.map((each) => each[index] ?? 0)),
  );
  return result(type, shape, data);
}

/** Other numbers of the same meaning: counted where the width changes, by the machine that has to do it. */
function cast(to: (call: Call) => ElementType): Operator {
  return {
    becomes: "free where the format of the run stays, else elementwise",
    infer: (call) => {
      const { shape, data } = input(call, 0);
      const type = to(call);
      const whole =
        type.kind === "integer"
          ? data?.map(Math.trunc)
          : type.kind === "bool"
            ? data?.map((x) => Number(x !== 0))
            : data;
      return [result(type, shape, whole)];
    },
    work: (call, [made]) => {
      const floats = input(call, 0).type.kind === "float" && made?.type.kind === "float";
      return made === undefined || floats ? noWork() : [{ shape: elementwise(call, "cast", made) }];
    },
  };
}
