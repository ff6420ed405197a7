import { expect, test } from "vitest";
import { siliconCsv, siliconTable } from "../../src/node/silicon-table.ts";
import { noPaint } from "../../src/report/columns.ts";

const estimate = {
  hardware: "small",
  devices: 2,
  table: "cmos",
  node: "28 nm",
  components: [
    { component: "memory", kind: "ddr", logicMm2: 0, memoryMm2: 0, mm2: 0 },
    { component: "array", kind: "systolic", logicMm2: 1.5, memoryMm2: 0, mm2: 1.5 },
    { component: "buffer", kind: "scratchpad", logicMm2: 0, memoryMm2: 0.5, mm2: 0.5 },
  ],
  mm2: 2,
  unpriced: ["memory: interface"],
};

test("a machine in silicon: a row for what takes some, the sum, and what is in no sum", () => {
  const text = siliconTable(estimate, 100, noPaint);
  expect(text).toBe(`small at 28 nm (cmos), one of 2
component  kind            logic     memory       area   share
──────────────────────────────────────────────────────────────
array      systolic    1.500 mm2             1.500 mm2  75.0 %
buffer     scratchpad             0.500 mm2  0.500 mm2  25.0 %
together                                     2.000 mm2   100 %

Without an area in the table: memory: interface.

A lower bound: operators, registers and memories. Control, wires between units, clock, test and pads
  come on top; published designs are 1.5 to 4 times as large.
`);
});

test("as CSV every component has a row, and the sum", () => {
  expect(siliconCsv(estimate)).toBe(`component,kind,logicMm2,memoryMm2,mm2
memory,ddr,0,0,0
array,systolic,1.5,0,1.5
buffer,scratchpad,0,0.5,0.5
together,,,,2
`);
});
