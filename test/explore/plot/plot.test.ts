/** Plots of a sweep as data, against a pencil. */
import { expect, test } from "vitest";
import { readAsked } from "../../../src/explore/plot/asked.ts";
import { frontOf } from "../../../src/explore/plot/best.ts";
import type { Designs } from "../../../src/explore/plot/designs.ts";
import { plotCharts, plotSections } from "../../../src/explore/plot/index.ts";
import { objectivesOf } from "../../../src/explore/plot/measure.ts";
import { sampled, spread } from "../../../src/explore/plot/sample.ts";
import type { Chart } from "../../../src/report/chart/chart.ts";
import { byHand } from "./rows.ts";

const designs = await byHand();

function chartsOf(designs: Designs): ReadonlyMap<string, Chart> {
  const asked = readAsked(designs, { mark: [] });
  if (!asked.ok) throw new Error(asked.problems.join());
  return new Map(plotCharts(designs, asked.value).map((chart) => [chart.name, chart]));
}
const charts = chartsOf(designs);

test("designs that ran, that miss a limit and that do not fit are told apart, and alike reasons are one", () => {
  expect(designs.counts).toEqual({ done: 5, unfit: 2, failed: 0 });
  expect(designs.feasible).toEqual([true, true, true, true, false]);
  expect(designs.reasons).toEqual([
    { status: "unfit", designs: 2, example: "weights: 12 MB do not fit into 8 MB" },
  ]);
});

test("levels are in the order of their numbers, and a parameter that changes with another one is left out", () => {
  expect(designs.parameters.map(({ name, levels }) => [name, levels])).toEqual([
    ["width", ["8", "16"]],
    ["lanes", ["1", "2", "4"]],
  ]);
});

test("the front has the designs that none beats in both, without those that miss a limit", () => {
  const front = frontOf(designs, objectivesOf(designs)).map((place) => designs.index[place]);
  expect(front).toEqual([1, 3]);
  const rows = charts.get("pareto")?.data.rows ?? [];
  expect(rows.map(([design, , , onFront]) => [design, onFront])).toEqual([
    [1, "yes"],
    [3, "yes"],
    [0, "no"],
    [2, "no"],
  ]);
});

test("a main effect is the ratio of geometric means: twice the width, half the latency", () => {
  const { data, description } = charts.get("effects-latencySeconds") ?? raise();
  const means = data.rows.map(([, value, mean]) => [value, mean === "" ? "" : Number(mean) ** 2]);
  // By width: sqrt(8 * 4) and sqrt(4 * 2); by lanes the same.
  expect(means).toEqual([
    ["8", expect.closeTo(32, 9)],
    ["16", expect.closeTo(8, 9)],
    ["1", expect.closeTo(32, 9)],
    ["2", expect.closeTo(8, 9)],
    ["4", ""],
  ]);
  expect(description).toContain("2.00 times");
});

test("effects that only multiply do not interact", () => {
  expect(charts.get("interaction-latencySeconds-1")?.description).toContain("off by a factor of 1.00");
});

test("a map has the best of each two values, and which design it is", () => {
  expect(charts.get("map-energyJoules")?.data.rows).toEqual([
    ["1", "8", 3, 2],
    ["2", "8", 3, 3],
    ["4", "8", "", ""],
    ["1", "16", 6, 0],
    ["2", "16", 6, 1],
    ["4", "16", "", ""],
  ]);
});

test("convergence ends with all that was found, and its volume is that of the pencil", () => {
  const rows = charts.get("convergence")?.data.rows ?? [];
  // Worst is 8 s and 6 J: before design 3 the front is on the edge of what counts; (4 s, 3 J) spans 4 * 3 of 4 * 3.
  expect(rows.at(-1)).toEqual([7, 2, 3, 1]);
  expect(rows.find(([looked]) => looked === 2)).toEqual([2, 2, 6, 0]);
  expect(rows.find(([looked]) => looked === 4)?.[3]).toBe(1);
});

test("every plot is plain JSON, says in words what it shows, and has rows as wide as their header", () => {
  expect([...charts.keys()]).toEqual([
    "pareto",
    "parallel",
    "effects-latencySeconds",
    "interaction-latencySeconds-1",
    "effects-energyJoules",
    "interaction-energyJoules-1",
    "map-latencySeconds",
    "map-energyJoules",
    "convergence",
  ]);
  for (const [name, chart] of charts) {
    expect(JSON.parse(JSON.stringify(chart)), name).toEqual(chart);
    expect(chart.description.length, name).toBeGreaterThan(40);
    for (const row of chart.data.rows) expect(row, name).toHaveLength(chart.data.header.length);
  }
});

test("what is asked for by short names is plotted and marked; what is not there is told with what is", () => {
  const asked = readAsked(designs, {
    x: "lanes",
    y: "energyJoules",
    map: "lanes,width",
    mark: ["width=8,lanes=2"],
  });
  if (!asked.ok) throw new Error(asked.problems.join());
  expect(asked.value.pairs.map(([x, y]) => [x.name, y.name])).toEqual([
    ["hardware.units.matrix.lanes", "energyJoules"],
  ]);
  expect(asked.value.marked).toEqual([{ name: "width=8,lanes=2", designs: [3] }]);
  expect(asked.value.map.map(({ name }) => name)).toEqual(["lanes", "width"]);
  expect(readAsked(designs, { x: "latencySecond", map: "lanes", mark: ["width=9"] })).toEqual({
    ok: false,
    problems: [
      `--x: nothing is named "latencySecond", did you mean "latencySeconds"?; there are latencySeconds, energyJoules, width, lanes`,
      `--map: expected two parameters such as width,lanes, found "lanes"`,
      `--mark width: nothing is named "9", did you mean "8"?; there are 8, 16`,
    ],
  });
});

test("a page has sections for all plots, and tells why designs did not run", () => {
  const asked = readAsked(designs, { mark: [] });
  if (!asked.ok) throw new Error(asked.problems.join());
  const sections = plotSections(designs, asked.value);
  expect(sections.map(({ id }) => id)).toEqual([
    "summary",
    "fronts",
    "coordinates",
    "effects",
    "maps",
    "search",
  ]);
  expect(JSON.stringify(sections[0])).toContain("12 MB do not fit into 8 MB");
});

test("a sample meets every value of a parameter with any period equally often", () => {
  const all = Array.from({ length: 12_000 }, (_, design) => design);
  const sample = sampled(all, 2000);
  expect(new Set(sample).size).toBe(2000);
  for (const period of [2, 3, 4, 5, 6, 8, 10, 12]) {
    const counts = Array.from(
      { length: period },
      (_, value) => sample.filter((at) => at % period === value).length,
    );
    for (const count of counts) expect(count / (2000 / period), `period ${period}`).toBeCloseTo(1, 0);
    expect(Math.min(...counts), `period ${period}`).toBeGreaterThan(0.8 * (2000 / period));
  }
  expect(spread(11, 3)).toEqual([0, 5, 10]);
});

function raise(): never {
  throw new Error("no such chart");
}
