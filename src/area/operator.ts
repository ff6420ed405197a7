/** Operators of a number format in a fabric: multipliers, adders in the style of the machine, functions. */
import type { Precision } from "../precision.ts";
import type { Operators, unaryOperators } from "./fabric.ts";
import { type Cost, type Resources, several, together, type UnitResources } from "./resources.ts";
import type { Fpga } from "./setup.ts";

export type Operator = "multiply" | "add" | "multiplyAdd" | (typeof unaryOperators)[number];

export interface Counted {
  readonly resources: Resources;
  readonly uncosted?: string;
}

/** Counts operators of one format; one that the table lacks is named, and no part of the sum. */
export function operatorsOf(fpga: Pick<Fpga, "fabric" | "adders">, precision: Precision) {
  const operators = fpga.fabric.operators[precision];
  return {
    several: (count: number, operator: Operator): Counted => {
      const cost = operators === undefined ? undefined : costOf(operators, operator, fpga.adders ?? "logic");
      return cost === undefined
        ? { resources: several(0, {}), uncosted: `${precision} ${operator}` }
        : { resources: several(count, cost) };
    },
    /** Of operators and whatever else a unit has. */
    sum: (counted: readonly Counted[], more: readonly Resources[]): UnitResources => ({
      resources: together([...counted.map(({ resources }) => resources), ...more]),
      uncosted: [...new Set(counted.flatMap(({ uncosted }) => uncosted ?? []))],
    }),
  };
}

/** A format without the machine's style of adder has them of logic. */
function costOf(
  operators: Operators,
  operator: Operator,
  style: NonNullable<Fpga["adders"]>,
): Cost | undefined {
  const add = operators.add[style] ?? operators.add.logic;
  if (operator === "add") return add;
  if (operator !== "multiplyAdd") return operators[operator];
  if (operators.multiplyAdd !== undefined) return operators.multiplyAdd;
  return add && together([several(1, operators.multiply), several(1, add)]);
}
