/**
 * On- and off-loading by ZigZag's rules, for comparison with it: two operands that share a port only at one end load side by
 * side, and the spare time of a port shortens its longest transfer anew for each further one, even below zero.
 * Source: ZigZag 3.8.5, what its cost model writes for the rows of test/validation/mapping.
 */
import type { MemoryLevel, Operand, Way } from "../arch/operand-hierarchy.ts";
import type { Link } from "./link.ts";
import type { Loading } from "./loading.ts";
import type { Problem } from "./problem.ts";
import { type PortLoad, transferCycles } from "./stall.ts";
import { bitsOf, type Transfer } from "./traffic.ts";

/** @param computing cycles from the first product to the last, stalls included */
export function zigzagLoading(
  problem: Problem,
  links: Readonly<Record<Operand, readonly Link[]>>,
  loads: readonly PortLoad[],
  computing: number,
): Loading {
  const cycles = new Map<Transfer, number>();
  for (const { transfers } of loads)
    for (const [transfer, left] of portCycles(problem, links, transfers, computing))
      cycles.set(transfer, left);
  const slowest = (link: Link): number =>
    Math.max(...[...cycles].flatMap(([transfer, left]) => (transfer.link === link ? [left] : [])));
  const between = (operand: Operand) => links[operand].filter(({ lower }) => lower !== undefined);
  const way = (operand: Operand): { readonly shared: number; readonly own: number } => {
    const sum = (chosen: readonly Link[]): number => chosen.reduce((all, link) => all + slowest(link), 0);
    const of = between(operand);
    const half = of.filter((link) => sharedEnds(link) === 1).slice(-1);
    return {
      shared: sum(of.filter((link) => sharedEnds(link) === 2)),
      own: sum([...half, ...of.filter((link) => sharedEnds(link) === 0)]),
    };
  };
  const [weights, inputs] = [way("W"), way("I")];
  const together = (first: typeof weights, second: typeof weights): number =>
    first.shared + Math.max(second.shared + second.own, first.own);
  return {
    onloadCycles: Math.min(together(weights, inputs), together(inputs, weights)),
    offloadCycles: between("O").reduce((all, link) => all + slowest(link), 0),
  };
}

/** Cycles of each transfer at the edges of the run: once-only transfers are shortened by the port's spare time. */
function portCycles(
  problem: Problem,
  links: Readonly<Record<Operand, readonly Link[]>>,
  transfers: readonly Transfer[],
  computing: number,
): readonly (readonly [Transfer, number])[] {
  const edges = transfers.filter(
    ({ link, way }) => link.operand !== "O" || way === "fromLower" || way === "toHigher",
  );
  const width = edges[0]?.port.bitsPerCycle;
  if (width === undefined) return [];
  const many = edges.filter(({ link }) => link.count > 1);
  const rate = many.reduce((sum, { bits, link }) => sum + Math.floor(bits / link.period), 0);
  const first = ({ link }: Transfer): number => {
    const innermost = links[link.operand][1];
    const bits = innermost === undefined ? 0 : innermost.elements * bitsOf(problem, innermost);
    return Math.ceil(bits / width);
  };
  const once = edges
    .filter(({ link }) => link.count === 1)
    .map((transfer) => ({
      transfer,
      left: transferCycles(transfer),
      slack: transferCycles(transfer) - first(transfer),
    }))
    .sort((a, b) => b.left - a.left || listed(a.transfer) - listed(b.transfer));
  let spare = Math.max(0, ((width - rate) / width) * computing);
  once.forEach(({ slack }, index) => {
    const taken = spare >= slack * (index + 1) ? slack : spare / (index + 1);
    for (const each of once.slice(0, index + 1)) each.left -= taken;
    spare -= taken * (index + 1);
  });
  return [
    ...many.map((transfer) => [transfer, transferCycles(transfer)] as const),
    ...once.map(({ transfer, left }) => [transfer, left] as const),
  ];
}

/** Where the machine's file lists the transfer among those of its port: ties are broken by it. */
const listed = ({ port, link, way }: Transfer): number =>
  port.moves.findIndex((move) => move.operand === link.operand && move.way === way);

/** At how many of its two ends the link's port loads weights and inputs. */
const sharedEnds = ({ operand, lower, upper }: Link): number =>
  (loadsBoth(upper, operand, "toLower") ? 1 : 0) +
  (lower !== undefined && loadsBoth(lower, operand, "fromHigher") ? 1 : 0);

function loadsBoth(memory: MemoryLevel, operand: Operand, way: Way): boolean {
  const port = memory.ports.find(({ moves }) =>
    moves.some((move) => move.operand === operand && move.way === way),
  );
  const served = new Set(port?.moves.map((move) => move.operand));
  return served.has("I") && served.has("W");
}
