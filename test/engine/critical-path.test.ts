import { describe, expect, it } from "vitest";
import { criticalPath } from "../../src/engine/critical-path.ts";
import { run } from "../../src/engine/run.ts";
import { type Program, repeat } from "../../src/program.ts";
import { randomProgram } from "./random-program.ts";
import { on, privately, task } from "./task.ts";
import { walkBack } from "./walk-back.ts";

const ticksOf = (program: Program, fastForward = true) =>
  criticalPath(program, { fastForward }).places.map(({ task: _, ...ticks }) => ticks);

describe("the critical path", () => {
  /**
   *     load  |0000000000|1111111111|2222222222|..        latency 2
   *     mac               ..00000    ..11111      ..22222 37
   */
  it("goes through the loads, waits for the last one's result, and ends with the last mac", () => {
    const tile = [task("load", "load", 10, [], { latency: 2 }), task("mac", "mac", 5, ["load"])];
    const { finish, places, chain } = criticalPath(privately(["load", "mac"], [repeat(3, tile)], 8), {
      window: { from: 0, to: 37 },
    });
    expect(finish).toBe(37);
    expect(places.map(({ task: _, ...ticks }) => ticks)).toEqual([
      { rate: 20, result: 10, latency: 2, contention: 0 },
      { rate: 0, result: 5, latency: 0, contention: 0 },
    ]);
    expect(chain.map(({ task: { id }, start, after }) => [id, start, after])).toEqual([
      ["load", 0, "unit"],
      ["load", 10, "unit"],
      ["load", 20, "unit"],
      ["mac", 32, "result"],
    ]);
  });

  /** load 4 of tick 0; the store, younger, gets the server when the load has had its ticks: 0 1 2 3 | 4 5 6. */
  it("calls the ticks that a shared server gave to older work contention", () => {
    const body = [task("load", "load", 4), task("store", "store", 3)];
    expect(ticksOf(on(body))).toEqual([
      { rate: 0, result: 0, latency: 0, contention: 0 },
      { rate: 0, result: 3, latency: 0, contention: 4 },
    ]);
  });

  /** A queue of one: `b` is dispatched when `a` starts, `late` on another unit only after `b` has started at 10. */
  it("follows a dispatch to what held up the task that made room", () => {
    const body = [task("a", "mac", 10), task("b", "mac", 10), task("c", "mac", 1), task("late", "load", 50)];
    const { finish, places, chain } = criticalPath(privately(["mac", "load"], body, 1), {
      window: { from: 0, to: 60 },
    });
    expect(finish).toBe(60);
    expect(places.map(({ rate, result }) => [rate, result])).toEqual([
      [10, 0],
      [0, 0],
      [0, 0],
      [0, 50],
    ]);
    expect(chain.map(({ task: { id }, after }) => [id, after])).toEqual([
      ["a", "unit"],
      ["late", "dispatch"],
    ]);
  });

  it("sums 10^9 iterations of a loop that alternates between two units", () => {
    const body = [
      task("a", "left", 3, [{ task: "b", back: 1 }], { latency: 1 }),
      task("b", "right", 5, ["a"], { latency: 2 }),
    ];
    const times = 1e9;
    expect(ticksOf(privately(["left", "right"], [repeat(times, body)]))).toEqual([
      { rate: 0, result: 3 * times, latency: times, contention: 0 },
      { rate: 0, result: 5 * times, latency: 2 * times, contention: 0 },
    ]);
  });

  it("sums a task that grows with its loop", () => {
    const growing = { loop: "token", base: 10, step: 3, per: 1 };
    const body = [task("load", "load", growing), task("mac", "mac", 7, ["load"])];
    const [load, mac] = ticksOf(privately(["load", "mac"], [repeat(1e6, body, "token")]));
    // The last load is the one whose result is awaited: 10 + 3 (n - 1).
    const last = 10 + 3 * (1e6 - 1);
    const all = 10 * 1e6 + 3 * ((1e6 * (1e6 - 1)) / 2);
    expect(load).toEqual({ rate: all - last, result: last, latency: 0, contention: 0 });
    expect(mac).toEqual({ rate: 0, result: 7, latency: 0, contention: 0 });
  });

  it("equals the unrolled run's on 2,000 random programs, and sums to the finish", () => {
    let skipped = 0;
    for (let seed = 1; seed <= 2_000; seed++) {
      const program = randomProgram(seed, {
        instances: 1000,
        occupancy: seed % 2 === 0 ? 9 : 60,
        times: 250,
      });
      const fast = ticksOf(program);
      if (JSON.stringify(fast) !== JSON.stringify(ticksOf(program, false)))
        expect(fast, `seed ${seed}`).toEqual(ticksOf(program, false));
      const { finish, work } = run(program);
      const sum = fast.reduce(
        (so, { rate, result, latency, contention }) => so + rate + result + latency + contention,
        0,
      );
      if (sum !== finish) expect(sum, `seed ${seed}`).toBe(finish);
      skipped += work.skipped;
    }
    expect(skipped).toBeGreaterThan(4e5);
  });

  it("equals a model that walks back through the unrolled program, on 1,500 small random programs", () => {
    for (let seed = 1; seed <= 1_500; seed++) {
      const program = randomProgram(seed, { instances: 120, occupancy: 7, times: 30 });
      expect(ticksOf(program), `seed ${seed}`).toEqual(walkBack(program));
    }
  });

  it("shows the same chain in a window as the unrolled run", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const program = randomProgram(seed, { instances: 800, occupancy: 9, times: 200 });
      const { finish } = run(program);
      const window = { from: Math.floor(finish * 0.5), to: Math.floor(finish * 0.5) + 60 };
      const chain = (fastForward: boolean) => criticalPath(program, { fastForward, window }).chain;
      expect(chain(true), `seed ${seed}`).toEqual(chain(false));
    }
  });
});
