/** Attribution sums to the latency exactly in every run of every shipped experiment. */
import { expect, test } from "vitest";
import { checkExperiment } from "../explain/sums.ts";
import { library } from "../library.ts";

test.each(library.names("experiments"))("all runs of %s", (name) => {
  const { fitting, runs } = checkExperiment(name);
  expect(fitting).toBeGreaterThan(0);
  expect(fitting).toBeLessThanOrEqual(runs);
});
