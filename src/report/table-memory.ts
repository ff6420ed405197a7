/** How traffic went through memories that tell walks apart: a line for each walk, and what is to be said of the channels. */
import { type Column, wrapped } from "./columns.ts";
import { duration, percent, rate, size } from "./human.ts";
import type { MemoryRow, Report } from "./report.ts";

/** Of the first device; walks without traffic are left out. */
export function walkColumns({ memories }: Report): readonly Column[] {
  const rows = memories
    .filter(({ device }) => device === 0)
    .flatMap(({ memory, walks = [] }) =>
      walks.filter(({ bytes }) => bytes > 0).map((walk) => ({ memory, ...walk })),
    );
  const right = (header: string, rank: number, cell: (row: (typeof rows)[number]) => string): Column => ({
    header,
    rank,
    align: "right",
    cells: rows.map(cell),
  });
  return [
    { header: "walk", align: "left", rank: 0, cells: rows.map(({ memory, walk }) => `${memory} ${walk}`) },
    { header: "pattern", align: "left", rank: 1, cells: rows.map(({ pattern }) => pattern) },
    right("channels", 2, ({ channels }) => String(channels)),
    right("moved", 0, ({ bytes }) => size(bytes)),
    right("rate", 0, ({ bytesPerSecond }) => rate(bytesPerSecond)),
    right("of peak", 0, ({ shareOfPeak }) => percent(shareOfPeak)),
    right("latency", 0, ({ latencySeconds }) => duration(latencySeconds)),
  ];
}

export const channelLines = ({ memories }: Report, width: number): readonly string[] =>
  memories.filter(({ device }) => device === 0).flatMap((row) => wrapped(channelText(row), width, 2));

function channelText({ memory, channels }: MemoryRow): string {
  if (channels === undefined) return "";
  const { bytes, hottest } = channels;
  const even = Math.min(...bytes) === hottest.bytes;
  const mean = bytes.reduce((sum, each) => sum + each, 0) / bytes.length;
  const used = `${percent(hottest.utilization)} of its time at peak`;
  if (even) return `Channels of ${memory}: all ${bytes.length} alike, ${size(hottest.bytes)} each, ${used}.`;
  const times = mean === 0 ? "" : `, ${(hottest.bytes / mean).toFixed(2)} times the mean`;
  return `Channels of ${memory}: the hottest of ${bytes.length} is ${hottest.channel} with ${size(hottest.bytes)}${times}, ${used}.`;
}
