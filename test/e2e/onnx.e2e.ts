/** Every model of Debian's libonnx-testdata and python3-onnx: taken with the shapes that the file tells, or refused by name. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { importOnnx } from "../../src/workload/onnx/import.ts";
import { interpret } from "../../src/workload/onnx/interpret.ts";
import { readModel } from "../../src/workload/onnx/read-message.ts";
import { bytesSource } from "../../src/workload/onnx/source.ts";
import { wireOf } from "../../src/workload/onnx/wire.ts";

/** Files of the packages, wherever they are installed or unpacked. */
const roots = (
  process.env["ONNX_MODELS"] ?? "/usr/share/libonnx-testdata:/usr/lib/python3/dist-packages/onnx"
).split(":");
const models = roots.flatMap((root) => {
  try {
    return execFileSync("find", [root, "-name", "*.onnx"], { encoding: "utf8" })
      .trim()
      .split("\n")
      .filter(Boolean);
  } catch {
    return [];
  }
});

/** Its own output is declared with two axes exchanged: of two transposes the second undoes the first. */
const wrongInTheFile = ["two_transposes.onnx"];

describe("models of the system's packages", () => {
  test("are there: apt-get install libonnx-testdata python3-onnx", () => {
    expect(models.length).toBeGreaterThan(1000);
  });

  test("are taken, or refused by the name of an operator, a node or a field", () => {
    const refused = new Map<string, number>();
    let taken = 0;
    for (const file of models) {
      const read = importOnnx(bytesSource(readFileSync(file)), file, { dims: sizesFor(file) });
      if (read.ok) {
        taken += 1;
        continue;
      }
      for (const { text = "", expected, found } of read.problems) {
        expect(`${text} ${found}`, file).toMatch(
          /^(node \S+.* \(\w+\) |graph \d+ x \w|graph input "|initializer ")/,
        );
        const reason = /^\d+ x ([\w.:]+)/.exec(found)?.[1] ?? expected;
        refused.set(reason, (refused.get(reason) ?? 0) + 1);
      }
    }
    console.info(`${taken} of ${models.length} taken; refused:`, Object.fromEntries(refused));
    expect(taken).toBeGreaterThan(0.7 * models.length);
  });

  test("have the shapes that the files declare for values in between and results", () => {
    let compared = 0;
    const wrong: string[] = [];
    for (const file of models) {
      const dims = sizesFor(file);
      const bytes = readFileSync(file);
      if (
        !importOnnx(bytesSource(bytes), file, { dims }).ok ||
        wrongInTheFile.some((name) => file.endsWith(name))
      )
        continue;
      const wire = wireOf(bytesSource(bytes));
      const { graph, ...model } = readModel(wire);
      const { values } = interpret(
        { graph, ...model },
        wire,
        (value, axis, name) => dims[name ?? `${value}.${axis}`],
      );
      for (const { name, type } of [...graph.values, ...graph.outputs]) {
        const found = values.get(name);
        if (type?.kind !== "tensor" || type.shape === undefined) continue;
        const told = type.shape;
        const same =
          found?.shape.length === told.length &&
          told.every((size, axis) => typeof size !== "number" || size === found.shape[axis]) &&
          (type.element === 0 || found.type.name === namesOfTypes[type.element]);
        if (!same)
          wrong.push(
            `${file} ${name}: [${told.join(", ")}] of ${type.element}, found [${found?.shape.join(", ")}] of ${found?.type.name}`,
          );
        compared += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(700);
  });
});

const namesOfTypes: Readonly<Record<number, string>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  8: "string",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
  16: "bfloat16",
};

/** Three for each dimension that the file leaves open. */
function sizesFor(file: string): Readonly<Record<string, number>> {
  const wire = wireOf(bytesSource(readFileSync(file)));
  const { graph } = readModel(wire);
  const stored = new Set(graph.initializers.map(({ name }) => name));
  const open = graph.inputs.flatMap(({ name, type }) =>
    type?.kind === "tensor" && !stored.has(name)
      ? (type.shape ?? []).flatMap((size, axis) =>
          typeof size === "number" ? [] : [size ?? `${name}.${axis}`],
        )
      : [],
  );
  return Object.fromEntries(open.map((name) => [name, 3]));
}
