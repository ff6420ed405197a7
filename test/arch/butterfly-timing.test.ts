import { readFileSync } from "node:fs";
import { csvParse } from "d3-dsv";
import { describe, expect, test } from "vitest";
import { phasesOf, steadyOf, type Transform } from "../../src/arch/butterfly-timing.ts";
import { asBuilt } from "../functional/engines.ts";

const rows = csvParse(readFileSync("test/validation/fabnet/rtl-cycles.csv", "utf8"));

describe("every row measured on the RTL", () => {
  test.each(rows.map((row) => ({ ...row })))(
    "$mode N=$N shortcut=$shortcut layernorm=$layernorm bypass=$bypass_p2s vectors=$num_vectors",
    (row) => {
      const transform: Transform = {
        mode: row["mode"] === "FFT" ? "fft" : "butterfly",
        points: Number(row["N"]),
        layerNorm: row["layernorm"] === "1",
        shortcut: row["shortcut"] === "1",
        parallelOutput: row["bypass_p2s"] === "1",
      };
      const phases = phasesOf(asBuilt, transform);
      expect(phases).toEqual({
        input: Number(row["input_cycles"]),
        lastInToStart: Number(row["last_in_to_start"]),
        compute: Number(row["compute_cycles"]),
        finishToOut: Number(row["finish_to_out_start"]),
        outToFirst: Number(row["out_start_to_first_out"]),
        output: Number(row["output_span_cycles"]),
        latency: Number(row["single_vector_latency"]),
      });
      const interval = row["steady_interval_per_vector"] ?? "";
      const steady = steadyOf(asBuilt, transform);
      if (interval !== "") expect(steady.interval).toBe(Number(interval));
      if (interval !== "") expect(steady.stall).toBeUndefined();
      if (interval === "" && Number(row["num_vectors"]) > 1) expect(steady.stall).toBeDefined();
    },
  );

  test("there are sixty of them", () => {
    expect(rows).toHaveLength(60);
  });
});
