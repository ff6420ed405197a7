import { describe, expect, it } from "vitest";
import { compile } from "../../src/engine/compile.ts";
import { type Item, type Program, repeat, type Task } from "../../src/program.ts";
import { on, task } from "./task.ts";

const message = (program: Program): string => {
  try {
    compile(program);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "compiles";
};

const named = 'task "a" of op "op" on unit "mac"';
const a = (rest: Partial<Task>, ...others: Item[]): Item[] => [
  { ...task("a", "mac", 1), ...rest },
  ...others,
];

describe("a program that is not well formed is refused", () => {
  it("for a unit, server or task that it does not have", () => {
    expect(message(on([task("a", "tensor", 1)]))).toBe(
      'task "a" of op "op" on unit "tensor": no such unit; the program has load, mac, store',
    );
    expect(message(on(a({ after: ["b"] })))).toBe(`${named}: waits for "b", which is no task of the program`);
    expect(
      message({ ...on([]), units: [{ name: "load", sequencer: "device", depth: 4, server: "ddr" }] }),
    ).toBe('unit "load": no server "ddr"; the program has hbm');
  });

  it("for names declared twice", () => {
    const unit = { name: "mac", sequencer: "device", depth: 4 };
    expect(message({ ...on([]), units: [unit, unit] })).toBe('unit "mac" is declared twice');
    expect(message({ ...on([]), servers: [{ name: "hbm" }, { name: "hbm" }] })).toBe(
      'server "hbm" is declared twice',
    );
    expect(message(on([repeat(2, [repeat(2, [], "token")], "token")]))).toBe(
      'repeat "token" stands inside another repeat of this name',
    );
  });

  it("for a server fed by two sequencers", () => {
    const units = [
      { name: "left", sequencer: "one", depth: 4, server: "hbm" },
      { name: "right", sequencer: "two", depth: 4, server: "hbm" },
    ];
    expect(message({ ...on([]), units })).toBe(
      'server "hbm" is fed by sequencers "one" and "two"; it must belong to one (put a link unit in between)',
    );
  });

  it("for a queue without room, and for repeats that are not a whole number", () => {
    expect(message({ ...on([]), units: [{ name: "mac", sequencer: "device", depth: 0 }] })).toBe(
      'unit "mac": depth is 0, expected a whole number from 1',
    );
    expect(message(on([repeat(-1, [])]))).toBe("a repeat runs -1 times, expected a whole number from 0");
    expect(message(on([repeat(1.5, [], "layer")]))).toBe(
      'repeat "layer" runs 1.5 times, expected a whole number from 0',
    );
  });

  it("for a dependency on what is issued later", () => {
    expect(message(on([repeat(2, a({ after: [{ task: "b", back: 0 }] }, task("b", "mac", 1)))]))).toBe(
      `${named}: waits for "b" of the same iteration, which is issued later: a forward dependency`,
    );
    expect(message(on(a({ after: [{ task: "a", back: 0 }] })))).toBe(
      `${named}: waits for "a" of the same iteration, which is issued later: a forward dependency`,
    );
  });

  it("for iterations back of a task that stands on both sides", () => {
    const b = task("b", "mac", 1);
    expect(message(on([repeat(2, [b, ...a({ after: [{ task: "b", back: 1 }] }, b)])]))).toBe(
      `${named}: waits for "b" by iterations, but that stands both before it and at or after it; give the age`,
    );
    expect(message(on([repeat(2, [b, ...a({ after: [{ task: "b", age: 1 }] }, b)])]))).toBe("compiles");
  });

  it("for an age or a number of iterations that is not a whole number", () => {
    expect(message(on(a({ after: [{ task: "a", age: -1 }] })))).toBe(
      `${named}: waits for "a" with age -1, expected a whole number from 0`,
    );
    expect(message(on(a({ after: [{ task: "a", back: 0.5 }] })))).toBe(
      `${named}: waits for "a" with back 0.5, expected a whole number from 0`,
    );
  });

  it("for an amount that grows with a loop around something else", () => {
    const occupancy = { loop: "token", base: 1, step: 1, per: 1 };
    expect(message(on([repeat(2, [], "token"), ...a({ occupancy })]))).toBe(
      `${named}: occupancy grows with loop "token", which does not enclose it`,
    );
    expect(message(on(a({ counts: { bytes: occupancy } })))).toBe(
      `${named}: count "bytes" grows with loop "token", which does not enclose it`,
    );
  });

  it("for an occupancy or count that is negative or broken anywhere in the loop's range", () => {
    const shrinking = { loop: "token", base: 10, step: -2, per: 1 };
    const tokens = (times: number) => on([repeat(times, a({ occupancy: shrinking }), "token")]);
    expect(message(tokens(6))).toBe("compiles");
    expect(message(tokens(7))).toBe(
      `${named}: occupancy is -2 in iteration 6 of loop "token", expected a whole number from 0`,
    );
    expect(message(on(a({ occupancy: 1.5 })))).toBe(
      `${named}: occupancy is 1.5, expected a whole number from 0`,
    );
    expect(message(on(a({ counts: { macs: -1 } })))).toBe(
      `${named}: count "macs" is -1, expected a whole number from 0`,
    );
    expect(message(on(a({ holds: { sram: 0.5 } })))).toBe(
      `${named}: hold of "sram" is 0.5, expected a whole number`,
    );
    expect(message(on([repeat(2, a({ occupancy: { ...shrinking, per: 0 } }), "token")]))).toBe(
      `${named}: occupancy grows per 0, expected a whole number from 0`,
    );
  });

  it("but not inside a loop that never runs", () => {
    const shrinking = { loop: "token", base: -1, step: 0, per: 1 };
    expect(message(on([repeat(0, [repeat(1, a({ occupancy: shrinking }), "token")])]))).toBe("compiles");
  });
});

describe("dependencies become ages", () => {
  const ages = (body: readonly Item[]): number[][] =>
    compile(on(body)).wiring.places.map(({ after }) => after.map(({ age }) => age));

  it("what stands before has issued this iteration's instance, what stands at or after it has not", () => {
    const body = [
      task("load", "load", 1, [{ task: "mac", back: 2 }]),
      task("mac", "mac", 1, [
        { task: "load", back: 0 },
        { task: "mac", back: 1 },
      ]),
    ];
    // The mac of two iterations ago is, for the load, the second latest; its own last one the latest.
    expect(ages([repeat(9, body)])).toEqual([[1], [0, 0]]);
  });

  it("a plain string is the latest instance, an age is taken as it is", () => {
    const body = [task("a", "mac", 1, ["b", { task: "b", age: 3 }]), task("b", "mac", 1)];
    expect(ages([repeat(9, body)])).toEqual([[0, 3], []]);
  });

  it("one id at several places has one shift register, as long as its oldest reader needs", () => {
    const x = task("x", "mac", 1);
    const { wiring } = compile(on([x, repeat(3, [x, task("y", "mac", 1, [{ task: "x", age: 2 }])]), x]));
    expect(wiring.registers).toEqual([
      { task: "x", length: 3 },
      { task: "y", length: 1 },
    ]);
  });
});
