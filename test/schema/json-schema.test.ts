import { expect, test } from "vitest";
import { z } from "zod";
import { dimensions, spellings } from "../../src/schema/dimension.ts";
import * as field from "../../src/schema/field.ts";
import { jsonSchema } from "../../src/schema/json-schema.ts";
import { machine } from "./machine.ts";

const identity = { id: "https://example.org/machine.json", title: "Machine" };

test("a quantity is text with a pattern and examples, or such a text with its origin", () => {
  const schema = JSON.parse(jsonSchema(z.strictObject({ clock: field.frequency }), identity));
  const [plain, sourced] = schema.definitions.frequency.anyOf;
  expect(plain).toMatchObject({
    type: "string",
    examples: ["200 MHz"],
    description: 'A frequency like "200 MHz".',
  });
  expect(plain.pattern).toBeTypeOf("string");
  expect(sourced).toMatchObject({
    required: ["value", "source", "sure"],
    additionalProperties: false,
    properties: { value: plain, sure: { enum: ["read", "recalled", "assumed", "calibrated"] } },
  });
});

test("editors accept every spelling of a unit and arithmetic, and refuse bare numbers and other dimensions", () => {
  const { definitions } = JSON.parse(
    jsonSchema(z.strictObject({ bandwidth: field.bandwidth, latency: field.durationOrCycles }), identity),
  );
  const pattern = (name: string): RegExp => new RegExp(definitions[name].anyOf[0].pattern, "u");
  const bandwidth = pattern("bandwidth");
  for (const unit of spellings(dimensions.bandwidth)) expect(`4.5e2 ${unit}`).toMatch(bandwidth);
  for (const right of ["32 * 14.4 GB/s", "460 GB/s / 2", "min(1 GB/s, 2 GB/s)"])
    expect(right).toMatch(bandwidth);
  for (const wrong of ["460", "8 MiB", "460 GBs", "GB/s", "3 ns"]) expect(wrong).not.toMatch(bandwidth);
  const latency = pattern("durationOrCycles");
  for (const right of ["120 ns", "12 cycles"]) expect(right).toMatch(latency);
  expect("12 B").not.toMatch(latency);
});

test("a config that extends another may leave keys out at any depth, one that does not may not", () => {
  const schema = JSON.parse(jsonSchema(machine, identity));
  expect(schema.if).toEqual({ required: ["extends"] });
  expect(schema.else.required).toEqual(["name", "clock", "units"]);
  expect(schema.else.properties.extends).toBeUndefined();
  expect(schema.then.required).toBeUndefined();
  expect(schema.then.properties.extends).toBeDefined();
  const [hbm] = schema.then.properties.units.additionalProperties.anyOf;
  expect(hbm.required).toBeUndefined();
  expect(hbm.additionalProperties).toBe(false);
});

test("the same schema gives the same text", () => {
  expect(jsonSchema(machine, identity)).toBe(jsonSchema(machine, identity));
  expect(jsonSchema(machine, identity)).toMatch(
    /^\{\n {2}"\$schema": .*\n {2}"\$id": .*\n {2}"title": "Machine",/,
  );
});
