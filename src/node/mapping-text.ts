/** Mappings as text: the loop nest of each op, what its time goes to, and how far it may be from the best. */

import type { MappedOp } from "../dataflow/mapped-ops.ts";
import { nestText } from "../mapping/nest-text.ts";
import { dimensions } from "../mapping/problem.ts";
import { isProven } from "../mapping/proof.ts";
import type { Paint } from "../report/columns.ts";

export const mappingsText = (ops: readonly MappedOp[], paint: Paint): string =>
  `${ops.map((op) => opText(op, paint)).join("\n\n")}\n`;

function opText(op: MappedOp, paint: Paint): string {
  const { name, problem, mapping, hierarchy } = op;
  const sizes = dimensions.flatMap((each) =>
    problem.sizes[each] > 1 ? [`${each} ${problem.sizes[each]}`] : [],
  );
  const nest = nestText(hierarchy, mapping).split("\n");
  const lines = [timeText(op), energyText(op), gapText(op), ...nest.map((line) => `  ${line}`)];
  return [paint("bold", `${name}: ${sizes.join(", ")}`), ...lines.map((line) => `  ${line}`)].join("\n");
}

function timeText({ cost, passes }: MappedOp): string {
  const { computeCycles, stallCycles, onloadCycles, offloadCycles, ports } = cost;
  const compute = computeCycles * passes;
  const stall = Math.max(0, stallCycles - (passes - 1) * computeCycles);
  const stalls = ports
    .filter((port) => port.stall > 0)
    .sort((a, b) => b.stall - a.stall)
    .map((port) => `${port.memory} ${port.port} ${grouped(port.stall)}`);
  const parts = [
    `computing ${grouped(compute)}`,
    `stalls ${grouped(stall)}`,
    `loading ${grouped(onloadCycles)}`,
    `storing ${grouped(offloadCycles)}`,
  ];
  const worst = stalls.length === 0 ? "" : `; by port: ${stalls.join(", ")}`;
  return `${grouped(compute + stall + onloadCycles + offloadCycles)} cycles: ${parts.join(", ")}${worst}`;
}

function energyText({ cost }: MappedOp): string {
  const { energyJoules, macJoules, hopJoules, traffic } = cost;
  const byMemory = new Map<string, number>();
  for (const { memory, joules } of traffic) byMemory.set(memory, (byMemory.get(memory) ?? 0) + joules);
  const share = (joules: number): string => `${((100 * joules) / energyJoules).toFixed(1)} %`;
  const parts = [
    `multipliers ${share(macJoules)}`,
    ...(hopJoules > 0 ? [`hops ${share(hopJoules)}`] : []),
    ...[...byMemory].map(([memory, joules]) => `${memory} ${share(joules)}`),
  ];
  return `${energyJoules.toPrecision(4)} J: ${parts.join(", ")}`;
}

function gapText({ searched, objective }: MappedOp): string {
  if (searched === undefined) return "written by hand";
  const { gap } = searched;
  if (isProven(gap)) return `${objective}: proven, no mapping with the unrollings tried is better`;
  return `${objective}: no mapping with the unrollings tried is better by more than ${(100 * gap).toPrecision(2)} %`;
}

const grouped = (cycles: number): string => Math.round(cycles).toLocaleString("en-US");
