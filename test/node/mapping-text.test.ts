import { expect, test } from "vitest";
import { mappedOps } from "../../src/dataflow/mapped-ops.ts";
import { mappingsText } from "../../src/node/mapping-text.ts";
import { nestSvg } from "../../src/report/nest-svg.ts";
import { planned } from "../library.ts";

const { machine, workload } = planned("tpu-like-mapped", "bert-base-layerwise");
const ops = mappedOps(machine.hardware, machine.dataflow, workload);

test("each product has its sizes, its cycles by cause, its energy by memory, how good it is, and its nest", () => {
  const [first] = ops;
  if (first === undefined) throw new Error("no op");
  const { cost, mapping } = first;
  const text = mappingsText([first], (_, plain) => plain);
  expect(text).toContain(`${first.name}: `);
  expect(text).toContain(`${cost.cycles.toLocaleString("en-US")} cycles: computing `);
  expect(text).toMatch(/proven, no mapping|no mapping with the unrollings tried is better by more than/);
  for (const { dimension, times } of mapping.loops) expect(text).toContain(`for ${dimension} in 0..${times}`);
  expect(text).toContain("O += W * I");
});

test("the picture has each loop once and each memory of each operand once", () => {
  for (const { name, hierarchy, mapping } of ops) {
    const svg = nestSvg(name, hierarchy, mapping);
    expect(svg.match(/>for /g) ?? []).toHaveLength(mapping.loops.length);
    for (const { name: memory, operands } of hierarchy.memories)
      expect(svg.match(new RegExp(`[>, ]${memory}\\b`, "g")) ?? []).toHaveLength(operands.length);
  }
});

test("a machine with another dataflow maps nothing", () => {
  const dfx = planned("dfx-u280", "gpt2");
  expect(() => mappedOps(dfx.machine.hardware, dfx.machine.dataflow, dfx.workload)).toThrow(
    "dataflow dfx maps no loop nests",
  );
});
