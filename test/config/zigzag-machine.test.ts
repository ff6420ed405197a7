import { expect, test } from "vitest";
import { machineText } from "../../src/config/machine-text.ts";
import { importZigzag } from "../../src/config/zigzag-machine.ts";
import { formatProblems } from "../../src/schema/problem.ts";

const file = `name: tiny
memories:
  rf:
    size: 8
    r_cost: 0.1
    w_cost: 0.2
    area: 0
    latency: 1
    operands: [I2]
    ports:
      - { name: r, type: read, bandwidth_min: 8, bandwidth_max: 8, allocation: ["I2, tl"] }
      - { name: w, type: write, bandwidth_min: 8, bandwidth_max: 8, allocation: ["I2, fh"] }
    served_dimensions: [D2]
  dram:
    size: 1000000
    r_cost: 10
    w_cost: 11
    area: 0
    latency: 1
    operands: [I1, I2, O]
    ports:
      - name: rw
        type: read_write
        bandwidth_min: 16
        bandwidth_max: 64
        allocation: ["I1, tl", "I2, tl", "O, tl", "O, fl"]
    served_dimensions: [D1, D2]
operational_array:
  unit_energy: 0.04
  unit_area: 1
  dimensions: [D1, D2]
  sizes: [4, 2]
`;

test("a machine of ZigZag reads with its operands and ways by our names, and what it lacks is assumed", () => {
  const { machine, problems, notes } = importZigzag("tiny.yaml", file);
  expect([problems, notes]).toEqual([[], []]);
  const text = machineText(machine ?? {}, "a test");
  expect(text).toContain(
    "- { name: rw, width: 64 bit, access: 16 bit, moves: [ I toLower, W toLower, O toLower, O fromLower ] }",
  );
  // A register of weights spans D2, so that only loops that reuse weights may lie there.
  expect(text).toContain("unroll: { D1: [ K, G ], D2: [ OX, OY, B ] }");
  expect(text).toContain(
    "clock:\n  value: 1 GHz\n  source: ZigZag's machine files have none\n  sure: assumed",
  );
});

test("a key that stands twice is told, and the last one holds, as in ZigZag", () => {
  const { notes } = importZigzag("tiny.yaml", file.replace("    size: 8\n", "    size: 4\n    size: 8\n"));
  expect(notes).toEqual(["tiny.yaml:5: size stands twice; the last one holds"]);
});

test("every mistake is told with its place", () => {
  const { machine, problems } = importZigzag(
    "tiny.yaml",
    file.replace("size: 8", "size: big").replace("I2, fh", "I3, fh"),
  );
  expect(machine).toBeUndefined();
  expect(formatProblems(problems).split("\n")).toHaveLength(2);
  expect(formatProblems(problems)).toContain("tiny.yaml:4");
});
