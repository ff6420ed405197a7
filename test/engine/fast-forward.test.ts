import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.ts";
import { execute, type RunOptions, run } from "../../src/engine/run.ts";
import { tally } from "../../src/engine/tally.ts";
import { type Program, repeat } from "../../src/program.ts";
import { randomProgram } from "./random-program.ts";
import { privately, task } from "./task.ts";
import { tickModel } from "./tick-model.ts";

/** Everything that a run says, but how it got there. */
function outcome(program: Program, options: RunOptions) {
  const compiled = compile(program);
  const { state, marks } = execute(compiled, options);
  const { work, places, ...stats } = tally(compiled, state, marks);
  const lastDone = compiled.wiring.registers.map(({ task: id }, register) => [
    id,
    state.cells[compiled.layout.register[register] ?? -1],
  ]);
  const said = { ...stats, places: places.map(({ task: _, ...place }) => place), lastDone };
  return { work, said };
}

describe("fast-forward", () => {
  it("equals the unrolled run in every tick, count and stall, on 20,000 random programs", () => {
    let skipped = 0;
    let symbolic = 0;
    let executed = 0;
    for (let seed = 1; seed <= 20_000; seed++) {
      const occupancy = seed % 2 === 0 ? 9 : 60;
      const program = randomProgram(seed, { instances: 1000, occupancy, times: 250 });
      const fast = outcome(program, {});
      const slow = outcome(program, { fastForward: false });
      if (JSON.stringify(fast.said) !== JSON.stringify(slow.said))
        expect(fast.said, `seed ${seed}`).toEqual(slow.said);
      skipped += fast.work.skipped;
      executed += fast.work.executed;
      symbolic += fast.work.symbolic;
    }
    // The comparison is worth something only where much was skipped, by both rules.
    expect(skipped).toBeGreaterThan(2 * executed);
    expect(symbolic).toBeGreaterThan(50_000);
  });

  it("equals a model that steps every tick, on 5,000 small random programs", () => {
    for (let seed = 1; seed <= 5_000; seed++) {
      const program = randomProgram(seed, { instances: 60, occupancy: 7, times: 20 });
      const { finish, marks, units, places, lastDone } = outcome(program, {}).said;
      const model = tickModel(program);
      expect(
        { finish, marks, units, places, lastDone: new Map(lastDone.map(([id, time]) => [id, time])) },
        `seed ${seed}`,
      ).toEqual({
        finish: model.finish,
        marks: model.marks,
        units: model.units,
        places: model.places,
        // A task that is never issued is done at 0 in the engine and missing in the model.
        lastDone: new Map(lastDone.map(([id]) => [id, model.lastDone.get(String(id)) ?? 0])),
      });
    }
  });

  it("executes as many tasks for 10^9 iterations of ten tasks as for 10^3", () => {
    const body = Array.from({ length: 10 }, (_, index) =>
      task(
        `t${index}`,
        ["load", "mac", "store"][index % 3] ?? "",
        10 + index,
        index === 0 ? [] : [`t${index - 1}`],
      ),
    );
    const work = (times: number) => run(privately(["load", "mac", "store"], [repeat(times, body)])).work;
    expect(work(1e9).executed).toBe(work(1e3).executed);
    expect(work(1e9).executed + work(1e9).skipped).toBe(1e10);
  });

  it("skips parts that run at different rates", () => {
    const body = [task("a", "left", 999), task("b", "right", 1013)];
    const { work, finish } = run(privately(["left@one", "right@two"], [repeat(1e6, body)]));
    expect(finish).toBe(1013e6);
    expect(work.executed).toBeLessThan(100);
  });

  it("skips the long transient of a slow consumer behind a queue", () => {
    const body = [task("make", "left", 999), task("use", "right", 1000, ["make"])];
    const { work, finish } = run(privately(["left", "right"], [repeat(1e6, body)], 8));
    // The first product, then one after the other is used.
    expect(finish).toBe(999 + 1000e6);
    expect(work.executed).toBeLessThan(500);
  });

  it("skips a loop whose tasks grow, also by parts of a tick", () => {
    const cache = { loop: "token", base: 10, step: 3, per: 4 };
    const body = [repeat(48, [task("load", "load", cache), task("mac", "mac", 7, ["load"])])];
    const tokens = 4000;
    const { work, finish, places } = run(privately(["load", "mac"], [repeat(tokens, body, "token")]));
    // Four tokens in a row take 48 * (3 + 4 + 4 + 5) ticks of load, and 48 * 12 more each time.
    const periods = tokens / 4;
    const loads = 48 * (16 * periods + (12 * periods * (periods - 1)) / 2);
    expect(places[0]?.busy).toBe(loads);
    // The loads wait for nothing but room in the queue, while the macs (7) are slower; in the end only one mac follows them.
    expect(finish).toBe(loads + 7 + (places[0]?.stalls.dispatch ?? 0));
    expect(work.executed).toBeLessThan(0.02 * tokens * 96);
  });

  it("shows an observer the same spans of its window as the unrolled run", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const program = randomProgram(seed, { instances: 800, occupancy: 9, times: 200 });
      const { finish } = run(program);
      const from = Math.floor(finish * 0.6);
      const to = from + 40;
      const spans = (fastForward: boolean) => {
        const seen: unknown[] = [];
        run(program, { fastForward, observer: { from, to, onSpan: (span) => seen.push(span) } });
        return seen;
      };
      expect(spans(true), `seed ${seed}`).toEqual(spans(false));
    }
  });

  it("skips what is before and after an observer's window", () => {
    const program = privately(["mac"], [repeat(1e9, [task("a", "mac", 10)])]);
    const seen: number[] = [];
    const observer = {
      from: 5e9,
      to: 5e9 + 25,
      onSpan: ({ start }: { start: number }) => {
        seen.push(start);
      },
    };
    const { work } = run(program, { observer });
    // Ready is when the queue of four had room: the start of the fourth task before.
    expect(seen).toEqual([-1, 0, 1, 2, 3, 4, 5, 6].map((index) => 5e9 + 10 * index));
    expect(work.executed).toBeLessThan(100);
  });
});
