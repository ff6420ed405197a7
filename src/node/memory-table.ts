/** What a memory does on the standard patterns, as tables with bars, and as CSV. */
import { csvFormatRows } from "d3-dsv";
import type { Pattern } from "../arch/dram/sequence.ts";
import type { LoadRow, PatternRow, Survey } from "../arch/dram/survey.ts";
import { type Column, columnLines, leftColumn, type Paint, rightColumn, wrapped } from "../report/columns.ts";
import { bar, duration, percent, plain, rate } from "../report/human.ts";

export interface MemoryHeading {
  readonly name: string;
  readonly standard: string;
  readonly source: string;
  readonly outstanding: number;
}

export function memoryTable(heading: MemoryHeading, survey: Survey, width: number, paint: Paint): string {
  const { name, standard, source, outstanding } = heading;
  const titled = (title: string, columns: readonly Column[]): readonly string[] => [
    paint("bold", title),
    ...columnLines(columns, width, paint),
  ];
  const blocks = [
    [
      ...wrapped(`${name}, ${standard}: one channel, ${rate(survey.peakBytesPerSecond)} at peak`, width).map(
        (line) => paint("bold", line),
      ),
      ...wrapped(source, width).map((line) => paint("dim", line)),
      ...wrapped(
        `At most ${outstanding} reads in flight; what is in front of the channel is left out.`,
        width,
      ),
    ],
    titled("Patterns", patternColumns(survey.patterns)),
    titled("Bandwidth against chunk size, reads at random places", chunkColumns(survey.chunks)),
    titled("Latency against load, reads", loadColumns(survey.loads)),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** A row for each measurement; the empty cells of a table are those that it does not measure. */
export function memoryCsv({ patterns, chunks, loads }: Survey): string {
  const measured = (table: string, row: PatternRow): string[] => [
    table,
    patternText(row.pattern),
    String(row.writePercent / 100),
    "",
    String(row.bytesPerSecond),
    String(row.idleLatencySeconds),
    String(row.activatesPerKibibyte),
    row.joulesPerByte === null ? "" : String(row.joulesPerByte),
  ];
  const loaded = ({ pattern, load, bytesPerSecond, readLatencySeconds }: LoadRow): string[] => [
    "load",
    patternText(pattern),
    "0",
    String(load),
    String(bytesPerSecond),
    String(readLatencySeconds),
    "",
    "",
  ];
  const header = ["table", "pattern", "writes", "load", "bytesPerSecond", "latencySeconds"];
  const rows = [
    [...header, "activatesPerKibibyte", "joulesPerByte"],
    ...patterns.map((row) => measured("pattern", row)),
    ...chunks.map((row) => measured("chunk", row)),
    ...loads.map(loaded),
  ];
  return `${csvFormatRows(rows)}\n`;
}

export function patternText(pattern: Pattern): string {
  switch (pattern.kind) {
    case "sequential":
    case "random":
      return pattern.kind;
    case "chunk":
    case "stride":
      return `${pattern.kind}:${pattern.bytes}`;
    case "streams":
      return `streams:${pattern.streams}`;
  }
}

const barWidth = 24;

const patternColumns = (rows: readonly PatternRow[]): readonly Column[] => [
  leftColumn(
    "pattern",
    rows.map(({ pattern }) => patternText(pattern)),
  ),
  rightColumn(
    "writes",
    rows.map(({ writePercent }) => `${writePercent} %`),
  ),
  ...bandwidthColumns(rows),
  rightColumn(
    "idle latency",
    rows.map(({ idleLatencySeconds }) => duration(idleLatencySeconds, 3)),
  ),
  rightColumn(
    "activates/KiB",
    rows.map(({ activatesPerKibibyte }) => plain(activatesPerKibibyte)),
    2,
  ),
  rightColumn("energy", rows.map(energyText), 1),
];

const bandwidthColumns = (rows: readonly PatternRow[]): readonly Column[] => [
  rightColumn(
    "bandwidth",
    rows.map(({ bytesPerSecond }) => rate(bytesPerSecond)),
  ),
  rightColumn(
    "of peak",
    rows.map(({ efficiency }) => percent(efficiency)),
  ),
];

const energyText = ({ joulesPerByte }: PatternRow): string =>
  joulesPerByte === null ? "" : `${plain((joulesPerByte * 1e12) / 8)} pJ/bit`;

const chunkColumns = (rows: readonly PatternRow[]): readonly Column[] => [
  leftColumn(
    "chunk",
    rows.map(({ pattern }) => ("bytes" in pattern ? `${pattern.bytes} B` : "")),
  ),
  ...bandwidthColumns(rows),
  leftColumn(
    "",
    rows.map(({ efficiency }) => bar(efficiency, barWidth)),
    1,
  ),
];

function loadColumns(rows: readonly LoadRow[]): readonly Column[] {
  const longest = Math.max(...rows.map(({ readLatencySeconds }) => readLatencySeconds));
  return [
    leftColumn(
      "pattern",
      rows.map(({ pattern }) => patternText(pattern)),
    ),
    rightColumn(
      "offered",
      rows.map(({ load }) => percent(load)),
    ),
    rightColumn(
      "bandwidth",
      rows.map(({ bytesPerSecond }) => rate(bytesPerSecond)),
    ),
    rightColumn(
      "latency",
      rows.map(({ readLatencySeconds }) => duration(readLatencySeconds, 3)),
    ),
    leftColumn(
      "",
      rows.map(({ readLatencySeconds }) => bar(readLatencySeconds / longest, barWidth)),
      1,
    ),
  ];
}
