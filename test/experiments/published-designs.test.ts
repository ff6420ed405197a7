import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { designSpace } from "../../src/config/space.ts";
import { dominates } from "../../src/explore/pareto.ts";
import type { Row } from "../../src/explore/row.ts";
import { sweep } from "../../src/explore/sweep.ts";
import { costsOf } from "../../src/explore/table.ts";
import { formatProblems } from "../../src/index.ts";
import { library } from "../library.ts";

interface Design {
  readonly row: Row;
  readonly parameter: (end: string) => unknown;
  /** Latency, then the resource. */
  readonly costs: readonly [seconds: number, resource: number];
}

const shipped = (experiment: string): Promise<readonly Design[]> =>
  designsOf(readFileSync(`experiments/${experiment}.yaml`, "utf8"));

async function designsOf(text: string): Promise<readonly Design[]> {
  const space = designSpace({ file: "space.yaml", text }, library);
  if (!space.ok) throw new Error(formatProblems(space.problems));
  const designs: Design[] = [];
  for await (const row of sweep(space.value)) {
    const [seconds, resource] = costsOf(row, space.value) ?? [];
    if (seconds === undefined || resource === undefined) continue;
    const parameter = (end: string) =>
      Object.entries(row.parameters).find(([path]) => path.endsWith(`.${end}`))?.[1];
    designs.push({ row, parameter, costs: [seconds, resource] });
  }
  return designs;
}

function only(designs: readonly Design[], values: Readonly<Record<string, number>>): Design {
  const [found, ...more] = designs.filter(({ parameter }) =>
    Object.entries(values).every(([end, value]) => parameter(end) === value),
  );
  if (found === undefined || more.length > 0)
    throw new Error(`not one design with ${JSON.stringify(values)}`);
  return found;
}

const beaters = (designs: readonly Design[], { costs }: Design): readonly Design[] =>
  designs.filter((other) => dominates(other.costs, costs));

describe("DFX, d = 64 and l = 16", async () => {
  const designs = await shipped("dfx-tiles");
  const published = only(designs, { "matrix.width": 64, "matrix.lanes": 16, "hbm.channels": 32 });

  test("is on the front of latency and DSP slices, and the fastest tile that the HBM ports feed", () => {
    expect(beaters(designs, published)).toEqual([]);
    expect(Math.min(...designs.map(({ costs: [seconds] }) => seconds))).toBe(published.costs[0]);
  });

  test("narrower and wider rows are slower at the same number of multipliers", () => {
    const latency = [8, 16, 32, 64, 128].map(
      (width) =>
        only(designs, { "matrix.width": width, "matrix.lanes": 1024 / width, "hbm.channels": 32 }).costs[0],
    );
    const slower = latency.map((seconds) => seconds / published.costs[0] - 1);
    expect(slower.map((share) => Number(share.toFixed(3)))).toEqual([0.202, 0.072, 0.021, 0, 0.016]);
  });
});

test("DFX with a vector unit of 64 lanes beside any tile: 16 x 64 is 0.75 % faster and takes 4 % more DSP slices", async () => {
  const designs = await designsOf(`
name: apart
title: "A vector unit that is not as wide as a row"
source: this test
hardware: dfx-u280
workload: gpt2-medium
set: { hardware.devices: 1, workload.inputTokens: 64, workload.outputTokens: 64 }
sweep:
  product: { hardware.units.matrix.width: [16, 64] }
  derive: { hardware.units.matrix.lanes: 1024 / matrix.width }
  minimize: [latencySeconds, resources.total.dsp]
`);
  const [narrow, published] = [16, 64].map((width) => only(designs, { "matrix.width": width }).costs);
  if (narrow === undefined || published === undefined) throw new Error("two designs");
  expect(published[0] / narrow[0] - 1).toBeCloseTo(0.0075, 4);
  expect(narrow[1] / published[1] - 1).toBeCloseTo(0.04, 2);
});

describe("FABNet, 120 engines of 4 units", async () => {
  const designs = await shipped("fabnet-engines");
  const published = only(designs, { engines: 120, unitsPerEngine: 4 });
  const [seconds, luts] = published.costs;

  test("is within 0.1 % of the front's latency at its LUTs, and within 3.4 % of the front's LUTs at its latency", () => {
    const fastest = Math.min(...designs.filter(({ costs }) => costs[1] <= luts).map(({ costs }) => costs[0]));
    const smallest = Math.min(
      ...designs.filter(({ costs }) => costs[0] <= seconds).map(({ costs }) => costs[1]),
    );
    expect(seconds / fastest - 1).toBeLessThan(0.001);
    expect(luts / smallest - 1).toBeLessThan(0.034);
  });

  test("only 116 engines of the same kind beat it: both take nine rounds for 1024 tokens", () => {
    const better = beaters(designs, published).map(({ parameter }) => [
      parameter("engines"),
      parameter("unitsPerEngine"),
    ]);
    expect(better).toEqual([[116, 4]]);
    expect([116, 120].map((engines) => Math.ceil(1024 / engines))).toEqual([9, 9]);
  });

  test("8 units an engine are never on the front: the serial input of a vector hides what they gain", () => {
    for (const design of designs.filter(({ parameter }) => parameter("unitsPerEngine") === 8))
      expect(beaters(designs, design)).not.toEqual([]);
  });
});

describe("FABNet, 40 engines of 4 units, on LRA-Image", async () => {
  const designs = await designsOf(`
name: be40
title: "Around BE-40"
source: this test
hardware: fabnet-vcu128-be40
workload: lra-image-fabnet
sweep:
  product: { hardware.units.engine.engines: [32, 36, 40, 44, 80], hardware.units.engine.unitsPerEngine: [2, 4] }
  derive:
    hardware.units.engine.bankDepth: 2048 / engine.unitsPerEngine
    hardware.units.engine.weightBuffer.rows: 4096 / engine.unitsPerEngine
  minimize: [latencySeconds, resources.total.lut]
`);
  const published = only(designs, { engines: 40, unitsPerEngine: 4 });

  test("is on the front among machines of 4 units", () => {
    const alike = designs.filter(({ parameter }) => parameter("unitsPerEngine") === 4);
    expect(beaters(alike, published)).toEqual([]);
  });

  test("is beaten by 80 engines of 2 units, which take as many LUTs and 9.6 % less time", () => {
    const [better, ...more] = beaters(designs, published);
    expect(more).toEqual([]);
    if (better === undefined) throw new Error("nothing beats it");
    expect([better.parameter("engines"), better.parameter("unitsPerEngine")]).toEqual([80, 2]);
    expect(better.costs[1]).toBe(published.costs[1]);
    expect(1 - better.costs[0] / published.costs[0]).toBeCloseTo(0.096, 3);
  });
});
