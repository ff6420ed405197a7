import { expect, test } from "vitest";
import { z } from "zod";
import type { Reference } from "../../src/schema/include.ts";
import { formatProblems } from "../../src/schema/problem.ts";
import { readConfig } from "../../src/schema/read-config.ts";

const preset = z.strictObject({ name: z.string(), timing: z.strictObject({ tRCD: z.int(), tRAS: z.int() }) });
const machine = z.strictObject({
  units: z.record(z.string(), z.strictObject({ preset: preset.optional(), channels: z.int().optional() })),
});

const files: Readonly<Record<string, string>> = {
  "machines/own.yaml": "extends: ../memory/fast.yaml\ntiming: { tRCD: 9 }\n",
  "memory/fast.yaml": "name: fast\ntiming:\n  tRCD: 14\n  tRAS: 33\n",
  "memory/slow.yaml": "name: slow\ntiming:\n  tRCD: 18\n",
};
const load = (path: string): string | undefined => files[path];
const references: readonly Reference[] = [
  {
    path: "units.*.preset",
    shipped: {
      names: () => ["fast", "slow"],
      find: (name) => {
        const file = `memory/${name}.yaml`;
        const text = load(file);
        return text === undefined ? undefined : { file, text };
      },
    },
  },
];

const read = (text: string, set: readonly string[] = []) =>
  readConfig(machine, text, "machines/card.yaml", { load, set, include: references });

function units(text: string, set: readonly string[] = []) {
  const config = read(text, set);
  if (!config.ok) throw new Error(formatProblems(config.problems));
  return config.value.units;
}

function problems(text: string, set: readonly string[] = []): string {
  const config = read(text, set);
  return config.ok ? "" : formatProblems(config.problems);
}

const fast = { name: "fast", timing: { tRCD: 14, tRAS: 33 } };

test("any unit may name a document: a shipped one, a file, or its content in place", () => {
  const text =
    "units: { a: { preset: fast }, b: { preset: own.yaml }, c: { preset: { name: x, timing: { tRCD: 1, tRAS: 2 } } }, d: {} }";
  expect(units(text)).toEqual({
    a: { preset: fast },
    b: { preset: { name: "fast", timing: { tRCD: 9, tRAS: 33 } } },
    c: { preset: { name: "x", timing: { tRCD: 1, tRAS: 2 } } },
    d: {},
  });
});

test("overrides reach into the document, and may name another, in their order", () => {
  const text = "units: { a: { preset: own.yaml } }";
  expect(units(text, ["units.a.preset.timing.tRAS=40"])["a"]?.preset?.timing).toEqual({ tRCD: 9, tRAS: 40 });
  expect(units(text, ["units.a.preset=fast"])["a"]?.preset).toEqual(fast);
  const both = ["units.a.preset=slow", "units.a.preset.timing.tRAS=20"];
  expect(units(text, both)["a"]?.preset).toEqual({ name: "slow", timing: { tRCD: 18, tRAS: 20 } });
});

test("what is wrong in the document stands in its file, what it lacks too", () => {
  expect(problems("units: { a: { preset: slow } }")).toBe(
    "memory/slow.yaml:2:1 units.a.preset.timing.tRAS: expected a number, found nothing",
  );
});

test("a name that there is not is told once, with the ones that there are", () => {
  expect(problems("units:\n  a:\n    preset: fest\n")).toBe(
    'machines/card.yaml:3:13 units.a.preset: expected a file, or one of fast, slow, found "fest", which is neither; did you mean "fast"?',
  );
  expect(problems("units: { a: {} }", ["units.a.preset=solw"])).toBe(
    '--set units.a.preset=solw: expected a file, or one of fast, slow, found "solw", which is neither; did you mean "slow"?',
  );
});
