/** What enumeration skips is never on the front of all designs, whatever the machine, the parameters and what is better. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { designSpace } from "../../src/config/space.ts";
import { front } from "../../src/explore/pareto.ts";
import type { Row } from "../../src/explore/row.ts";
import { refine, search } from "../../src/explore/search.ts";
import { sweep } from "../../src/explore/sweep.ts";
import { costsOf } from "../../src/explore/table.ts";
import { formatProblems } from "../../src/index.ts";
import { library } from "../library.ts";

const machines = [
  {
    base: {
      hardware: "dfx-u280",
      workload: "gpt2",
      set: { "workload.outputTokens": 3, "workload.inputTokens": 5 },
    },
    parameters: {
      "units.matrix.width": [16, 32, 64],
      "units.matrix.lanes": [4, 8, 16],
      "hardware.devices": [1, 4],
    },
  },
  {
    base: {
      hardware: "dfx-u280-banked",
      workload: "gpt2",
      set: { "workload.inputTokens": 2, "hardware.devices": 1 },
    },
    parameters: {
      "units.matrix.width": [16, 64],
      "units.matrix.lanes": [8, 16],
      "workload.outputTokens": [1, 2],
    },
  },
  {
    base: { hardware: "fabnet-vcu128-be96-attention", workload: "fabnet-lra-image", set: {} },
    parameters: {
      "units.engine.engines": [8, 32, 96],
      "units.input.channels": [2, 8],
      "units.queryKey.lanes": [2, 8],
    },
  },
] as const;

const given = fc.record({
  machine: fc.constantFrom(...machines),
  minimize: fc.subarray(
    [
      "latencySeconds",
      "energyJoules",
      "averagePowerWatts",
      "latencySeconds * energyJoules ^ 2",
      "energyJoules / latencySeconds",
    ],
    { minLength: 1, maxLength: 2 },
  ),
  maximize: fc.subarray(["tokensPerSecond", "macsPerSecond / averagePowerWatts"], { maxLength: 1 }),
  limits: fc.subarray(
    ["averagePowerWatts <= 45", "latencySeconds < 0.02", "tokensPerSecond / energyJoules >= 1"],
    { maxLength: 1 },
  ),
});

let ran = 0;
let skipped = 0;

test("the front is that of all designs", async () => {
  await fc.assert(
    fc.asyncProperty(given, async ({ machine, minimize, maximize, limits }) => {
      const experiment = {
        name: "random",
        title: "A space by lot",
        source: "a test",
        ...machine.base,
        sweep: { product: machine.parameters, minimize, maximize, limits },
      };
      const space = designSpace({ file: "random.yaml", text: JSON.stringify(experiment) }, library);
      if (!space.ok) throw new Error(formatProblems(space.problems));
      const frontOf = async (rows: AsyncIterable<Row>): Promise<readonly number[]> => {
        const best = front<number>();
        for await (const row of rows) {
          const costs = costsOf(row, space.value);
          if (costs !== undefined) best.add(costs, row.index);
          if (row.status === "skipped") {
            skipped++;
            expect(row.reason).toMatch(
              /^design \d+ is better even where this one has |^misses .* at any latency/,
            );
          } else ran++;
        }
        return best
          .members()
          .map(({ of }) => of)
          .sort((a, b) => a - b);
      };
      const asked = search(space.value, { method: "enumerate", seed: 1 });
      expect(await frontOf(asked)).toEqual(await frontOf(sweep(space.value)));
    }),
    { numRuns: 5, seed: 20261121 },
  );
  expect(skipped).toBeGreaterThan(0);
  expect(ran).toBeGreaterThan(skipped);
});

test("designs found on a memory by rate keep the front that they have down to banks", async () => {
  const experiment = {
    name: "finer",
    title: "A space with a finer model",
    source: "a test",
    hardware: "dfx-u280",
    workload: "gpt2",
    set: { "workload.inputTokens": 2, "workload.outputTokens": 2, "hardware.devices": 1 },
    sweep: {
      product: {
        "hardware.units.matrix.width": [16, 32, 64],
        "hardware.units.matrix.lanes": [8, 32],
        "hardware.units.hbm.channels": [8, 32],
      },
      minimize: ["latencySeconds", "energyJoules", "width * lanes"],
    },
    search: {
      refine: {
        hardware: "dfx-u280-banked",
        derive: { "hardware.units.hbm.capacity": "256 MiB * hbm.channels" },
      },
    },
  };
  const opened = [false, true].map((fine) =>
    designSpace({ file: "finer.yaml", text: JSON.stringify(experiment) }, library, [], { fine }),
  );
  const [coarse, fine] = opened.map((space) => {
    if (!space.ok) throw new Error(formatProblems(space.problems));
    return space.value;
  });
  if (coarse === undefined || fine === undefined) throw new Error("no space");
  const rowsOf = async (rows: AsyncIterable<Row>): Promise<readonly Row[]> => {
    const all: Row[] = [];
    for await (const row of rows) all.push(row);
    return all;
  };
  const frontOf = (rows: readonly Row[]): readonly number[] => {
    const best = front<number>();
    for (const row of rows) {
      const costs = costsOf(row, fine);
      if (costs !== undefined) best.add(costs, row.index);
    }
    return best
      .members()
      .map(({ of }) => of)
      .sort((a, b) => a - b);
  };
  const found = await rowsOf(sweep(coarse));
  const all = await rowsOf(sweep(fine));
  const refined = await rowsOf(refine(fine, found));
  expect(frontOf(refined)).toEqual(frontOf(all));
  expect(refined.map(({ index }) => index).sort((a, b) => a - b)).toEqual(found.map(({ index }) => index));
  expect(refined.filter(({ status }) => status === "skipped").length).toBeGreaterThan(0);
  // Other results than on the coarse model, so that it is another model that was run.
  expect(refined[0]?.results?.["energyJoules"]).not.toBe(
    found[refined[0]?.index ?? 0]?.results?.["energyJoules"],
  );
  // The survivors come first, and no more than is asked for.
  const few = await rowsOf(refine(fine, found, { points: 3 }));
  expect(few).toEqual(refined.slice(0, 3));
});
