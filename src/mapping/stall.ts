/**
 * Stalls: what each port moves must arrive within its update window. With a double buffer that is the whole period; with a
 * single one only the time in which the tile is reused last. Transfers that share a port wait for one another.
 * Source: the intra-core latency model of ZigZag (Mei et al., "A uniform latency model for DNN accelerators with diverse
 * architectures and dataflows", DATE 2022): stall and slack per transfer, windows joined per port, the worst port counts.
 */
import type { MemoryPort } from "../arch/operand-hierarchy.ts";
import { bufferKey, type DoubleBuffered } from "./buffering.ts";
import { portCycles, type Transfer } from "./traffic.ts";
import { unionOf } from "./window-union.ts";

export interface PortLoad {
  readonly memory: string;
  readonly port: string;
  readonly transfers: readonly Transfer[];
  /** Cycles that it moves data, all periods together. */
  readonly busy: number;
  /** Cycles by which it holds up the multipliers; its slack is not counted. */
  readonly stall: number;
}

/** Cycles that the transfer takes in each period. */
export const transferCycles = ({ bits, port }: Transfer): number => portCycles(port, bits);

/** @param transfers of all links, without those that never happen */
export function portLoads(
  transfers: readonly Transfer[],
  buffered: DoubleBuffered,
  total: number,
): readonly PortLoad[] {
  const groups = new Map<MemoryPort, Transfer[]>();
  for (const transfer of transfers) {
    const group = groups.get(transfer.port);
    if (group === undefined) groups.set(transfer.port, [transfer]);
    else group.push(transfer);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const busy = group.reduce((sum, each) => sum + transferCycles(each) * each.link.count, 0);
    const stall = Math.max(0, stallOf(group, buffered, total));
    return [{ memory: first.memory.name, port: first.port.name, transfers: group, busy, stall }];
  });
}

/** The first period's tile is loaded before computing starts, so one period fewer can stall. */
function stallOf(transfers: readonly Transfer[], buffered: DoubleBuffered, total: number): number {
  const windows = transfers.map(({ link }) => ({ period: link.period, open: windowOf(link, buffered) }));
  let [late, early, open] = [0, 0, 0];
  transfers.forEach((transfer, index) => {
    const window = windows[index]?.open ?? 0;
    const slack = (transferCycles(transfer) - window) * (transfer.link.count - 1);
    if (slack > 0) late += slack;
    else early += slack;
    open += window * (transfer.link.count - 1);
  });
  if (transfers.length === 1) return late;
  return late + Math.max(0, early + open - unionOf(windows, total));
}

function windowOf(link: Transfer["link"], buffered: DoubleBuffered): number {
  const { lower, operand, period, topReuse } = link;
  if (lower === undefined || buffered.has(bufferKey(lower, operand))) return period;
  return Math.floor(period / topReuse);
}
