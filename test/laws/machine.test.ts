/** What must hold of whole runs, whatever the machine's numbers: drawn machines, few tokens. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Report, simulate } from "../../src/index.ts";
import { planned } from "../library.ts";

interface Drawn {
  readonly devices: number;
  readonly input: number;
  readonly output: number;
  readonly channels: number;
  readonly lanes: number;
  readonly issue: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  devices: fc.constantFrom(1, 2, 3, 4, 6),
  input: fc.integer({ min: 1, max: 40 }),
  output: fc.integer({ min: 1, max: 40 }),
  channels: fc.constantFrom(4, 16, 32, 64),
  lanes: fc.constantFrom(4, 16, 64),
  issue: fc.integer({ min: 0, max: 300 }),
});

/** A small GPT-2 on the DFX card, with the drawn numbers. */
function reportOf({ devices, input, output, channels, lanes, issue }: Drawn): Report {
  const run = planned("dfx-u280", "gpt2", [
    `hardware.devices=${devices}`,
    `workload.inputTokens=${input}`,
    `workload.outputTokens=${output}`,
    "workload.model.n_layer=2",
    "workload.model.vocab_size=1000",
    `hardware.units.hbm.channels=${channels}`,
    `hardware.units.matrix.lanes=${lanes}`,
    `hardware.sequencer.issue=${issue} cycles`,
  ]);
  // On no FPGA in particular: the card would not hold all that is drawn.
  const { fpga: _, ...machine } = run.machine;
  const result = simulate({ ...run, machine });
  if (result.status === "unfit") throw new Error(result.reason);
  return result.report;
}

const latency = (machine: Drawn): number => reportOf(machine).totals.latencyCycles;
const holds = (law: (machine: Drawn) => void): void => fc.assert(fc.property(drawn, law), { numRuns: 25 });

test("one more token takes longer, read or written", () => {
  holds((machine) => {
    const base = latency(machine);
    expect(latency({ ...machine, input: machine.input + 1 })).toBeGreaterThan(base);
    expect(latency({ ...machine, output: machine.output + 1 })).toBeGreaterThan(base);
  });
});

test("a token costs the same work on any number of devices", () => {
  holds((machine) => {
    const [alone, together] = [reportOf({ ...machine, devices: 1 }), reportOf(machine)];
    expect(together.totals.macs).toBe(alone.totals.macs);
    expect(together.devices).toHaveLength(machine.devices);
  });
});

test("a slower issue never makes a run faster", () => {
  holds((machine) => {
    expect(latency({ ...machine, issue: machine.issue + 7 })).toBeGreaterThanOrEqual(latency(machine));
  });
});

test("a run takes at least as long as its busiest unit, and as its work at the peak of the matrix units", () => {
  holds((machine) => {
    const { totals, units } = reportOf(machine);
    for (const { busySeconds } of units) expect(busySeconds).toBeLessThanOrEqual(totals.latencySeconds);
    // 64 multipliers in each lane, a MAC a cycle.
    const peak = 64 * machine.lanes * machine.devices;
    expect(totals.latencyCycles).toBeGreaterThanOrEqual(totals.macs / peak);
    expect(totals.utilization["matrix"]).toBeCloseTo(totals.macs / peak / totals.latencyCycles, 9);
  });
});
