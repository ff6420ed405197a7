import { describe, expect, it } from "vitest";
import { type Item, pipeline, repeat } from "../src/program.ts";
import { task } from "./engine/task.ts";

const stages = [[task("l", "load", 2)], [task("c", "mac", 3)], [task("s", "store", 1)]];

/** Tasks with what they wait for as "id.age", loops as [times, body]. */
const text = (items: readonly Item[]): unknown[] =>
  items.map((item) =>
    item.kind === "repeat"
      ? [item.times, text(item.body)]
      : [
          item.id,
          ...item.after.map((other) =>
            typeof other === "object" && "age" in other ? `${other.task}.${other.age}` : other,
          ),
        ],
  );

describe("pipeline", () => {
  it("stands in issue order: the next tile's load before this tile's mac and store", () => {
    expect(text(pipeline(5, stages))).toEqual([
      ["l", "c.1"],
      [
        4,
        [
          ["l", "c.0"],
          ["c", "l.1"],
          ["s", "c.0"],
        ],
      ],
      ["c", "l.0"],
      ["s", "c.0"],
    ]);
  });

  it("with one buffer does one tile after the other", () => {
    expect(text(pipeline(5, stages, 1))).toEqual([
      [
        5,
        [
          ["l", "c.0"],
          ["c", "l.0"],
          ["s", "c.0"],
        ],
      ],
    ]);
  });

  it("with three buffers lets the load run further ahead", () => {
    expect(text(pipeline(2, stages, 3))[1]).toEqual([
      1,
      [
        ["l", "c.1"],
        ["c", "l.1"],
        ["s", "c.0"],
      ],
    ]);
  });

  it("of one tile has no kernel, and of none is empty", () => {
    expect(text(pipeline(1, stages))).toEqual([
      ["l", "c.1"],
      ["c", "l.0"],
      ["s", "c.0"],
    ]);
    expect(pipeline(0, stages)).toEqual([]);
  });

  it("keeps what the stages wait for outside", () => {
    const after = [[task("l", "load", 2, ["norm"])], [task("c", "mac", 3)]];
    expect(text(pipeline(1, after))[0]).toEqual(["l", "norm", "c.1"]);
  });
});

describe("repeat", () => {
  it("has a name only where one is given", () => {
    expect(repeat(2, [])).toEqual({ kind: "repeat", times: 2, body: [] });
    expect(repeat(2, [], "token")).toEqual({ kind: "repeat", times: 2, body: [], name: "token" });
  });
});
