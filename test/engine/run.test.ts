import { describe, expect, it } from "vitest";
import type { Span } from "../../src/engine/observer.ts";
import { run } from "../../src/engine/run.ts";
import { type Program, pipeline, repeat } from "../../src/program.ts";
import { on, privately, task } from "./task.ts";

const tile = (load: number, mac: number, store: number) => [
  [task("l", "load", load)],
  [task("c", "mac", mac)],
  [task("s", "store", store)],
];

/** Ticks for one more iteration in the long run. */
const steady = (program: (tiles: number) => Program): number =>
  (run(program(2000)).finish - run(program(1000)).finish) / 1000;

describe("double buffering, drawn by hand", () => {
  /*
   * Three tiles of load 2, mac 3, store 1, two buffers; load and store share the memory. In issue order:
   * l0 | l1 c0 s0 | l2 c1 s1 | c2 s2
   *
   *     tick    0 1 2 3 4 5 6 7 8 9 10 11 12
   *     load    l0  l1  . l2----l2              l2 is ready at 5, when c0 has freed its buffer,
   *     mac     .   c0    c1    c2    .         but the older s0 has the memory: one tick of contention
   *     store   . . . . . s0. . s1. .  s2
   */
  const seen: Span[] = [];
  const stats = run(on(pipeline(3, tile(2, 3, 1))), {
    observer: { from: 0, to: 100, onSpan: (span) => seen.push(span) },
  });

  it("starts and ends each task where the drawing has it", () => {
    expect(seen.map(({ task: { id }, start, end }) => [id, start, end])).toEqual([
      ["l", 0, 2],
      ["l", 2, 4],
      ["c", 2, 5],
      ["s", 5, 6],
      ["l", 5, 8],
      ["c", 5, 8],
      ["s", 8, 9],
      ["c", 8, 11],
      ["s", 11, 12],
    ]);
    expect(stats.finish).toBe(12);
  });

  it("counts each unit's busy, starved and idle ticks", () => {
    expect(stats.units).toEqual([
      { name: "load", busy: 6, starved: 2, idle: 4, freeAt: 8 },
      { name: "mac", busy: 9, starved: 2, idle: 1, freeAt: 11 },
      { name: "store", busy: 3, starved: 9, idle: 0, freeAt: 12 },
    ]);
  });

  it("says for each place who was waited for, and who moved the finish line", () => {
    const said = stats.places.map(({ task: { id }, instances, stalls, finishing }) => [
      id,
      instances,
      stalls.after,
      stalls.contention,
      finishing.occupancy,
    ]);
    // Text order: l0; then the kernel l c s, twice; then c2 s2. The line goes l0 2, l1 4, c0 5, s0 6, l2 8, s1 9, c2 11, s2 12.
    expect(said).toEqual([
      ["l", 1, [0], 0, 2],
      ["l", 2, [1], 1, 4],
      ["c", 2, [2], 0, 1],
      ["s", 2, [7], 0, 2],
      ["c", 1, [0], 0, 2],
      ["s", 1, [2], 0, 1],
    ]);
    expect(stats.marks).toEqual([2, 9, 11, 12]);
  });
});

describe("ticks a tile of a long double-buffered run", () => {
  const cases = [
    // The memory decides: load + store.
    { name: "100/100/100", times: [100, 100, 100], issue: 200, text: 200 },
    { name: "100/200/100", times: [100, 200, 100], issue: 200, text: 200 },
    // The mac decides.
    { name: "50/160/100", times: [50, 160, 100], issue: 160, text: 160 },
    // The memory decides, 97 + 31, if the next load goes before the store. In text order it goes behind it: when mac i is
    // done, store i (31) and then load i + 2 (97), which store i + 1 (31) interrupts when mac i + 1 is done. So from the
    // end of mac i to that of mac i + 2 it takes 31 + 97 + 31 + 103 = 262, two tiles.
    { name: "97/103/31", times: [97, 103, 31], issue: 128, text: 131 },
  ] as const;
  for (const { name, times, issue, text } of cases) {
    const [load, mac, store] = times;
    it(`${name} takes ${issue} in issue order and ${text} in text order`, () => {
      expect(steady((tiles) => on(pipeline(tiles, tile(load, mac, store))))).toBe(issue);
      const body = [
        task("l", "load", load, [{ task: "c", back: 2 }]),
        task("c", "mac", mac, ["l"]),
        task("s", "store", store, ["c"]),
      ];
      expect(steady((tiles) => on([repeat(tiles, body)]))).toBe(text);
    });
  }

  it("is the sum of all stages with one buffer: the older store goes before the next load", () => {
    expect(steady((tiles) => on(pipeline(tiles, tile(50, 160, 100), 1)))).toBe(310);
  });
});

describe("a queue", () => {
  it("holds depth tasks that wait, and then the sequencer", () => {
    // The mac is taken for 100; two more tasks fit in its queue; the fourth, and so the load behind it, is dispatched when
    // the first of those starts.
    const macs = [0, 1, 2, 3].map((index) => task(`m${index}`, "mac", 100));
    const program = privately(["mac", "load"], [...macs, task("l", "load", 1)], 2);
    const { places, units } = run(program);
    expect(places[4]?.stalls.dispatch).toBe(100);
    expect(units[1]).toEqual({ name: "load", busy: 1, starved: 100, idle: 299, freeAt: 101 });
  });

  it("lets a second sequencer go on", () => {
    const macs = [0, 1, 2, 3].map((index) => task(`m${index}`, "mac", 100));
    const program = privately(["mac@one", "load@two"], [...macs, task("l", "load", 1)], 2);
    expect(run(program).units[1]?.freeAt).toBe(1);
  });
});

describe("ties", () => {
  it("of what a task waited for go to the dispatch, then to the first of the list", () => {
    const program = privately(
      ["a", "b", "c"],
      [task("a", "a", 10), task("b", "b", 10), task("c", "c", 1, ["b", "a"])],
    );
    expect(run(program).places[2]?.stalls).toEqual({ dispatch: 0, after: [10, 0], contention: 0 });
    // Depth 1: the second c is dispatched when the first starts, at 10, which is when a is done.
    const again = privately(
      ["a", "c", "d"],
      [task("a", "a", 10), task("c", "c", 0, ["a"]), task("c", "c", 0), task("d", "d", 1, ["a"])],
      1,
    );
    expect(run(again).places[3]?.stalls).toEqual({ dispatch: 10, after: [0], contention: 0 });
  });
});

describe("ends", () => {
  it("an empty program takes no time", () => {
    expect(run(on([])).finish).toBe(0);
    expect(run(on([repeat(1e9, []), repeat(0, [task("a", "mac", 5)])])).finish).toBe(0);
  });

  it("a run past 2^53 ticks is refused", () => {
    const program = on([repeat(1e6, [repeat(1e6, [task("a", "mac", 1e6)])])]);
    expect(() => run(program)).toThrow("2^53");
  });
});
