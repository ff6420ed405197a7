/** Phases, their layers and their ops in one indented table: the time of each, what it moved, and what bounds it. */
import { boundsOfOps, boundText } from "./bound.ts";
import type { Column, Format } from "./columns.ts";
import { amount, bar, duration, energy, percent, size } from "./human.ts";
import type { Bound, OpRow, Report } from "./report.ts";

export function treeColumns(report: Report): readonly Column[] {
  const rows = report.phases.flatMap((phase) => phaseRows(report, phase));
  const memories = memoriesByTraffic(report);
  const cells = (text: (row: Row) => string): readonly string[] => rows.map(text);
  const right = (header: string, rank: number, text: (row: Row) => string): Column => ({
    header,
    rank,
    align: "right",
    cells: cells(text),
    format,
  });
  const format = (row: number): Format | undefined => rows[row]?.format;
  return [
    { header: "phase, layer, op", align: "left", rank: 0, cells: cells(({ name }) => name), format },
    { header: "kind", align: "left", rank: 6, cells: cells(({ kind }) => kind), format },
    right("time", 0, ({ spent }) => duration(spent.latencySeconds)),
    right("cycles", 4, ({ spent }) => amount(spent.latencyCycles)),
    right("per token", 5, ({ spent, tokens }) =>
      tokens === 0 ? "" : duration(spent.latencySeconds / tokens, 3),
    ),
    right("share", 0, ({ spent }) => percent(spent.share)),
    {
      header: "",
      align: "left",
      rank: 7,
      cells: cells(({ spent }) => bar(spent.share, barWidth).padEnd(barWidth)),
    },
    right("util", 1, ({ spent: { macs, utilization } }) => (macs === 0 ? "" : percent(utilization))),
    right("MACs", 9, ({ spent: { macs } }) => (macs === 0 ? "" : amount(macs))),
    ...memories.map((memory, index) =>
      right(memory, index === 0 ? 2 : 9 + index, ({ spent }) => {
        const bytes = spent.bytes[memory] ?? 0;
        return bytes === 0 ? "" : size(bytes);
      }),
    ),
    right("energy", 8, ({ spent }) => energy(spent.energyJoules)),
    {
      header: "bound by",
      align: "left",
      rank: 3,
      cells: cells(({ bounds: [first] }) => (first === undefined ? "hidden" : boundText(first))),
      format,
    },
    {
      header: "to",
      align: "right",
      rank: 7,
      cells: cells(({ bounds }) =>
        bounds
          .slice(0, 1)
          .map(({ share }) => percent(share))
          .join(""),
      ),
      format,
    },
  ];
}

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly spent: Pick<
    OpRow,
    "latencySeconds" | "latencyCycles" | "share" | "macs" | "bytes" | "utilization" | "energyJoules"
  >;
  readonly tokens: number;
  readonly bounds: readonly Bound[];
  readonly format: Format | undefined;
}

const barWidth = 16;

function phaseRows({ layers, ops }: Report, phase: Report["phases"][number]): readonly Row[] {
  const { name, tokens } = phase;
  const inPhase = ops.filter((op) => op.phase === name);
  const layersOfPhase = layers.filter((layer) => layer.phase === name);
  const top: Row = { name, kind: "", spent: phase, tokens, bounds: boundsOfOps(inPhase), format: "bold" };
  return [
    top,
    ...layersOfPhase.flatMap((layer): readonly Row[] => {
      const own = inPhase.filter(({ block }) => block === layer.block);
      const times = layer.times > 1 ? ` × ${layer.times}` : "";
      const opRows = own.map(
        (op): Row => ({
          name: `    ${op.op.startsWith(`${op.block}.`) ? op.op.slice(op.block.length + 1) : op.op}`,
          kind: op.kind,
          spent: op,
          tokens,
          bounds: op.bounds,
          format: undefined,
        }),
      );
      const bounds = boundsOfOps(own);
      return [
        { name: `  ${layer.block}${times}`, kind: "", spent: layer, tokens, bounds, format: "cyan" },
        ...opRows,
      ];
    }),
  ];
}

/** The one that moved most first. */
function memoriesByTraffic({ phases }: Report): readonly string[] {
  const moved = new Map<string, number>();
  for (const { bytes } of phases)
    for (const [memory, count] of Object.entries(bytes)) moved.set(memory, (moved.get(memory) ?? 0) + count);
  return [...moved]
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([memory]) => memory);
}
