/** Short ways to write programs in tests. */
import type { Amount, Dependency, Item, Program, Task, Unit } from "../../src/program.ts";
import { ticks } from "../../src/quantity.ts";

export const task = (
  id: string,
  unit: string,
  occupancy: Amount,
  after: readonly Dependency[] = [],
  rest: Partial<Omit<Task, "latency">> & { readonly latency?: number } = {},
): Task => ({
  kind: "task",
  id,
  unit,
  op: "op",
  occupancy,
  after,
  counts: {},
  ...rest,
  latency: ticks(rest.latency ?? 0),
});

/** One sequencer; "load" and "store" share the server "hbm", "mac" is on its own. */
export const machine: { readonly units: readonly Unit[]; readonly servers: Program["servers"] } = {
  servers: [{ name: "hbm" }],
  units: [
    { name: "load", sequencer: "device", depth: 4, server: "hbm" },
    { name: "mac", sequencer: "device", depth: 4 },
    { name: "store", sequencer: "device", depth: 4, server: "hbm" },
  ],
};

export const on = (body: readonly Item[]): Program => ({ ...machine, body });

/** Private units, all of one sequencer unless named "unit@sequencer". */
export const privately = (units: readonly string[], body: readonly Item[], depth = 4): Program => ({
  servers: [],
  units: units.map((unit) => {
    const [name = "", sequencer = "device"] = unit.split("@");
    return { name, sequencer, depth };
  }),
  body,
});
