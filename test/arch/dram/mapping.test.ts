import fc from "fast-check";
import { expect, test } from "vitest";
import { gather, mapping, mappingProblems } from "../../../src/arch/dram/mapping.ts";
import { nextVisit } from "../../../src/arch/dram/visit.ts";

const organization = {
  ranks: 2,
  stacks: 1,
  bankGroups: 4,
  banks: 4,
  rows: 64,
  rowBytes: 256,
  transactionBytes: 32,
};

test("an order string places each field, most significant first", () => {
  // ro (6 bits) | ra (1) | ba (2) | co (3) | bg (2); flat bank = ra * 16 + bg * 4 + ba
  const order = mapping("ro ra ba co bg", organization);
  const transaction = (9 << 8) | (1 << 7) | (2 << 5) | (5 << 2) | 3;
  expect(gather(order.bank, transaction)).toBe(16 + 3 * 4 + 2);
  expect(gather(order.row, transaction)).toBe(9);
});

test("single bits of a field may stand apart", () => {
  // ro (6) | bg1 (1) | ra (1) | ba (2) | co (3) | bg0 (1)
  const order = mapping("ro-bg1-ra-ba-co-bg0", organization);
  const transaction = (1 << 7) | (0 << 6) | (3 << 4) | 1;
  expect(gather(order.bank, transaction)).toBe(0b11 * 4 + 3);
});

test("a mapping that does not cover the address says which field is missing", () => {
  expect(mappingProblems("ro ba co bg", organization)).toEqual([
    'mapping "ro ba co bg" does not cover the address: ra (1 bits) is missing',
  ]);
  expect(() => mapping("ro ra ba co", organization)).toThrow(/^mapping "ro ra ba co" does not cover/);
  expect(mappingProblems("ro ra ba co bg0", organization)).toEqual([
    'mapping "ro ra ba co bg0" must name each of the 2 bits of bg once',
  ]);
  expect(mappingProblems("ro ra ba co bg xx", organization)[0]).toContain('cannot read "xx"');
});

test("every transaction has a place of its own", () => {
  for (const order of ["ro ra ba co bg", "ra ba bg ro co", "ro bg1 ra ba co bg0"]) {
    const { bank, row } = mapping(order, organization);
    const places = new Map<number, number>();
    for (let transaction = 0; transaction < 64 * 32 * 8; transaction += 1) {
      const place = gather(bank, transaction) * 64 + gather(row, transaction);
      places.set(place, (places.get(place) ?? 0) + 1);
    }
    expect([places.size, Math.max(...places.values())]).toEqual([64 * 32, 8]);
  }
});

test("the next visit of a bank is the first transaction from there on that lies in it", () => {
  const orders = fc.constantFrom("ro ra ba co bg", "ra ba bg ro co", "ro bg1 ra ba co bg0");
  fc.assert(
    fc.property(orders, fc.nat(8000), fc.nat(31), (order, from, bank) => {
      const runs = mapping(order, organization).bank;
      let expected = from;
      while (gather(runs, expected % (64 * 32 * 8)) !== bank) expected += 1;
      // Beyond the last address the bits above the highest field do not count.
      if (expected < 64 * 32 * 8) expect(nextVisit(runs, from, bank)).toBe(expected);
    }),
    { numRuns: 300 },
  );
});
