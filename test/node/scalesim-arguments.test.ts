import { expect, test } from "vitest";
import { plainScaleSim } from "../../src/node/scalesim-arguments.ts";

const words = (line: string) => plainScaleSim(line.split(" ").slice(1));

test("reads options in both spellings", () => {
  expect(words("scalesim -c x.cfg -t y.csv")).toEqual({
    config: "x.cfg",
    topology: "y.csv",
    path: "./results",
    compat: "v3",
    set: [],
  });
  expect(
    words("scalesim --config x.cfg --topology y.csv -l z.csv -i gemm -p out --compat v2 --set B=1 --set D=2"),
  ).toEqual({
    config: "x.cfg",
    topology: "y.csv",
    layout: "z.csv",
    input: "gemm",
    path: "out",
    compat: "v2",
    set: ["B=1", "D=2"],
  });
});

test.each([
  "scalesim",
  "scalesim --help",
  "scalesim -c x.cfg",
  "scalesim -c x.cfg -t",
  "scalesim -c -t y.csv",
  "scalesim -c x.cfg -c x.cfg -t y.csv",
  "scalesim -c x.cfg -t y.csv --compat v4",
  "scalesim -c x.cfg -t y.csv -i dense",
  "scalesim -c x.cfg -t y.csv --ideal",
  "scalesim --config=x.cfg -t y.csv",
  "scalesim -c x.cfg -t y.csv --toplogy z.csv",
])("leaves %j to the reader of all commands", (line) => {
  expect(words(line)).toBeUndefined();
});
