/** Formulas over named numbers: what a parameter follows from, what a design must meet, what it is judged by. */
import { type Calculator, calculator, type Names } from "../schema/expression.ts";
import { exactly, type Interval } from "../schema/interval.ts";
import { nearest } from "../schema/nearest.ts";
import type { SweptValue } from "./range.ts";

export type Values = Readonly<Record<string, SweptValue>>;

export interface Formula {
  readonly text: string;
  /** A number, or a quantity as text; an Error says what cannot be computed. */
  readonly value: (values: Values) => number | string | Error;
  /** Where the value lies whatever the names that have a range are in it. */
  readonly range: (values: Values, ranges: Readonly<Record<string, Interval>>) => Interval;
}

export interface Condition {
  readonly text: string;
  readonly holds: (values: Values) => boolean | Error;
  /** It holds for no numbers in these ranges. */
  readonly fails: (values: Values, ranges: Readonly<Record<string, Interval>>) => boolean;
}

/** What a formula may name: parameters by path or by an end of it that no other has, and numbers of the configs by path. */
export interface Scope {
  readonly parameters: readonly string[];
  readonly documents?: { readonly hardware?: unknown; readonly workload?: unknown };
}

export interface Formulas {
  readonly value: (text: string) => Formula;
  /** Two formulas with one of <= >= < > == != between. */
  readonly condition: (text: string) => Condition;
}

/** @param others names that may be meant by a misspelt one */
export function formulas({ parameters, documents = {} }: Scope, others: readonly string[] = []): Formulas {
  const constants = [
    ...numbersIn(documents.workload, ""),
    ...numbersIn(documents.hardware, ""),
    ...numbersIn(documents.workload, "workload."),
    ...numbersIn(documents.hardware, "hardware."),
  ];
  let awake: Calculator | undefined;
  const evaluate = (text: string, names: Names): Result => {
    const number = numberOf(text.trim(), names);
    if (number !== undefined) return number;
    awake ??= calculator();
    const result = awake.evaluate(text, names);
    if (result.ok) return result.value;
    const known = [...Object.keys(names), ...parameters, ...others];
    const meant = result.unknown === undefined ? undefined : nearest(result.unknown, known);
    const hint = meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
    return new Error(`${JSON.stringify(text.trim())} with ${result.reason}${hint}`);
  };
  /** The names of values that the text may mean. */
  const namesFor = (text: string): ((values: Values) => Names) => {
    const used = new Set(text.match(/[A-Za-z_][\w.]*/g) ?? []);
    const fixed = Object.fromEntries(constants.filter(([name]) => used.has(name)));
    const called = [...used].flatMap((name) => {
      const path = pathOf(name, parameters);
      return path === undefined ? [] : [[name, path] as const];
    });
    return (values) => {
      const names: Record<string, number | string> = { ...fixed };
      for (const name of used) give(names, name, values[name]);
      for (const [name, path] of called) give(names, name, values[path]);
      return names;
    };
  };
  /** Numbers are known exactly, other values not at all. */
  const range = (text: string, names: Names, ranges: Readonly<Record<string, Interval>>): Interval => {
    awake ??= calculator();
    const known = Object.entries(names).flatMap(([name, value]) =>
      typeof value === "number" ? [[name, exactly(value)] as const] : [],
    );
    return awake.range(text, { ...Object.fromEntries(known), ...ranges });
  };
  return {
    value(text) {
      const namesOf = namesFor(text);
      return {
        text,
        range: (values, ranges) => range(text, namesOf(values), ranges),
        value(values) {
          const result = evaluate(text, namesOf(values));
          return typeof result === "number" || result instanceof Error ? result : result.toString();
        },
      };
    },
    condition(text) {
      const namesOf = namesFor(text);
      const [, left = "", relation = "", right = ""] = /^(.*?)(<=|>=|==|!=|<|>)(.*)$/s.exec(text) ?? [];
      if (relation === "")
        return {
          text,
          holds: () => new Error(`${JSON.stringify(text)} without one of <= >= < > == !=`),
          fails: () => false,
        };
      return {
        text,
        fails(values, ranges) {
          const { least, most } = range(`(${left}) - (${right})`, namesOf(values), ranges);
          if (relation === "<=" || relation === "==") return least > 0 || (relation === "==" && most < 0);
          if (relation === "<") return least >= 0;
          if (relation === ">=") return most < 0;
          return relation === ">" && most <= 0;
        },
        holds(values) {
          const names = namesOf(values);
          const sides = [left, right].map((side) => evaluate(side, names));
          for (const side of sides) if (side instanceof Error) return side;
          const [a, b] = sides;
          const difference =
            typeof a === "number" && typeof b === "number"
              ? a - b
              : evaluate(`(${left}) - (${right})`, names);
          if (difference instanceof Error) return difference;
          return compared(typeof difference === "number" ? difference : Number(difference.value), relation);
        },
      };
    },
  };
}

type Result =
  ReturnType<Calculator["evaluate"]> extends infer Evaluation
    ? (Evaluation extends { readonly ok: true; readonly value: infer Value } ? Value : never) | Error
    : never;

/** What a text is that is a name or a plain number and nothing more: most objectives and half of most limits need no calculator. */
function numberOf(text: string, names: Names): number | undefined {
  const value = Object.hasOwn(names, text)
    ? names[text]
    : /^\d+(\.\d+)?$/.test(text)
      ? Number(text)
      : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function give(names: Record<string, number | string>, name: string, value: SweptValue | undefined): void {
  if (typeof value === "number" || typeof value === "string") names[name] = value;
}

function compared(difference: number, relation: string): boolean {
  switch (relation) {
    case "<=":
      return difference <= 0;
    case ">=":
      return difference >= 0;
    case "<":
      return difference < 0;
    case ">":
      return difference > 0;
    case "==":
      return difference === 0;
    default:
      return difference !== 0;
  }
}

/** The one parameter whose path ends so: "matrix.width" of "hardware.units.matrix.width". */
function pathOf(name: string, parameters: readonly string[]): string | undefined {
  const ending = parameters.filter((path) => path === name || path.endsWith(`.${name}`));
  return ending.length === 1 ? ending[0] : undefined;
}

/** Every number of a config, by its dotted path. */
function numbersIn(value: unknown, path: string): readonly (readonly [string, number | string])[] {
  if (typeof value === "number" || typeof value === "string") return [[path, value]];
  if (!isMapping(value)) return [];
  if ("value" in value && "sure" in value) return numbersIn(value["value"], path);
  const below = path === "" || path.endsWith(".") ? path : `${path}.`;
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, `${below}${key}`));
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
