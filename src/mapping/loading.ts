/**
 * On-loading before the first product and off-loading after the last. A tile that comes only once need not be there whole: the
 * multipliers begin with their first operands, and the rest streams in as far as the ports have time to spare.
 */
import type { Operand } from "../arch/operand-hierarchy.ts";
import type { Link } from "./link.ts";
import type { Problem } from "./problem.ts";
import { type PortLoad, transferCycles } from "./stall.ts";
import { bitsOf, type Transfer } from "./traffic.ts";

export interface Loading {
  readonly onloadCycles: number;
  readonly offloadCycles: number;
}

/**
 * An operand goes through its links one after another, different operands side by side, and a port does one thing at a time:
 * the slowest of these counts.
 * @param computing cycles from the first product to the last, stalls included
 */
export function loadingOf(
  problem: Problem,
  links: Readonly<Record<Operand, readonly Link[]>>,
  loads: readonly PortLoad[],
  computing: number,
): Loading {
  const cycles = new Map<Transfer, number>();
  // Both ends of a link move the same data; the slower one counts.
  const slowest = new Map<Link, number>();
  for (const { transfers } of loads) {
    const inner = (transfer: Transfer): number =>
      firstCycles(problem, links[transfer.link.operand], transfer);
    for (const [transfer, left] of edgeCycles(transfers, computing, inner)) {
      cycles.set(transfer, left);
      slowest.set(transfer.link, Math.max(slowest.get(transfer.link) ?? 0, left));
    }
  }
  const through = (operand: Operand): number =>
    links[operand].reduce(
      (sum, link) => (link.lower === undefined ? sum : sum + (slowest.get(link) ?? 0)),
      0,
    );
  const atPorts = (loading: boolean): number =>
    loads.reduce((most, { transfers }) => {
      const mine = transfers.filter(
        ({ link }) => (link.operand !== "O") === loading && link.lower !== undefined,
      );
      return Math.max(
        most,
        mine.reduce((sum, transfer) => sum + (cycles.get(transfer) ?? 0), 0),
      );
    }, 0);
  return {
    onloadCycles: Math.max(through("W"), through("I"), atPorts(true)),
    offloadCycles: Math.max(through("O"), atPorts(false)),
  };
}

/** What each transfer of a port has to move before or after computing. Loads have the spare time first, the longest before the others. */
function edgeCycles(
  transfers: readonly Transfer[],
  computing: number,
  first: (transfer: Transfer) => number,
): readonly (readonly [Transfer, number])[] {
  const during = transfers.reduce((sum, each) => sum + transferCycles(each) * (each.link.count - 1), 0);
  let spare = Math.max(0, computing - during);
  const rank = ({ link }: Transfer): number => (link.operand === "O" ? 1 : 0);
  const edges = transfers
    .filter(({ link, way }) => link.operand !== "O" || way === "fromLower" || way === "toHigher")
    .sort((a, b) => rank(a) - rank(b) || transferCycles(b) - transferCycles(a));
  return edges.map((transfer) => {
    const whole = transferCycles(transfer);
    const taken = transfer.link.count > 1 ? 0 : Math.min(spare, Math.max(0, whole - first(transfer)));
    spare -= taken;
    return [transfer, whole - taken];
  });
}

/** Cycles to bring the first operands of all multipliers below, or to take away their last results. */
function firstCycles(problem: Problem, links: readonly Link[], { link, memory, port }: Transfer): number {
  const below = links.slice(0, links.indexOf(link) + (memory === link.upper ? 1 : 0));
  const elements = below.reduce((product, { fan }) => product * fan, 1);
  return Math.ceil((elements * bitsOf(problem, link)) / port.bitsPerCycle);
}
