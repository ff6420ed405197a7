/**
 * Arithmetic over numbers, units and declared names, by mathjs: "2 * 460 GB/s", "1024 / mpu.width".
 * mathjs only parses, and computes one allowed operation at a time as the tree is walked. Its evaluator is never called,
 * so that import, createUnit, function definitions, assignments, matrices and ranges cannot run whatever the text says.
 */
import {
  addDependencies,
  ceilDependencies,
  create,
  createUnitDependencies,
  divideDependencies,
  floorDependencies,
  isAccessorNode,
  isConstantNode,
  isFunctionNode,
  isOperatorNode,
  isParenthesisNode,
  isSymbolNode,
  isUnit,
  log2Dependencies,
  type MathNode,
  maxDependencies,
  minDependencies,
  multiplyDependencies,
  parseDependencies,
  powDependencies,
  subtractDependencies,
  type Unit,
  unaryMinusDependencies,
  unaryPlusDependencies,
  unitDependencies,
} from "mathjs";
import { anything, combined, exactly, type Interval } from "./interval.ts";

/** What an expression may name besides units: sizes of the design, by dotted path. Texts are quantities such as "200 MHz". */
export type Names = Readonly<Record<string, number | string>>;

/** The value of the text, a number or a mathjs unit, or why there is none. */
export type Evaluation =
  | { readonly ok: true; readonly value: number | Unit }
  | { readonly ok: false; readonly reason: string; readonly unknown?: string };

export interface Calculator {
  readonly evaluate: (text: string, names: Names) => Evaluation;
  /** `value` in `unit` ("B/s"; "" for a number), or undefined where its dimension is another. */
  /** Where the value lies whatever the numbers named are in their ranges; anything where nothing is known. Names that are no numbers are none. */
  readonly range: (text: string, names: Readonly<Record<string, Interval>>) => Interval;
  readonly convert: (value: number | Unit, unit: string) => number | undefined;
}

/** Longer texts are refused unread: nobody writes them, and parsing costs more than linear time. */
const longest = 200;

/** Remembered parse trees; past this many the memory starts anew. */
const remembered = 1000;

/** Makes a mathjs instance of its own, which takes about 0.1 s of CPU time: once, and only when it is needed. */
export function calculator(): Calculator {
  const math = instance();
  const operators = new Map<string, (a: Value, b: Value) => unknown>([
    ["add", (a, b) => math.add(a, b)],
    ["subtract", (a, b) => math.subtract(a, b)],
    ["multiply", (a, b) => math.multiply(a, b)],
    ["divide", (a, b) => math.divide(a, b)],
    ["pow", (a, b) => math.pow(a, plain(b))],
    ["unaryMinus", (a) => math.unaryMinus(a)],
    ["unaryPlus", (a) => math.unaryPlus(a)],
  ]);
  const functions = new Map<string, (...args: Value[]) => unknown>([
    ["min", (...args) => math.min(...args)],
    ["max", (...args) => math.max(...args)],
    ["ceil", (a) => math.ceil(plain(a))],
    ["floor", (a) => math.floor(plain(a))],
    ["log2", (a) => math.log2(plain(a))],
  ]);
  const trees = new Map<string, MathNode>();

  function tree(text: string): MathNode {
    const known = trees.get(text);
    if (known !== undefined) return known;
    if (text.length > longest) throw refusal(`a text of more than ${longest} characters`);
    const parsed = math.parse(text);
    if (trees.size >= remembered) trees.clear();
    trees.set(text, parsed);
    return parsed;
  }

  function compute(node: MathNode, names: Names): Value {
    if (isParenthesisNode(node)) return compute(node.content, names);
    if (isConstantNode(node)) return plain(node.value);
    if (isSymbolNode(node)) return named(node.name, names);
    if (isAccessorNode(node)) return named(dotted(node), names);
    if (isOperatorNode(node)) {
      const operator = operators.get(node.fn);
      if (operator === undefined) throw refusal(`the operator "${node.op}"`);
      const [a, b] = node.args.map((argument) => compute(argument, names));
      if (a === undefined) throw refusal(`the operator "${node.op}" without a value`);
      return value(operator(a, b ?? a));
    }
    if (isFunctionNode(node)) {
      const name = isSymbolNode(node.fn) ? node.fn.name : "";
      const apply = functions.get(name);
      if (apply === undefined)
        throw refusal(`the function "${name}" (there are ${[...functions.keys()].join(", ")})`);
      return value(apply(...node.args.map((argument) => compute(argument, names))));
    }
    const form = node.type.replace("Node", "").replace(/\B[A-Z]/g, " $&");
    throw refusal(`an expression with ${form.toLowerCase()}`);
  }

  function named(name: string, names: Names): Value {
    const given = Object.hasOwn(names, name) ? names[name] : undefined;
    if (typeof given === "number") return given;
    if (given !== undefined) return compute(tree(given), {});
    if (!math.Unit.isValuelessUnit(name)) throw new Unknown(name);
    return math.unit(name);
  }

  function ranged(node: MathNode, names: Readonly<Record<string, Interval>>): Interval {
    if (isParenthesisNode(node)) return ranged(node.content, names);
    if (isConstantNode(node)) return exactly(plain(node.value));
    if (isSymbolNode(node) || isAccessorNode(node)) {
      const name = dotted(node);
      return (Object.hasOwn(names, name) ? names[name] : undefined) ?? anything;
    }
    if (isOperatorNode(node))
      return combined(
        node.fn,
        node.args.map((argument) => ranged(argument, names)),
      );
    if (isFunctionNode(node) && isSymbolNode(node.fn))
      return combined(
        node.fn.name,
        node.args.map((argument) => ranged(argument, names)),
      );
    return anything;
  }

  return {
    range(text, names) {
      try {
        return ranged(tree(text), names);
      } catch {
        return anything;
      }
    },
    evaluate(text, names) {
      try {
        return { ok: true, value: whole(compute(tree(text), names)) };
      } catch (error) {
        return {
          ok: false,
          reason: error instanceof Error ? error.message : String(error),
          ...(error instanceof Unknown ? { unknown: error.word } : {}),
        };
      }
    },
    convert(given, unit) {
      if (!isUnit(given)) return unit === "" ? given : undefined;
      return unit !== "" && given.equalBase(math.unit(unit)) ? given.toNumber(unit) : undefined;
    },
  };
}

type Value = number | Unit;

/** A word that is neither a unit nor a declared name. */
class Unknown extends Error {
  readonly word: string;
  constructor(word: string) {
    super(`the unknown unit or name "${word}"`);
    this.word = word;
  }
}

const refusal = (what: string): Error => new Error(what);

function value(result: unknown): Value {
  if (isUnit(result)) return result;
  return plain(result);
}

function plain(result: unknown): number {
  if (typeof result !== "number") throw refusal("something that is not a number");
  return result;
}

/** Refuses what overflows, divides by zero, or is a unit without a number ("GB/s"). */
function whole(result: Value): Value {
  const number = isUnit(result) ? result.value : result;
  if (number === null) throw refusal("a unit without a number");
  if (!Number.isFinite(number)) throw refusal("a number that is not finite");
  return result;
}

/** `mpu.width` as one name. */
function dotted(node: MathNode): string {
  if (isSymbolNode(node)) return node.name;
  if (!isAccessorNode(node) || node.name === "") throw refusal("an index");
  return `${dotted(node.object)}.${node.name}`;
}

/** Units as architects write them: Gbit besides GB, Gbps, and a cycle that is a count, not an angle of a full turn. */
function instance() {
  const math = create({
    ...addDependencies,
    ...ceilDependencies,
    ...createUnitDependencies,
    ...divideDependencies,
    ...floorDependencies,
    ...log2Dependencies,
    ...maxDependencies,
    ...minDependencies,
    ...multiplyDependencies,
    ...parseDependencies,
    ...powDependencies,
    ...subtractDependencies,
    ...unaryMinusDependencies,
    ...unaryPlusDependencies,
    ...unitDependencies,
  });
  math.createUnit({ cycle: { aliases: ["cycles"] } }, { override: true });
  math.createUnit({ bit: { definition: "1 b", prefixes: "binary_short" } }, { override: true });
  math.createUnit({ bps: { definition: "1 b/s", prefixes: "binary_short" } }, { override: true });
  return math;
}
