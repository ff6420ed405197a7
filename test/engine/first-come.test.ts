import { describe, expect, it } from "vitest";
import { runFirstComeFirstServed } from "../../src/engine/first-come.ts";
import { run } from "../../src/engine/run.ts";
import { pipeline, repeat } from "../../src/program.ts";
import { randomProgram } from "./random-program.ts";
import { on, task } from "./task.ts";
import { tickModel } from "./tick-model.ts";

describe("first come, first served", () => {
  it("equals a model that steps every tick, on random programs of one to three sequencers", () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const program = randomProgram(seed, { instances: 60, occupancy: 7, times: 20 });
      const { finish, marks, freeAt } = runFirstComeFirstServed(program);
      const model = tickModel(program, "first-come");
      expect({ finish, marks, freeAt }, `seed ${seed}`).toEqual({
        finish: model.finish,
        marks: model.marks,
        freeAt: model.units.map((unit) => unit.freeAt),
      });
    }
  });

  it("equals the oldest-first run where no server is shared", () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const drawn = randomProgram(seed, { instances: 300, occupancy: 9, times: 40 });
      const units = drawn.units.map(({ name, sequencer, depth }) => ({ name, sequencer, depth }));
      const program = { ...drawn, units };
      expect(runFirstComeFirstServed(program).finish, `seed ${seed}`).toBe(run(program).finish);
    }
  });

  it("shows where the issue order does harm: 131 ticks a tile by hand, 128 by pipeline()", () => {
    const stages = [[task("l", "load", 97)], [task("c", "mac", 103)], [task("s", "store", 31)]];
    const rotated = on(pipeline(500, stages));
    expect(run(rotated).finish / runFirstComeFirstServed(rotated).finish).toBeLessThan(1.001);
    const byHand = on([
      repeat(500, [
        task("l", "load", 97, [{ task: "c", back: 2 }]),
        task("c", "mac", 103, ["l"]),
        task("s", "store", 31, ["c"]),
      ]),
    ]);
    expect(run(byHand).finish / runFirstComeFirstServed(byHand).finish).toBeGreaterThan(1.02);
  });

  it("refuses what is too large to unroll", () => {
    expect(() => runFirstComeFirstServed(on([repeat(1e9, [task("a", "mac", 1)])]))).toThrow(
      "the program has 1000000000 task instances; unrolled at most 4194304 fit",
    );
  });
});
