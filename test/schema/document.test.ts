import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../../src/schema/read-config.ts";
import { machine } from "./machine.ts";

test("the example of docs/config.md is read as it says", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/config.md"), "utf8");
  const [, example = ""] = /```yaml\n(.*?)```/s.exec(text) ?? [];
  const config = readConfig(machine, example, "my-card.yaml");
  expect(config.ok && config.value.units["buffer"]).toEqual({ kind: "scratchpad", capacity: 8_388_608 });
  expect(config.ok && config.provenance.map(({ sure }) => sure)).toEqual(["read", "calibrated"]);
});
