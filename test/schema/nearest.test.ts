import { expect, test } from "vitest";
import { nearest } from "../../src/schema/nearest.ts";

const keys = ["bandwidth", "channels", "width", "clock"];

test.each([
  ["bandwith", "bandwidth"],
  ["Bandwidth", "bandwidth"],
  ["channel", "channels"],
  ["wdith", "width"],
  ["clokc", "clock"],
  ["latency", undefined],
  ["", undefined],
])("%s probably means %s", (word, meant) => {
  expect(nearest(word, keys)).toBe(meant);
});

test("the same word in another case beats a shorter way", () => {
  expect(nearest("GBIT", ["GBI", "Gbit"])).toBe("Gbit");
});

test("of equally near words the first is meant", () => {
  expect(nearest("cat", ["bat", "hat"])).toBe("bat");
});

test("a word that only begins one is meant for it, unless another is nearer", () => {
  expect(nearest("dfx", ["sta-fpga", "dfx-u280"])).toBe("dfx-u280");
  expect(nearest("dfx", ["dfx-u280", "dfy"])).toBe("dfy");
});
