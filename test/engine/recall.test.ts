import { describe, expect, it } from "vitest";
import { loopMemo } from "../../src/engine/loop-memo.ts";
import { outcomes } from "../../src/engine/outcome.ts";
import { run } from "../../src/engine/run.ts";
import { type Amount, type Item, type Program, repeat } from "../../src/program.ts";
import { ticks } from "../../src/quantity.ts";
import { randomProgram } from "./random-program.ts";
import { privately, task } from "./task.ts";

/** What relatives of a program differ in. Loops never get longer: amounts that fall in them might end below 0. */
const differences = [
  "nothing",
  "outer loops",
  "latencies",
  "inner loops",
  "occupancies",
  "growth",
  "outer loops",
];

function relative(program: Program, difference: string, of: number): Program {
  let salt = of;
  // One in four or so, spread by the golden ratio.
  const here = (): boolean => (salt++ * 0.618_034) % 1 < 0.25;
  const amount = (given: Amount): Amount => {
    if (typeof given === "number") return difference === "occupancies" && here() ? given + 1 : given;
    if (difference !== "growth" || !here()) return given;
    return of % 2 === 0 ? { ...given, base: given.base + 5 } : { ...given, per: given.per + 1 };
  };
  const items = (list: readonly Item[], depth: number): Item[] =>
    list.map((item): Item => {
      if (item.kind === "repeat") {
        const shorter = difference === (depth === 0 ? "outer loops" : "inner loops") && here();
        const times = shorter ? Math.ceil(item.times * 0.6) : item.times;
        return { ...item, times, body: items(item.body, depth + 1) };
      }
      const latency = difference === "latencies" && here() ? ticks(item.latency + 3) : item.latency;
      return { ...item, latency, occupancy: amount(item.occupancy) };
    });
  return { ...program, body: items(program.body, 0) };
}

describe("recalled iterations", () => {
  it("end every run of a family of programs as the unrolled run does, on 2,000 random families", () => {
    let recalled = 0;
    for (let seed = 1; seed <= 2_000; seed++) {
      const occupancy = seed % 2 === 0 ? 9 : 60;
      const program = randomProgram(seed, { instances: 300, occupancy, times: 250 });
      const memo = loopMemo();
      const outcome = outcomes(memo);
      for (const [turn, difference] of differences.entries()) {
        const each = relative(program, difference, seed + turn);
        const { finish } = run(each, { fastForward: false });
        if (outcome(each).finish !== finish)
          expect(outcome(each).finish, `seed ${seed}, other ${difference}`).toBe(finish);
      }
      recalled += memo.recalled;
    }
    // Otherwise most would be executed anew, and nothing shown.
    expect(recalled).toBeGreaterThan(60_000);
  });

  /** Loads of `first` ticks and one more each iteration, computed on beside the next; after a prompt of `prompt` ticks. */
  const tokens = (prompt: number, first: number, times: number): Program =>
    privately(
      ["load", "mac", "host"],
      [
        task("prompt", "host", prompt),
        repeat(
          times,
          [
            task("load", "load", { loop: "tokens", base: first, step: 1, per: 1 }),
            task("mac", "mac", 50, ["load", "prompt"]),
          ],
          "tokens",
        ),
      ],
    );

  it("are those that another program has executed with the same amounts, in a loop that may begin elsewhere", () => {
    const memo = loopMemo();
    const outcome = outcomes(memo);
    // The first run meets the loop, the second goes through its iterations.
    outcome(tokens(5, 100, 20));
    outcome(tokens(5, 100, 20));
    const { executed } = memo;
    // Amounts 103 .. 119 were there; but only from the fifth load on does one wait for the queue, as in the midst of the others.
    expect(outcome(tokens(5, 103, 17)).finish).toBe(run(tokens(5, 103, 17)).finish);
    expect(memo.executed - executed).toBeLessThanOrEqual(5);
    expect(memo.recalled).toBeGreaterThanOrEqual(12);
    // After a prompt that is longer than two loads: the same as soon as the multipliers, twice as fast, have made up for it.
    expect(outcome(tokens(300, 103, 17)).finish).toBe(run(tokens(300, 103, 17)).finish);
    expect(memo.executed - executed).toBeLessThan(17);
  });

  it("are taken all at once where a state comes back", () => {
    const memo = loopMemo();
    const outcome = outcomes(memo);
    const loop = (times: number): Program =>
      privately(
        ["load", "mac"],
        [repeat(times, [task("load", "load", 30), task("mac", "mac", 50, ["load"])])],
      );
    // The first load, and then the multipliers all the time.
    expect(outcome(loop(1e9)).finish).toBe(30 + 50e9);
    expect(memo.recalled).toBe(0);
    expect(outcome(loop(2e9)).finish).toBe(30 + 100e9);
    expect(outcome(loop(1e9)).finish).toBe(30 + 50e9);
    expect(memo.executed).toBeLessThan(20);
    expect(memo.executed + memo.recalled).toBe(3e9);
  });

  it("are forgotten where there are too many of them", () => {
    const memo = loopMemo();
    const outcome = outcomes(memo);
    const kept = (): number => {
      const sizes = Array.from(memo.bodies.values(), ({ states, amounts }) =>
        states.reduce((sum, values) => sum + values.length, amounts.length),
      );
      return sizes.reduce((sum, size) => sum + size, 0);
    };
    let most = 0;
    // Queues of 20,000 entries make a state of as many values, and each program has a body of its own.
    for (let turn = 0; turn < 30; turn++) {
      const loop = repeat(20, [task("load", "load", 30 + turn), task("mac", "mac", 7 * turn, ["load"])]);
      const program = privately(["load", "mac"], [loop], 10_000);
      outcome(program);
      expect(outcome(program).finish).toBe(run(program).finish);
      expect(memo.size).toBe(kept());
      most = Math.max(most, memo.size);
    }
    expect(most).toBeGreaterThan(500_000);
    expect(most).toBeLessThan(1_500_000);
  });
});
