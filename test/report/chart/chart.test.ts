/** Charts as data: their sums are the report's, they are plain JSON, and their numbers come along. */
import { expect, test } from "vitest";
import { planExperiment } from "../../../src/config/plan.ts";
import { simulate } from "../../../src/index.ts";
import { fileLibrary } from "../../../src/node/library.ts";
import { type Chart, type DoneRun, doneRuns } from "../../../src/report/chart/chart.ts";
import { dressed } from "../../../src/report/chart/dress.ts";
import { allCharts, experimentCharts, runCharts } from "../../../src/report/chart/index.ts";
import { darkColours, kindStyle, ramp, styleAt } from "../../../src/report/chart/palette.ts";
import { relate } from "../../../src/report/relate.ts";
import { done, unfit } from "../report.ts";

function runsOf(name: string): readonly DoneRun[] {
  const library = fileLibrary();
  const source = library.find("experiments", name);
  const planned = source && planExperiment(source, library);
  if (!planned?.ok) throw new Error(`no experiment ${name}`);
  const { runs } = planned.value;
  return doneRuns(
    relate(
      planned.value,
      runs.map((run) => ({ name: run.name, parameters: run.parameters, result: simulate(run) })),
    ),
  );
}

const dfx = runsOf("dfx-gpt2-latency");
const named = (charts: readonly Chart[], name: string): Chart => {
  const found = charts.find((chart) => chart.name === name);
  if (found === undefined) throw new Error(`no chart ${name}`);
  return found;
};
const sumOf = ({ data: { header, rows } }: Chart, column: string): number =>
  rows.reduce((sum, row) => sum + Number(row[header.indexOf(column)]), 0);

test("an unfit run has no charts, and the report by hand those that it has data for", () => {
  expect(doneRuns([unfit])).toEqual([]);
  const names = doneRuns([done]).flatMap((run) => runCharts(run).map(({ name }) => name));
  expect(names).toContain("ops");
  expect(names).not.toContain("channels-hbm");
});

test("every chart is JSON, has words for who does not see it, rows as wide as their header, and a name of its own", () => {
  const charts = allCharts(dfx);
  expect(charts.length).toBeGreaterThan(20);
  const keys = charts.map(({ chart, run = "" }) => `${run} ${chart.name}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { chart } of charts) {
    expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
    expect(chart.description.length, chart.name).toBeGreaterThan(20);
    expect(chart.data.rows.length, chart.name).toBeGreaterThan(0);
    for (const row of chart.data.rows) expect(row, chart.name).toHaveLength(chart.data.header.length);
  }
});

test("the time of layers, of ops and of kinds is the latency of the run, and their energy its energy", () => {
  for (const run of dfx) {
    const { totals } = run.report;
    const charts = runCharts(run);
    for (const name of ["layers", "ops"])
      expect(sumOf(named(charts, name), "latencySeconds") / totals.latencySeconds).toBeCloseTo(1, 9);
    // The whole run and its layers.
    expect(sumOf(named(charts, "energy"), "joules") / totals.energyJoules).toBeCloseTo(2, 9);
    expect(sumOf(named(charts, "units"), "busySeconds")).toBeLessThan(1e3 * totals.latencySeconds);
  }
  const together = dfx.reduce((sum, { report }) => sum + report.totals.latencySeconds, 0);
  expect(sumOf(named(experimentCharts(dfx), "runs-by-kind"), "latencySeconds") / together).toBeCloseTo(1, 9);
});

test("a sweep is lines over its finest parameter, and parameters that change together are one", () => {
  const sweep = experimentCharts(runsOf("fabnet-fig21")).filter(
    ({ name }) => name.startsWith("sweep-") && !name.includes("map"),
  );
  // Three sequence lengths; of three widths that are always equal one is the axis.
  expect(sweep.map(({ title }) => title)).toEqual([
    "Latency over width (sequence 128)",
    "Latency over width (sequence 1024)",
    "Latency over width (sequence 4096)",
  ]);
  for (const { config, data } of sweep) {
    expect(config.data.datasets.map(({ label }) => label)).toEqual(["16", "32", "64", "96", "128"]);
    expect(data.rows).toHaveLength(30);
  }
});

test("curves tell where they are saturated: 16 engines from 51.2 GB/s, 128 from 102.4", () => {
  const charts = experimentCharts(runsOf("fabnet-fig21")).filter(({ name }) => name.startsWith("curve"));
  expect(charts.map(({ title }) => title)).toEqual(
    [128, 1024, 4096].map((tokens) => `Where more gigabytes per second no longer helps (tokens ${tokens})`),
  );
  for (const { config, data, description } of charts) {
    expect(description).toContain("16 from 51.2");
    expect(description).toContain("128 from 102.4");
    expect(data.rows).toHaveLength(30);
    const at = (column: string): number => data.header.indexOf(column);
    const saturated = data.rows.filter((row) => row[at("saturated")] === "true");
    const least = (engines: number): number =>
      Math.min(
        ...saturated
          .filter((row) => row[at("engines")] === engines)
          .map((row) => Number(row[at("gigabytesPerSecond")])),
      );
    expect([16, 32, 64, 96, 128].map(least)).toEqual([51.2, 51.2, 102.4, 102.4, 102.4]);
    expect(config.data.datasets[0]).toMatchObject({ label: "16", pointRadius: [3, 3, 3, 7, 7, 7] });
  }
});

test("the published chart tells measured, published and error of every reference", () => {
  const { data } = named(experimentCharts(dfx), "published");
  expect(data.rows).toHaveLength(6);
  for (const [, , measured, published, error] of data.rows)
    expect(Number(measured) / Number(published) - 1).toBeCloseTo(Number(error), 12);
});

test("the first series differ in colour, hatch, dash and marker, and kinds look the same wherever they are shown", () => {
  const styles = Array.from({ length: 7 }, (_, index) => styleAt(index));
  for (const key of ["colour", "hatch", "marker"] as const)
    expect(new Set(styles.map((style) => style[key])).size, key).toBe(7);
  expect(new Set(styles.map(({ dash }) => dash.join())).size).toBe(7);
  expect(kindStyle("softmax")).toEqual(kindStyle("softmax", ["a", "softmax"]));
  expect(styleAt(7).colour).toBe("#80b9d9");
});

test("a heat map gets darker all the way", () => {
  const lightness = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) =>
    (ramp(share).match(/\d+/g) ?? []).reduce((sum, channel) => sum + Number(channel), 0),
  );
  expect(lightness).toEqual(lightness.toSorted((a, b) => b - a));
});

test("the dark theme has its own ink, and dressing changes no chart", () => {
  const chart = named(runCharts(dfx[0] ?? raise()), "ops");
  const before = JSON.stringify(chart);
  const dress = { fontPixels: 10, fontFamily: "sans-serif", widthPixels: 320 } as const;
  const dark = JSON.stringify(dressed(chart.config, { ...dress, theme: "dark" }));
  for (const light of Object.keys(darkColours)) expect(dark).not.toContain(light);
  expect(
    dressed(chart.config, { ...dress, theme: "light" }).data.labels?.every(
      (label) => String(label).length <= 20,
    ),
  ).toBe(true);
  expect(JSON.stringify(chart)).toBe(before);
});

function raise(): never {
  throw new Error("no run");
}
