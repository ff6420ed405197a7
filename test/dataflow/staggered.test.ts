import { expect, test } from "vitest";
import { staggered } from "../../src/dataflow/staggered.ts";
import type { Item, Task } from "../../src/program.ts";
import { ticks } from "../../src/quantity.ts";

const task = (id: string): Task => ({
  kind: "task",
  id,
  unit: "unit",
  op: "op",
  occupancy: 1,
  latency: ticks(0),
  after: [],
  counts: {},
});

const text = (items: readonly Item[]): string =>
  items.map((item) => (item.kind === "task" ? item.id : `${item.times}(${text(item.body)})`)).join(" ");

const turns = (times: number, ahead: number, name: (turn: number) => string = () => ""): string =>
  text(
    staggered(
      times,
      ahead,
      (turn) => [task(`load${name(turn)}`)],
      (turn, age) => [task(`work${name(turn)}@${age}`)],
    ),
  );

test("one turn ahead: prologue, the turns in a loop, and the last one, whose load was issued latest", () => {
  expect(turns(5, 1)).toBe("load 4(load work@1) work@0");
});

test("two ahead, none ahead, fewer turns than ahead", () => {
  expect(turns(5, 2)).toBe("load load 3(load work@2) work@1 work@0");
  expect(turns(3, 0)).toBe("3(load work@0)");
  expect(turns(1, 2)).toBe("load work@0");
  expect(turns(0, 1)).toBe("");
});

test("turns that differ stay apart", () => {
  expect(turns(3, 1, (turn) => (turn === 2 ? "B" : "A"))).toBe("loadA loadA workA@1 loadB workA@1 workB@0");
});
