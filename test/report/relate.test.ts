import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import { noPaint } from "../../src/report/columns.ts";
import { renderCsv } from "../../src/report/csv.ts";
import { renderJson } from "../../src/report/json.ts";
import { relate } from "../../src/report/relate.ts";
import type { Report, RunResult } from "../../src/report/report.ts";
import { renderTable } from "../../src/report/table.ts";
import { done, unfit } from "./report.ts";

if (done.result.status !== "done") throw new Error("the run by hand is done");
const { report } = done.result;

/** The run by hand, whose first op waits for the vector unit and takes 100 ms less. */
const quicker: Report = {
  ...report,
  totals: { ...report.totals, latencySeconds: 0.9, energyJoules: 0.8 },
  ops: report.ops.map((op, index) =>
    index === 0
      ? { ...op, latencySeconds: 0.15, boundBy: { unit: "vector", limit: "rate", share: 1 } as const }
      : op,
  ),
};
const quick: RunResult = { name: "quick", parameters: {}, result: { status: "done", report: quicker } };
const because = "its vector unit is wider";
const relations = {
  runs: [{ name: "small" }, { name: "quick", against: { run: "small", because } }, { name: unfit.name }],
};

describe("a run against another", () => {
  const [, related] = relate(relations, [done, quick, unfit]);

  test("says how much faster it is, with how much work, and where", () => {
    expect(related?.against).toMatchObject({ run: "small", because, macs: 1, parameters: 1, energy: 0.5 });
    expect(related?.against?.speedup).toBeCloseTo(10 / 9, 12);
    expect(related?.against?.latencySeconds).toBeCloseTo(-0.1, 12);
    expect(related?.against?.ops).toHaveLength(1);
    expect(related?.against?.ops[0]).toMatchObject({
      op: "layer.query",
      boundBy: { unit: "vector" },
      otherBoundBy: { unit: "hbm.read" },
    });
  });

  test("is told in words", () => {
    const text = renderTable({ title: "t", source: "s" }, relate(relations, [done, quick, unfit]), {
      width: 90,
      paint: noPaint,
      detail: [],
    });
    expect(text).toContain(`What makes the difference
quick: 100.0 ms (10.0 %) less than small
  because its vector unit is wider
  layer.query -100.0 ms (hbm.read rate, now vector rate)
`);
  });

  test("is compared with nothing where one of the two does not fit", () => {
    const against = { runs: [{ name: "small", against: { run: unfit.name } }, { name: unfit.name }] };
    expect(relate(against, [done, unfit])).toEqual([done, unfit]);
  });
});

describe("runs on a curve", () => {
  const points = [1, 2, 4, 10].map((width) => ({ name: `w${width}`, at: { kind: 1, width } }));
  const other = { name: "other", at: { kind: 2, width: 1 } };
  const latency = [100, 40, 12, 10];
  const results = [...points, other].map(({ name, at }, index): RunResult => {
    const totals = { ...report.totals, latencySeconds: latency[index] ?? 7 };
    return { name, parameters: at, result: { status: "done", report: { ...report, totals } } };
  });
  const related = relate({ curve: { along: "width", flat: 0.1 }, runs: [...points, other] }, results);

  test("belong together by their other keys", () => {
    expect(related.map(({ curve }) => curve?.speedup)).toEqual([1, 2.5, 100 / 12, 10, 1]);
    expect(related.map(({ curve }) => curve?.saturated)).toEqual([false, false, true, true, false]);
  });

  test("say so in JSON, CSV and the table", () => {
    const printed = JSON.parse(renderJson("curve", related));
    expect(printed.runs[2].curve).toMatchObject({ along: "width", saturated: true });
    const rows = csvParse(renderCsv("curve", related)).filter(({ run }) => run === "w4");
    expect(rows[0]).toMatchObject({ "parameters.width": "4", "curve.saturated": "true" });
    const text = renderTable({ title: "t", source: "s" }, related, {
      width: 110,
      paint: noPaint,
      detail: [],
    });
    expect(text.split("\n").find((line) => line.startsWith("w4 "))).toContain("yes");
  });
});
