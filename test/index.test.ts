import { describe, expect, test } from "vitest";
import { simulate } from "../src/index.ts";
import { deepFrozen } from "./freeze.ts";
import { planned } from "./library.ts";

const small = ["hardware.devices=2", "workload.inputTokens=2", "workload.outputTokens=1"];

describe("simulate", () => {
  test("gives a report of what runs", () => {
    const result = simulate(planned("dfx-u280", "gpt2", small));
    expect(result).toMatchObject({
      status: "done",
      report: {
        schemaVersion: 1,
        provenance: { hardware: { name: "dfx-u280", devices: 2 }, workload: { name: "gpt2" }, seed: null },
        totals: { tokens: { input: 2, output: 1 }, parameters: 124_439_808 },
      },
    });
  });

  test("gives the reason of what does not, with its arithmetic", () => {
    const result = simulate(planned("dfx-u280", "gpt2", [...small, "hardware.devices=5"]));
    expect(result).toEqual({
      status: "unfit",
      reason: "heads do not divide by the devices: 12 / 5 = 2.4",
      misfits: [{ what: "heads do not divide by the devices", arithmetic: "12 / 5 = 2.4" }],
    });
  });

  test("tells every reason", () => {
    const result = simulate(
      planned("dfx-u280", "gpt2", ["hardware.devices=5", "workload.batch=2", "workload.outputTokens=2000"]),
    );
    expect(result.status === "unfit" && result.misfits.length).toBe(4);
    expect(result.status === "unfit" && result.reason.split("; ").length).toBe(4);
  });

  test("changes nothing that it is given, and gives the same bytes again", () => {
    const run = deepFrozen(planned("dfx-u280", "gpt2", small));
    expect(JSON.stringify(simulate(run))).toBe(JSON.stringify(simulate(run)));
  });

  test("gives plain data", () => {
    const result = simulate(planned("dfx-u280", "gpt2", small));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});
