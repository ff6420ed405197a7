import { describe, expect, it } from "vitest";
import { run } from "../../src/engine/run.ts";
import { type Item, type Program, repeat } from "../../src/program.ts";
import { randomProgram } from "../engine/random-program.ts";
import { task } from "../engine/task.ts";

const programs = function* (count: number): Generator<readonly [number, Program]> {
  for (let seed = 1; seed <= count; seed++)
    yield [seed, randomProgram(seed, { instances: 400, occupancy: 20, times: 60 })];
};

const shorter = (items: readonly Item[]): Item[] =>
  items.map((item) => {
    if (item.kind === "repeat") return { ...item, body: shorter(item.body) };
    const { occupancy } = item;
    return typeof occupancy === "number" ? { ...item, occupancy: Math.max(0, occupancy - 1) } : item;
  });

const deeper = ({ units, ...rest }: Program): Program => ({
  ...rest,
  units: units.map((unit) => ({ ...unit, depth: unit.depth + 1 })),
});

/** Tasks of two queues over one server, each waiting for the one before it. */
const chain = (occupancies: readonly number[]): Program => ({
  servers: [{ name: "hbm" }],
  units: ["load", "store"].map((name) => ({ name, sequencer: "device", depth: 4, server: "hbm" })),
  body: [
    repeat(
      50,
      occupancies.map((occupancy, index) => {
        const previous = (index + occupancies.length - 1) % occupancies.length;
        return task(`t${index}`, index % 2 === 0 ? "load" : "store", occupancy, [`t${previous}`]);
      }),
    ),
  ],
});

describe("laws of the engine", () => {
  it("a run is never shorter than its busiest unit, nor than its busiest server", () => {
    for (const [seed, program] of programs(1500)) {
      const { finish, units } = run(program);
      const busyOf = (own: typeof units) => own.reduce((sum, { busy }) => sum + busy, 0);
      const loads = [
        ...units.map((unit) => [unit]),
        ...program.servers.map(({ name }) => units.filter((_, unit) => program.units[unit]?.server === name)),
      ].map(busyOf);
      expect(finish, `seed ${seed}`).toBeGreaterThanOrEqual(Math.max(...loads));
    }
  });

  it("busy, starved and idle ticks of each unit make up the run", () => {
    for (const [seed, program] of programs(1500)) {
      const { finish, units } = run(program);
      expect(
        units.map(({ busy, starved, idle }) => busy + starved + idle),
        `seed ${seed}`,
      ).toEqual(units.map(() => finish));
    }
  });

  it("what all tasks moved the finish line makes up the run, and its marks ascend to it", () => {
    for (const [seed, program] of programs(1500)) {
      const { finish, places, marks } = run(program);
      const moved = places.reduce((sum, { finishing }) => sum + finishing.occupancy + finishing.latency, 0);
      expect(moved, `seed ${seed}`).toBe(finish);
      expect([...marks, finish], `seed ${seed}`).toEqual([...marks, finish].sort((a, b) => a - b));
    }
  });

  it("on private units, shorter tasks and deeper queues are never slower", () => {
    for (const [seed, program] of programs(1500)) {
      if (program.units.some(({ server }) => server !== undefined)) continue;
      const { finish } = run(program);
      const faster = { ...program, body: shorter(program.body) };
      expect(run(faster).finish, `seed ${seed}`).toBeLessThanOrEqual(finish);
      expect(run(deeper(program)).finish, `seed ${seed}`).toBeLessThanOrEqual(finish);
    }
  });

  it("on a chain over a shared server, shorter tasks are never slower", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const occupancies = [7, 13, 5, 11].map((factor) => (seed * factor) % 23);
      const { finish } = run(chain(occupancies));
      for (const index of occupancies.keys()) {
        const one = occupancies.map((n, other) => (other === index ? Math.max(0, n - 1) : n));
        expect(run(chain(one)).finish, `${occupancies} at ${index}`).toBeLessThanOrEqual(finish);
      }
    }
  });

  it("leaves the program as it was, and gives the same answer twice", () => {
    for (const [seed, program] of programs(300)) {
      const before = JSON.stringify(program);
      expect(JSON.stringify(run(program)), `seed ${seed}`).toBe(JSON.stringify(run(program)));
      expect(JSON.stringify(program), `seed ${seed}`).toBe(before);
    }
  });
});
