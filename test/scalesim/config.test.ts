import fc from "fast-check";
import { expect, test } from "vitest";
import { readConfig } from "../../src/scalesim/config.ts";
import { formatProblems } from "../../src/schema/problem.ts";

const config = `[general]
run_name = scale_example

[architecture_presets]
ArrayHeight:    32
ArrayWidth:     16
IfmapSramSzkB:   64 
FilterSramSzkB:  32
OfmapSramSzkB:   8
IfmapOffset:    0
Bandwidth : 10, 20
Dataflow : ws
MemoryBanks:   1

[layout]
IfmapSRAMBankBandwidth: 5

[run_presets]
InterfaceBandwidth: USER`;

const problemsOf = (text: string): string => {
  const reading = readConfig({ file: "x.cfg", text });
  return reading.ok ? "" : formatProblems(reading.problems);
};

test("reads what version 2 asks for and fills in what version 3 does", () => {
  expect(readConfig({ file: "x.cfg", text: config })).toEqual({
    ok: true,
    notes: [],
    value: {
      runName: "scale_example",
      arrayRows: 32,
      arrayColumns: 16,
      ifmapWords: 65536,
      filterWords: 32768,
      ofmapWords: 8192,
      dataflow: "ws",
      bandwidthMode: "fixed",
      bandwidth: 10,
      layout: { ifmap: { custom: false, bandwidth: 5 }, filter: { custom: false } },
      sparsity: { supported: false, representation: "ellpack_block", rowWise: false, blockSize: 1 },
      ramulator: false,
    },
  });
});

test("keys are found in any case; unknown ones are passed over", () => {
  const shouted = config
    .replace("ArrayHeight", "ARRAYHEIGHT")
    .replace("[layout]", "Surprise = 4\n[extra]\na=b\n[layout]");
  expect(problemsOf(shouted)).toBe("");
});

test.each([
  [
    config.replace("ArrayHeight:    32", ""),
    "x.cfg:4:1: expected a key ArrayHeight in [architecture_presets], found none",
  ],
  [
    config.replace("ArrayHeight:    32", "ArrayHeight: 0"),
    'x.cfg:5:13 architecture_presets.ArrayHeight: expected a whole number of at least 1, found "0"',
  ],
  [
    config.replace("Dataflow : ws", "Dataflow : WS"),
    'x.cfg:12:11 architecture_presets.Dataflow: expected one of os, ws, is, found "WS"',
  ],
  [config.replace("Dataflow : ws", "Dataflow"), 'x.cfg:12:1: expected key : value, found "Dataflow"'],
  [`x = 1\n${config}`, 'x.cfg:1:1: expected a section such as [general] first, found "x = 1"'],
  [config.replace("scale_example", "../../etc"), "expected a name for a folder"],
  [
    config.replace("MemoryBanks:   1", "ArrayWidth: 8"),
    "x.cfg:13:1: expected each key once, found arraywidth again",
  ],
])("tells what is wrong and where", (text, message) => {
  expect(problemsOf(text)).toContain(message);
});

test("10,000 corrupt files are read or told, with a place; never a crash", () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom("[", "]", "=", "\n", "[general]", "-1", "9".repeat(30), "\0"),
  );
  const edit = fc.tuple(fc.nat(600), fc.nat(40), piece);
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      const damaged = edits.reduce((text, [at, cut, inserted]) => {
        const from = text.length === 0 ? 0 : at % text.length;
        return text.slice(0, from) + inserted + (cut > 35 ? "" : text.slice(from + (cut % 5)));
      }, config);
      const reading = readConfig({ file: "x.cfg", text: damaged });
      if (reading.ok) {
        const { arrayRows, arrayColumns, ifmapWords, filterWords, ofmapWords, bandwidth, runName } =
          reading.value;
        for (const size of [arrayRows, arrayColumns, ifmapWords, filterWords, ofmapWords, bandwidth])
          expect(size).toBeGreaterThan(0);
        expect(runName).toMatch(/^[\w .+-]+$/);
      } else
        for (const problem of reading.problems)
          expect(formatProblems([problem])).toMatch(/^x\.cfg:\d+:\d+.*: expected .+, found .+/);
    }),
    { numRuns: 10_000 },
  );
}, 60_000);
