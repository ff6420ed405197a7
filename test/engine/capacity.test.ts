import { describe, expect, it } from "vitest";
import { capacity } from "../../src/engine/capacity.ts";
import { run } from "../../src/engine/run.ts";
import { type Program, repeat } from "../../src/program.ts";
import { randomProgram } from "./random-program.ts";
import { on, task } from "./task.ts";
import { tickModel } from "./tick-model.ts";

const use = (program: Program) => capacity(program, run(program).marks);
const takes = (id: string, bytes: number) => task(id, "mac", 1, [], { holds: { sram: bytes } });

describe("capacity", () => {
  it("follows takes and gives in program order, item by item", () => {
    const program = on([takes("a", 10), repeat(3, [takes("b", 5), takes("c", -4)]), takes("d", -13)]);
    // 10; 15 11 16 12 17 13; 0. The marks are the ticks after which each item is done.
    expect(use(program)).toEqual([
      {
        memory: "sram",
        peak: 17,
        profile: [
          { at: 1, bytes: 10, peak: 10 },
          { at: 7, bytes: 13, peak: 17 },
          { at: 8, bytes: 0, peak: 13 },
        ],
      },
    ]);
  });

  it("knows the peak of a cache that grows over 10^9 tokens, and of a buffer that shrinks", () => {
    const holds = (step: number, base: number) => ({ sram: { loop: "token", base, step, per: 1 } });
    const grow = task("a", "mac", 1, [], { holds: holds(0, 2) });
    expect(use(on([repeat(1e9, [grow], "token")]))[0]?.peak).toBe(2e9);
    // It takes 9 in the first token, 8 in the second .. and gives from the 10th on: the peak is 9 + 8 + .. + 1.
    const shrink = task("a", "mac", 1, [], { holds: holds(-1, 9) });
    expect(use(on([repeat(15, [shrink], "token")]))[0]?.peak).toBe(45);
  });

  it("refuses to give back more than is held", () => {
    expect(() => use(on([takes("a", 3), takes("b", -5)]))).toThrow(
      'memory "sram" is given back 2 bytes more than it held, by item 1',
    );
  });

  it("equals the levels of the unrolled program, on random programs", () => {
    for (let seed = 1; seed <= 1500; seed++) {
      const program = randomProgram(seed, { instances: 120, occupancy: 3, times: 40 });
      const { levels } = tickModel(program);
      const found = new Map(
        use(program).map(({ memory, peak, profile }) => [
          memory,
          { peak, last: profile[profile.length - 1]?.bytes },
        ]),
      );
      for (const [memory, level] of levels)
        expect(found.get(memory), `seed ${seed} ${memory}`).toEqual(level);
    }
  });
});
