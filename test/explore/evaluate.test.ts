import { describe, expect, test } from "vitest";
import { designSpace } from "../../src/config/space.ts";
import { evaluator } from "../../src/explore/evaluate.ts";
import { sweep } from "../../src/explore/sweep.ts";
import { columnsOf, flat } from "../../src/explore/table.ts";
import { formatProblems, simulate } from "../../src/index.ts";
import { library } from "../library.ts";
import { firstRuns } from "../small-run.ts";

function spaceOf(sweep: unknown, rest: object = {}) {
  const experiment = { name: "small", title: "A small space", source: "a test", ...rest, sweep };
  const space = designSpace({ file: "space.yaml", text: JSON.stringify(experiment) }, library);
  if (!space.ok) throw new Error(formatProblems(space.problems));
  return space.value;
}

async function all<T>(list: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
}

const dfx = { hardware: "dfx-u280", workload: "gpt2-medium", set: { "workload.outputTokens": 4 } };

describe("a row", () => {
  const machines = firstRuns();

  test.each(machines.map(({ hardware, workload }) => [hardware, workload]))(
    "of %s has the totals of the run's report, to the last digit, and a bound below it",
    (hardware, workload) => {
      const space = spaceOf({ product: { hardware: [hardware] } }, { workload });
      const { row, bound } = evaluator(space);
      const planned = space.plan({ hardware });
      if (!planned.ok) throw new Error(formatProblems(planned.problems));
      const result = simulate(planned.value);
      const found = row(0);
      expect(found?.status).toBe(result.status);
      if (result.status !== "done") return;
      const { totals } = result.report;
      expect(totals).toMatchObject(found?.results ?? {});
      const least = bound(0)?.results ?? {};
      expect(least["latencySeconds"]).toBeLessThanOrEqual(totals.latencySeconds);
      expect(least["energyJoules"]).toBeLessThanOrEqual(totals.energyJoules);
      expect(least["macs"]).toBe(totals.macs);
    },
  );

  test("is the same whatever ran before it", () => {
    const space = spaceOf(
      {
        product: {
          "hardware.devices": [1, 2, 4],
          "units.matrix.width": [32, 64],
          "workload.inputTokens": [3, 9],
        },
      },
      dfx,
    );
    const forwards = evaluator(space);
    const backwards = evaluator(space);
    const indexes = Array.from({ length: space.size }, (_, index) => index);
    const there = indexes.map((index) => forwards.row(index));
    const back = indexes.toReversed().map((index) => backwards.row(index));
    expect(back.toReversed()).toEqual(there);
    expect(there.map((each) => each?.status)).toEqual(indexes.map(() => "done"));
  });

  test.each([
    [
      "DFX",
      { "hardware.units.hbm.channels": [8, 32], "hardware.devices": [1, 2] },
      { "workload.inputTokens": [5, 40], "workload.outputTokens": [1, 9, 80] },
      { hardware: "dfx-u280", workload: "gpt2-medium" },
    ],
    [
      "FABNet",
      { "hardware.units.engine.engines": [16, 40], "hardware.clock": ["100 MHz", "200 MHz"] },
      { "workload.sequence": [512, 1024], "workload.batch": [1, 3] },
      { hardware: "fabnet-vcu128-be40", workload: "fabnet-base" },
    ],
    [
      "a systolic array",
      { "hardware.units.array.rows": [8, 16], "hardware.units.vector.lanes": [16, 32] },
      { "workload.batch": [1, 2], workload: ["alexnet", "resnet-18"] },
      { hardware: "gemmini" },
    ],
  ])("of %s is that of an evaluator that knows no other design", (_, machine, work, rest) => {
    const space = spaceOf({ product: { ...machine, ...work } }, rest);
    const { row } = evaluator(space);
    const indexes = Array.from({ length: space.size }, (_, index) => index);
    const rows = indexes.map(row);
    expect(JSON.stringify(rows)).toBe(JSON.stringify(indexes.map((index) => evaluator(space).row(index))));
    expect(rows.filter((each) => each?.status === "done").length).toBeGreaterThan(4);
  });

  test("of a design that does not fit, or that the configs refuse, says why", async () => {
    const space = spaceOf(
      {
        product: { "units.matrix.width": [64, 48], "workload.inputTokens": [8, 2000] },
        derive: { "units.matrix.lanes": "1024 / matrix.width" },
      },
      dfx,
    );
    const rows = await all(sweep(space));
    expect(rows.map(({ status }) => status)).toEqual(["done", "unfit", "failed", "failed"]);
    expect(rows[1]?.reason).toContain("2004 positions > 1024");
    expect(rows[2]?.reason).toContain(
      "units.matrix.lanes: expected a whole number above zero like 32, found 21.3",
    );
  });

  test("has objectives that are expressions of the report, and tells who misses a limit", () => {
    const space = spaceOf(
      {
        product: { "hardware.devices": [1, 4] },
        minimize: ["energyJoules * latencySeconds", "energy.byComponent.hbm"],
        maximize: ["totals.utilization.hbm"],
        limits: ["averagePowerWatts <= 60", "devices >= 1"],
      },
      { ...dfx, set: { "workload.inputTokens": 4, "workload.outputTokens": 4 } },
    );
    const { row } = evaluator(space);
    const [one, four] = [row(0), row(1)];
    const { energyJoules = 0, latencySeconds = 0 } = one?.results ?? {};
    expect(one?.results?.["energyJoules * latencySeconds"]).toBe(energyJoules * latencySeconds);
    const planned = space.plan({ "hardware.devices": 1 });
    const result = planned.ok ? simulate(planned.value) : undefined;
    if (result?.status !== "done") throw new Error("does not run");
    expect(one?.results?.["energy.byComponent.hbm"]).toBe(result.report.energy.byComponent["hbm"]);
    expect(one?.results?.["totals.utilization.hbm"]).toBe(result.report.totals.utilization["hbm"]);
    expect([one?.feasible, four?.feasible]).toEqual([true, false]);
  });

  test("fails by name where an objective is no field of the report", () => {
    const space = spaceOf({ product: { "hardware.devices": [1] }, minimize: ["latencySecond"] }, dfx);
    expect(evaluator(space).row(0)).toMatchObject({ status: "failed" });
    expect(evaluator(space).row(0)?.reason).toContain('did you mean "latencySeconds"?');
  });

  test("an objective that is a text is no number, and says so", () => {
    const product = { "hardware.units.hbm.width": ["256 bit"] };
    const space = spaceOf({ product, minimize: ["latencySeconds", "hbm.width"] }, dfx);
    expect(evaluator(space).row(0)?.reason).toBe("hbm.width is 256 bit, which is no number");
  });

  test("has the columns of the table, and no others", () => {
    const space = spaceOf({ product: { "hardware.devices": [1] }, minimize: ["2 * latencySeconds"] }, dfx);
    const row = evaluator(space).row(0);
    if (row === undefined) throw new Error("no row");
    const columns = columnsOf(space).map(({ name }) => name);
    expect(Object.keys(flat(row))).toEqual(columns.filter((name) => name !== "reason"));
  });

  test("has a quantity that follows from others as text, also where a condition leaves the first design out", () => {
    const derive = { "hardware.units.registers.width": "16 bit * matrix.width" };
    const product = { "hardware.units.matrix.width": [32, 64] };
    const space = spaceOf({ product, derive, where: ["matrix.width > 32"] }, dfx);
    expect(columnsOf(space)).toContainEqual({ name: "hardware.units.registers.width", type: "text" });
    expect(evaluator(space).row(1)?.parameters).toMatchObject({
      "hardware.units.registers.width": "1.024 kbit",
    });
  });
});

test("rows come in order whatever order workers answer in", async () => {
  const space = spaceOf({ product: { "workload.inputTokens": { from: 1, to: 40, by: 1 } } }, dfx);
  const { row } = evaluator(space);
  const evaluate = async (from: number, to: number) => {
    await new Promise((resolve) => setTimeout(resolve, (from * 7919) % 13));
    return Array.from({ length: to - from }, (_, offset) => row(from + offset)).filter(
      (each) => each !== undefined,
    );
  };
  const there = await all(sweep(space, { evaluate, batch: 3, ahead: 5, from: 2, to: 33 }));
  const here = await all(sweep(space, { from: 2, to: 33 }));
  expect(there).toEqual(here);
  expect(here.map(({ index }) => index)).toEqual(Array.from({ length: 31 }, (_, index) => index + 2));
});
