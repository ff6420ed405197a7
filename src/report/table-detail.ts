/** One run layer by layer: totals, phases, where the time goes, units, memories, energy. */
import { isProven } from "../mapping/proof.ts";
import { type Column, columnLines, type Paint, wrapped } from "./columns.ts";
import { amount, duration, energy, grouped, percent, power, size } from "./human.ts";
import type { Report, UnitRow } from "./report.ts";
import { inputText, oneOf, rateText } from "./sample.ts";
import { channelLines, walkColumns } from "./table-memory.ts";
import { powerColumns, resourceColumns } from "./table-resources.ts";
import { siliconColumns, unpricedArea } from "./table-silicon.ts";
import { treeColumns } from "./table-tree.ts";

export function detailLines(
  name: string,
  report: Report,
  width: number,
  paint: Paint,
): readonly (readonly string[])[] {
  const titled = (title: string, columns: readonly Column[]): readonly string[] =>
    (columns[0]?.cells.length ?? 0) === 0
      ? []
      : [paint("bold", title), ...columnLines(columns, width, paint)];
  return [
    [
      ...wrapped(`${name} in detail`, width).map((line) => paint("bold", line)),
      ...facts(report).flatMap(([label, text]) =>
        wrapped(text, width - labelWidth).map(
          (line, index) => paint("dim", (index === 0 ? label : "").padEnd(labelWidth)) + line,
        ),
      ),
    ],
    titled("Phases", phaseColumns(report)),
    titled("Where the time goes", treeColumns(report)),
    [...titled("Units of one device", unitColumns(report)), ...unusedLines(report, width)],
    titled("Memories of one device", memoryColumns(report)),
    [...titled("Walks through memory", walkColumns(report)), ...channelLines(report, width)],
    titled("Energy", energyColumns(report)),
    report.energy.unpriced.length === 0
      ? []
      : wrapped(`Not priced: ${report.energy.unpriced.join(", ")}.`, width, 2).map((line) =>
          paint("yellow", line),
        ),
    ...fpgaBlocks(report, titled),
    ...siliconBlocks(report, titled, width, paint),
  ];
}

function fpgaBlocks(
  { resources }: Report,
  titled: (title: string, columns: readonly Column[]) => readonly string[],
): readonly (readonly string[])[] {
  if (resources === undefined) return [];
  const { powerWatts, device } = resources;
  return [
    titled(`Resources of one device: ${device}`, resourceColumns(resources)),
    powerWatts === undefined
      ? []
      : titled("Power of one device, units as busy as they were", powerColumns(powerWatts)),
  ];
}

function siliconBlocks(
  { area }: Report,
  titled: (title: string, columns: readonly Column[]) => readonly string[],
  width: number,
  paint: Paint,
): readonly (readonly string[])[] {
  if (area === undefined) return [];
  return [
    titled(`Silicon of one device, at least: ${area.node}`, siliconColumns(area)),
    unpricedArea(area, width).map((line) => paint("yellow", line)),
  ];
}

const labelWidth = 13;

function facts({ provenance, totals, ops }: Report): readonly [string, string][] {
  const { hardware, workload, dataflow } = provenance;
  const devices = hardware.devices === 1 ? "1 device" : `${hardware.devices} devices`;
  const options = Object.entries(dataflow.options).flatMap(([key, value]) =>
    key === "name" ? [] : [`${key} ${optionText(value)}`],
  );
  const busiest = Object.entries(totals.utilization).map(([unit, share]) => `${unit} ${percent(share)}`);
  return [
    ["hardware", `${hardware.name}, ${devices}`],
    ["workload", `${workload.name}, ${inputText(totals)}`],
    ["dataflow", [dataflow.name, ...options].join(", ")],
    [
      "latency",
      `${duration(totals.latencySeconds)} (${grouped(totals.latencyCycles)} cycles), ${rateText(totals)}`,
    ],
    [
      "energy",
      `${energy(totals.energyJoules)}, ${energy(totals.energyPerTokenJoules)} a ${oneOf(totals)}, ${power(totals.averagePowerWatts)} on average`,
    ],
    ["work", `${amount(totals.macs)}MACs, ${amount(totals.macsPerSecond)}MAC/s`],
    ["utilization", busiest.join(", ")],
    ...mappingFact(ops),
    ["parameters", `${amount(totals.parameters)}, ${size(totals.parameterBytes)}`],
  ];
}

/** How good the mappings are that were searched, and which of them may be the worst. */
function mappingFact(ops: Report["ops"]): readonly [string, string][] {
  const searched = ops.flatMap(({ op, mapping }) => (mapping?.by === "search" ? [{ op, ...mapping }] : []));
  const [worst] = searched.toSorted((a, b) => b.gap - a.gap);
  if (worst === undefined) return [];
  const proven = searched.filter(({ gap }) => isProven(gap)).length;
  const rest = isProven(worst.gap)
    ? ""
    : `; none of ${worst.op} is better by more than ${percent(worst.gap)}`;
  return [["mappings", `${searched.length} for ${worst.objective}, ${proven} of them proven best${rest}`]];
}

function phaseColumns({ phases }: Report): readonly Column[] {
  const right = (
    header: string,
    rank: number,
    cell: (phase: Report["phases"][number]) => string,
  ): Column => ({
    header,
    rank,
    align: "right",
    cells: phases.map(cell),
  });
  return [
    { header: "phase", align: "left", rank: 0, cells: phases.map(({ name }) => name) },
    right("tokens", 0, ({ tokens }) => (tokens === 0 ? "" : String(tokens))),
    right("time", 0, ({ latencySeconds }) => duration(latencySeconds)),
    right("per token", 0, ({ tokens, secondsPerToken }) =>
      tokens === 0 ? "" : duration(secondsPerToken, 3),
    ),
    right("share", 0, ({ share }) => percent(share)),
    right("utilization", 0, ({ utilization }) => percent(utilization)),
    right("cycles", 3, ({ latencyCycles }) => grouped(latencyCycles)),
    right("MACs", 4, ({ macs }) => amount(macs)),
    right("energy", 2, (phase) => energy(phase.energyJoules)),
  ];
}

/** Devices do the same but for rounding: the first stands for all. */
function unitColumns({ units, totals }: Report): readonly Column[] {
  const shown = units.filter((unit) => unit.device === 0 && used(unit));
  const shareOf = (seconds: number): string =>
    totals.latencySeconds === 0 ? "" : percent(seconds / totals.latencySeconds);
  return [
    { header: "unit", align: "left", rank: 0, cells: shown.map(({ unit }) => unit) },
    { header: "kind", align: "left", rank: 2, cells: shown.map(({ kind }) => kind) },
    { header: "busy", align: "right", rank: 0, cells: shown.map(({ busyShare }) => percent(busyShare)) },
    { header: "starved", align: "right", rank: 0, cells: shown.map((unit) => shareOf(unit.starvedSeconds)) },
    { header: "idle", align: "right", rank: 0, cells: shown.map((unit) => shareOf(unit.idleSeconds)) },
    { header: "busy time", align: "right", rank: 1, cells: shown.map((unit) => duration(unit.busySeconds)) },
  ];
}

const used = ({ busySeconds, starvedSeconds }: UnitRow): boolean => busySeconds + starvedSeconds > 0;

function unusedLines({ units }: Report, width: number): readonly string[] {
  const names = units.filter((unit) => unit.device === 0 && !used(unit)).map(({ unit }) => unit);
  return names.length === 0 ? [] : wrapped(`Without work: ${names.join(", ")}.`, width, 2);
}

function memoryColumns({ memories, devices }: Report): readonly Column[] {
  const shown = memories.filter(({ device, levels }) => device === 0 && levels.length > 0);
  const first = devices.find(({ device }) => device === 0);
  return [
    { header: "memory", align: "left", rank: 0, cells: shown.map(({ memory }) => memory) },
    { header: "peak", align: "right", rank: 0, cells: shown.map(({ peakBytes }) => size(peakBytes)) },
    { header: "capacity", align: "right", rank: 0, cells: shown.map((memory) => size(memory.capacityBytes)) },
    {
      header: "full",
      align: "right",
      rank: 0,
      cells: shown.map(({ peakBytes, capacityBytes }) => percent(peakBytes / capacityBytes)),
    },
    {
      header: "moved",
      align: "right",
      rank: 1,
      cells: shown.map(({ memory }) => size(first?.bytes[memory] ?? 0)),
    },
  ];
}

function energyColumns({ energy: { byComponent, totalJoules } }: Report): readonly Column[] {
  const rows = Object.entries(byComponent).sort(([, a], [, b]) => b - a);
  const share = (joules: number): string => (totalJoules === 0 ? "" : percent(joules / totalJoules));
  return [
    { header: "component", align: "left", rank: 0, cells: rows.map(([component]) => component) },
    { header: "energy", align: "right", rank: 0, cells: rows.map(([, joules]) => energy(joules)) },
    { header: "share", align: "right", rank: 0, cells: rows.map(([, joules]) => share(joules)) },
  ];
}

/** An option of a dataflow; a mapping as "fft 1 and butterfly 2". */
function optionText(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${optionText(inner)}`)
    .join(" and ");
}
