import fc from "fast-check";
import { expect, test } from "vitest";
import { productOf } from "../../src/scalesim/layer.ts";
import { readTopology, type TopologyOptions } from "../../src/scalesim/topology.ts";
import { formatProblems } from "../../src/schema/problem.ts";

const header =
  "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,";

/** Sizes by layer: ifmap height and width, filter height and width, channels, filters, strides. */
function sizesOf(text: string, options?: TopologyOptions) {
  const reading = readTopology({ file: "net.csv", text }, options);
  if (!reading.ok) return formatProblems(reading.problems);
  return reading.value.layers.map(
    (layer) =>
      `${layer.name}: ${layer.ifmapRows} ${layer.ifmapColumns} ${layer.filterRows} ${layer.filterColumns} ` +
      `${layer.channels} ${layer.filters} ${layer.rowStride} ${layer.columnStride}` +
      (layer.sparsity === undefined ? "" : ` ${layer.sparsity.n}:${layer.sparsity.m}`),
  );
}

const first = ["Conv1: 224 224 7 7 3 64 2 2"];

test.each([
  ["a comma at the end of each row", `${header}\nConv1, 224, 224, 7, 7, 3, 64, 2,\n`],
  ["no comma at the end", `${header.slice(0, -1)}\nConv1,224,224,7,7,3,64,2`],
  [
    "rows of empty cells, blank lines and carriage returns",
    `${header}\r\n,,,,,,,\r\n\r\nConv1,224,224,7,7,3,64,2,\r\n`,
  ],
  ["tabs", `${header.replaceAll(",", "\t")}\nConv1\t224\t224\t7\t7\t3\t64\t2\t\n`],
  [
    "a byte-order mark and no-break spaces",
    `\uFEFF${header.replaceAll(" ", "\u00a0")}\nConv1,\u00a0224,224,7,7,3,64,2,\n`,
  ],
  ["further columns of results", `${header},,Eh,Ew,e2\nConv1,224,224,7,7,3,64,2,,,110,110,12100\n`],
  ["a title above the layers", `${header}\n\nResnet50,\nConv1, 224, 224, 7, 7, 3, 64, 2,\n`],
])("reads %s", (_, text) => {
  expect(sizesOf(text)).toEqual(first);
});

test("the last window may run off the image: (224 - 7 + 2) / 2 rounds up to 110", () => {
  const reading = readTopology({ file: "net.csv", text: `${header}\nConv1,224,224,7,7,3,64,2,` });
  const [layer] = reading.ok ? reading.value.layers : [];
  expect(layer && productOf(layer)).toEqual({ m: 12100, n: 64, k: 147, outputRows: 110, outputColumns: 110 });
});

test("a header with M, N and K makes rows of matrices, in that order", () => {
  expect(sizesOf("Layer,M,N,K,\r\nL0,196,192,768,\r\nL1,4,5,6\r\n")).toEqual([
    "L0: 196 768 1 768 1 192 1 1",
    "L1: 4 6 1 6 1 5 1 1",
  ]);
});

test("a header that tells nothing leaves it to the caller", () => {
  expect(sizesOf("a,b,c,d,\nL0,196,192,768,\n", { inputs: "gemm" })).toEqual(["L0: 196 768 1 768 1 192 1 1"]);
});

test("a layer with DP in its name is one layer for each channel", () => {
  expect(sizesOf(`${header}\nDP1,8,8,3,3,2,1,1,\n`)).toEqual([
    "DP1Channel_0: 8 8 3 3 1 1 1 1",
    "DP1Channel_1: 8 8 3 3 1 1 1 1",
  ]);
});

test("letters take the values that the caller gives", () => {
  const text = `${header}\nLSTM_igate_h, 1, B, 1, 1, H, H, 1,\n`;
  expect(sizesOf(text, { values: { B: 4, H: 1024 } })).toEqual(["LSTM_igate_h: 1 4 1 1 1024 1024 1 1"]);
  expect(sizesOf(text)).toBe(
    [
      'net.csv:2:18: expected the ifmap width, a whole number of at least 1 (or a value for B: --set B=..), found "B"',
      'net.csv:2:27: expected the channels, a whole number of at least 1 (or a value for H: --set H=..), found "H"',
      'net.csv:2:30: expected the filters, a whole number of at least 1 (or a value for H: --set H=..), found "H"',
    ].join("\n"),
  );
});

test("columns after the stride are a second stride, N:M or the batch, as the header says", () => {
  const wide = `${header} Stride width, Sparsity, Batch Size,`;
  expect(sizesOf(`${wide}\nConv1,8,8,3,3,2,4,2,1,2:4,1,\n`)).toEqual(["Conv1: 8 8 3 3 2 4 2 1 2:4"]);
  const reading = readTopology({ file: "net.csv", text: `${wide}\nConv1,8,8,3,3,2,4,2,1,2:4,16,\n` });
  expect(reading.ok && reading.value.batch).toBe(16);
});

test("a comma that has slipped is put right, and told", () => {
  const reading = readTopology({ file: "net.csv", text: `${header}\nFC, 1, 1, 1, ,1 2, 2, 1,\n` });
  expect(reading.ok && reading.value.layers[0]).toMatchObject({ filterColumns: 1, channels: 2, filters: 2 });
  expect(reading.ok && reading.notes).toEqual([
    "net.csv:2: a comma has slipped; read as 1, 1, 1, 1, 2, 2, 1",
  ]);
});

test.each([
  ["", "net.csv:1:1: expected at least one layer after the header, found none"],
  [`${header}\n`, "net.csv:1:1: expected at least one layer after the header, found none"],
  [
    `${header}\nConv1,224,224,7,7,3,64,2,\nConv`,
    'net.csv:3:1: expected a layer, or layers after a title, found "Conv"',
  ],
  [`${header}\nConv1,224,22`, "net.csv:2:13: expected 7 sizes after the name, found no filter height"],
  [
    `${header}\nConv1,0,22,1,1,1,1,1,`,
    'net.csv:2:7: expected the ifmap height, a whole number of at least 1, found "0"',
  ],
  [
    `${header}\nConv1,-4,22,1,1,1,1,1,`,
    'net.csv:2:7: expected the ifmap height, a whole number of at least 1, found "-4"',
  ],
  [
    `${header}\nConv1,4,4,5,1,1,1,1,`,
    "net.csv:2:11: expected a filter height of at most the ifmap's 4, found 5",
  ],
  [`${header}\nConv1,4,4,1,1,1,1,1,5:4,`, 'net.csv:2:21: expected N:M with 1 <= N <= M, found "5:4"'],
  [
    `${header}\nConv1,999999999,999999999,1,1,999,99999,1,`,
    "net.csv:2:1: expected a layer of at most 2^50 MACs",
  ],
])("tells what is wrong and where: %j", (text, message) => {
  expect(String(sizesOf(text))).toContain(message);
});

const sample = `${header}\nConv1, 224, 224, 7, 7, 3, 64, 2,\nDP1,8,8,3,3,2,1,1,\nFC, 1, 1, 1, 1, 512, 10, 1,\n`;
const matrices = "Layer,M,N,K,\nL0,196,192,768,\nL1,196,1176,64,2:4,\n";

test("10,000 corrupt files give layers with work to do, or problems with a place; never a crash", () => {
  const damage = fc.tuple(
    fc.constantFrom(sample, matrices),
    fc.array(edit(), { minLength: 1, maxLength: 6 }),
  );
  fc.assert(
    fc.property(damage, ([text, edits]) => {
      const damaged = edits.reduce<string>((so, change) => change(so), text);
      const reading = readTopology({ file: "net.csv", text: damaged });
      if (!reading.ok) {
        expect(reading.problems.length).toBeGreaterThan(0);
        for (const problem of reading.problems)
          expect(formatProblems([problem])).toMatch(/^net\.csv:\d+:\d+: expected .+, found .+/);
        return;
      }
      expect(reading.value.layers.length).toBeGreaterThan(0);
      for (const layer of reading.value.layers) {
        const { m, n, k } = productOf(layer);
        expect(m * n * k).toBeGreaterThan(0);
      }
    }),
    { numRuns: 10_000 },
  );
}, 60_000);

/** Cuts, repeats, replaces or inserts something somewhere. */
function edit(): fc.Arbitrary<(text: string) => string> {
  const piece = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(",", "\n", "-1", "1e9", "9".repeat(40), "\0", "::", "\t", "NaN"),
  );
  return fc.tuple(fc.nat(400), fc.nat(40), piece).map(([at, length, inserted]) => (text: string) => {
    const from = text.length === 0 ? 0 : at % text.length;
    return text.slice(0, from) + inserted + (length > 35 ? "" : text.slice(from + (length % 5)));
  });
}
