import { expect, test } from "vitest";
import { type Place, waitingPlaces } from "../../src/mapping/waiting.ts";

const place = (least: number, guess: number): Place => ({
  ...{ before: undefined, slot: undefined, factor: -1, node: 0 },
  ...{ least, guess, taken: false },
});

test("places come by what they can come to, by guess, and by when they were seen, and none comes twice", () => {
  const waiting = waitingPlaces();
  for (const [least, guess] of [
    [5, 3],
    [2, 9],
    [2, 4],
    [7, 1],
    [6, 8],
  ] as const)
    waiting.push(place(least, guess));
  expect(waiting.least()).toBe(2);
  expect(waiting.nearest()).toMatchObject({ least: 2, guess: 4 });
  expect(waiting.latest(10)).toMatchObject({ least: 6 });
  expect(waiting.likeliest(10)).toMatchObject({ least: 7 });
  expect(waiting.latest(10)).toMatchObject({ least: 2, guess: 9 });
  expect(waiting.least()).toBe(5);
  // Nothing is left below 5, but what can come to 5 still bounds what is not known.
  expect(waiting.likeliest(5)).toBeUndefined();
  expect(waiting.least()).toBe(5);
  expect(waiting.nearest()).toMatchObject({ least: 5 });
  expect(waiting.nearest()).toBeUndefined();
  expect(waiting.least()).toBe(Number.POSITIVE_INFINITY);
});
