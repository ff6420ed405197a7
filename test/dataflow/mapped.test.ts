import { expect, test } from "vitest";
import { formatProblems, planSingle, simulate } from "../../src/index.ts";
import { library } from "../library.ts";

function ran(mappings: unknown) {
  const text = JSON.stringify({
    extends: "configs/hardware/tpu-like-mapped.yaml",
    name: "written",
    dataflow: { mappings },
  });
  const withWritten = {
    ...library,
    find: (...[family, name, from]: Parameters<typeof library.find>) =>
      name === "written" ? { file: "written.yaml", text } : library.find(family, name, from),
  };
  const planned = planSingle("written", "resnet-18", withWritten, { set: [] });
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  const [run] = planned.value.runs;
  if (run === undefined) throw new Error("nothing planned");
  return simulate(run);
}

const layer = (sums: number) => ({
  unroll: { D1: { K: 32 }, D2: { C: 32 } },
  loops: ["C 2", "FY 3", "FX 3", "OY 56", "OX 56", "K 2"],
  tiles: { "rf-128b": { W: 3 }, "rf-2b": { O: sums }, "sram-2mb": { O: 6, I: 6 } },
});

test("a mapping written by hand runs, one that does not fit is unfit with its sum", () => {
  expect(ran({ "conv2_[1-2].a": layer(3) }).status).toBe("done");
  // A tile of 56 x 56 sums of 16 bit.
  expect(ran({ "conv2_[1-2].a": layer(5) })).toMatchObject({
    status: "unfit",
    reason: "rf-2b cannot hold its tiles of a: O 50176 bit = 50176 bit > 16 bit",
  });
});

test("a mapping for an op that is not there is told, not left unread", () => {
  const result = ran({ "conv2.a": layer(3) });
  expect(result.status === "unfit" && result.reason).toContain(
    "resnet-18 has no op conv2.a to map: its products are conv1.",
  );
});
