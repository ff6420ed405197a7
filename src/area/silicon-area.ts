/**
 * What one device of a machine takes of silicon: operators, registers and memories, counted from its structure.
 * Models: multipliers, adders and operand registers of each unit at the table's density; memories as macros.
 * Ignores: control, crossbars, networks between units, clock trees, test, pads, interfaces: a chip is larger than this sum. What a unit
 *   has and the table has no area for is named, and is no part of the sum.
 * Source: areas and scaling of the table that the machine names.
 */
import type { Hardware } from "../arch/hardware.ts";
import type { ResolvedUnit } from "../arch/index.ts";
import { macroArea } from "./memory-macro.ts";
import type { Silicon } from "./silicon.ts";
import { type SiliconParts, siliconParts } from "./silicon-parts.ts";

export interface SiliconComponent {
  readonly component: string;
  readonly kind: string;
  readonly logicMm2: number;
  readonly memoryMm2: number;
  readonly mm2: number;
}

export interface SiliconArea {
  readonly table: string;
  readonly node: string;
  readonly components: readonly SiliconComponent[];
  readonly mm2: number;
  /** What has no area in the table, and is in no sum: "vector: fp16 exponential". */
  readonly unpriced: readonly string[];
}

export function siliconArea({ units }: Hardware, silicon: Silicon): SiliconArea {
  const counted = Object.entries(units).map(([name, unit]) => ({ name, unit, parts: siliconParts(unit) }));
  const components = counted.map(({ name, unit, parts }) => componentOf(name, unit.kind, parts, silicon));
  const unpriced = counted.flatMap(({ name, parts }) =>
    [...parts.unpriced, ...missing(parts, silicon)].map((what) => `${name}: ${what}`),
  );
  return {
    table: silicon.of.name,
    node: silicon.at.node,
    components,
    mm2: components.reduce((sum, each) => sum + each.mm2, 0),
    unpriced,
  };
}

const squareMicronsPerMm2 = 1e6;

function componentOf(
  component: string,
  kind: ResolvedUnit["kind"],
  { operators, registerBits, memories }: SiliconParts,
  { of, at }: Silicon,
): SiliconComponent {
  const bits =
    registerBits + sum(memories.map(({ count, bits }) => (isRegisters(of, bits) ? count * bits : 0)));
  const cells = sum(
    operators.map(({ count, format, operator }) => count * (of.operators[format]?.[operator] ?? 0)),
  );
  const logic = ((cells + bits * of.register) / of.density) * at.logic;
  const macros = memories.filter((each) => !isRegisters(of, each.bits));
  const memory = sum(macros.map(({ count, bits }) => count * macroArea(of.macros, bits))) * at.sram;
  const [logicMm2, memoryMm2] = [logic / squareMicronsPerMm2, memory / squareMicronsPerMm2];
  return { component, kind, logicMm2, memoryMm2, mm2: logicMm2 + memoryMm2 };
}

/** Below the smallest macro. */
const isRegisters = ({ macros }: Silicon["of"], bits: number): boolean => bits < (macros[0]?.bits ?? 0);

const missing = ({ operators }: SiliconParts, { of }: Silicon): readonly string[] => [
  ...new Set(
    operators.flatMap(({ format, operator }) =>
      of.operators[format]?.[operator] === undefined ? [`${format} ${operator}`] : [],
    ),
  ),
];

const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);
