import { expect, test } from "vitest";
import { type Column, columnLines, noPaint, type Paint, wrapped } from "../../src/report/columns.ts";
import { longestRun, renderTable } from "../../src/report/table.ts";
import { configBlocks } from "../../src/report/view/config.ts";
import { reportOf } from "../library.ts";
import { done, unfit } from "./report.ts";

const heading = { title: "A small experiment", source: "by hand" };
const marked: Paint = (format, text) => `<${format}>${text}</>`;

test("the runs stand side by side, with what was published and the error", () => {
  const text = renderTable(heading, [done, unfit], { width: 80, paint: noPaint, detail: [] });
  expect(text).toBe(`A small experiment
by hand

run                   latency  published      error  tokens/s  J/token
──────────────────────────────────────────────────────────────────────
small                 1.000 s   960.0 ms  +4.17 %       12.00   100 mJ
large, and too large    unfit
Error on 1 published number: mean 4.17 %, worst 4.17 %.

large, and too large does not fit
  weights: 13.3 GB > 8 GB

Fitted numbers
  hardware.issue = 100 cycles, on a; b

Assumed numbers (1)
  hardware.depth
`);
});

test("numbers that share their origin are told by the mapping that holds them", () => {
  if (done.result.status !== "done") throw new Error("the report by hand is of a run");
  const { report } = done.result;
  const numbers = [
    { path: "hardware.fpga.memories.0", source: "what is left", sure: "calibrated", fittedOn: ["DFX BRAM"] },
  ] as const;
  const shared = { ...report, provenance: { ...report.provenance, numbers } };
  const run = { ...done, result: { status: "done" as const, report: shared } };
  expect(renderTable(heading, [run], { width: 80, paint: noPaint, detail: [] })).toContain(
    "Fitted numbers\n  hardware.fpga.memories.0, on DFX BRAM\n",
  );
  expect(JSON.stringify(configBlocks(shared))).not.toContain("undefined");
});

test("a run in detail is a tree of phases, layers and ops with what bounds each", () => {
  const text = renderTable(heading, [done], { width: 80, paint: noPaint });
  const tree = text.slice(text.indexOf("Where the time goes"), text.indexOf("Units of one device"));
  expect(tree).toBe(`Where the time goes
phase, layer, op      time  cycles   share    util      hbm  bound by
───────────────────────────────────────────────────────────────────────────
prefill           250.0 ms  50.0 M  25.0 %  12.5 %  2.00 GB  hbm.read rate
  layer × 24      250.0 ms  50.0 M  25.0 %  12.5 %  2.00 GB  hbm.read rate
    query         250.0 ms  50.0 M  25.0 %  12.5 %  2.00 GB  hbm.read rate
decode            750.0 ms   150 M  75.0 %  12.5 %  2.00 GB  hbm.read rate
  layer × 24      750.0 ms   150 M  75.0 %  12.5 %  2.00 GB  hbm.read rate
    query         500.0 ms   100 M  50.0 %  12.5 %  2.00 GB  hbm.read rate
    sum           250.0 ms  50.0 M  25.0 %                   vector latency
    store              0 s       0     0 %                   hidden

`);
});

test("no line is longer than the width, and wider tables have more columns", () => {
  const report = reportOf("dfx-u280", "gpt2-1.5b-dfx");
  const run = { name: "1.5B on 4 cards", parameters: {}, result: { status: "done", report } } as const;
  let columns = 0;
  for (const width of [60, 72, 80, 100, 132, 200, 300]) {
    const lines = renderTable(heading, [run, unfit], { width, paint: noPaint }).split("\n");
    expect(Math.max(...lines.map((line) => line.length)), `at ${width} columns`).toBeLessThanOrEqual(width);
    const header = lines.find((line) => line.startsWith("phase, layer, op")) ?? "";
    const shown = header.split(/ {2,}/).length;
    expect(shown).toBeGreaterThanOrEqual(columns);
    columns = shown;
  }
  expect(columns).toBeGreaterThan(12);
});

test("lines do not end in blanks, and colours change nothing but colours", () => {
  const plain = renderTable(heading, [done, unfit], { width: 120, paint: noPaint });
  expect(plain).not.toMatch(/ $/m);
  const painted = renderTable(heading, [done, unfit], { width: 120, paint: marked });
  expect(painted).toContain("<bold>A small experiment</>");
  expect(painted.replace(/<\w+>|<\/>/g, "")).toBe(plain);
});

test("the longest of the runs that fit is shown in detail", () => {
  expect(longestRun([unfit, done])).toBe("small");
  expect(longestRun([unfit])).toBe("");
});

test("columns are left out by rank, the first gives way last", () => {
  const column = (header: string, rank: number): Column => ({
    header,
    rank,
    align: "left",
    cells: ["x".repeat(10)],
  });
  const columns = [column("name", 0), column("b", 2), column("c", 1), column("d", 0)];
  const headers = (width: number): string => columnLines(columns, width, noPaint)[0] ?? "";
  expect(headers(46)).toBe("name        b           c           d");
  expect(headers(45)).toBe("name        c           d");
  expect(headers(33)).toBe("name        d");
  expect(columnLines(columns, 20, noPaint)[2]).toBe("xxxxxxx…  xxxxxxxxxx");
});

test("text is wrapped between words, and within a word that is longer than a line", () => {
  expect(wrapped("one two three", 8, 2)).toEqual(["one two", "  three"]);
  expect(wrapped("aaaaaaaaaaaa b", 8, 2)).toEqual(["aaaaaa", "  aaaaaa", "  b"]);
});
