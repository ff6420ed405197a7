/** What every component promises, whatever it models. One call for each component, with work of its kind. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Component, Cost, SpecBase, Timebase } from "../../src/arch/component.ts";
import type { Sustained } from "../../src/arch/dram/sustained.ts";
import { price, priceList } from "../../src/energy/price.ts";
import { type Hertz, hertz } from "../../src/quantity.ts";
import { amountAt } from "../amount.ts";
import { deepFrozen } from "../freeze.ts";
import { library, planned } from "../library.ts";

export interface Samples<Spec, Work> {
  /** Any work that a unit of this spec may be given. */
  readonly work: (spec: Spec) => fc.Arbitrary<Work>;
  /** The same work and `extra` more of it. */
  readonly more: (work: Work, extra: number) => Work;
  /** Actions that are counted although no table has a price for them, each with the reason. */
  readonly unpriced: Readonly<Record<string, string>>;
  /** A unit's YAML as plain data, for a component that no shipped machine has. */
  readonly otherwise?: unknown;
}

const document = z.looseObject({ units: z.record(z.string(), z.looseObject({ kind: z.string() })) });

/** Every unit of every shipped machine, as its YAML has it. */
const units = library.names("hardware").flatMap((name) => {
  const { documents, machine, energyTable } = planned(name, "gpt2");
  return Object.entries(document.parse(documents.hardware).units).map(([unit, written]) => ({
    unit,
    written,
    hardware: machine.hardware,
    energyTable,
  }));
});

export function componentContract<K extends string, Fields extends z.ZodObject, Spec extends SpecBase, Work>(
  component: Component<K, Fields, Spec, Work>,
  { work, more, unpriced, otherwise }: Samples<Spec, Work>,
): void {
  const shipped = units.filter(
    ({ written }) =>
      written.kind === component.kind &&
      // Of a kind with models, the one by its rate is meant where none is named.
      (component.model === undefined || (written["model"] ?? "rate") === component.model),
  );
  const written = shipped.map((unit) => unit.written);
  const configs = (written.length > 0 ? written : [otherwise]).map((each) => component.fields.parse(each));

  /** Walks of memories are simulated once. */
  const memo = new Map<string, Sustained>();
  const resolved = (time: fc.Arbitrary<Timebase>): fc.Arbitrary<Spec> =>
    fc
      .tuple(fc.constantFrom(...configs), time)
      .map(([config, each]) => deepFrozen(component.resolve(config, each, memo)));
  const working = resolved(timebase).chain((spec) =>
    fc.record({ spec: fc.constant(spec), work: work(spec).map(deepFrozen) }),
  );

  describe(component.kind, () => {
    test("is named, and its own YAML reads back", () => {
      expect(component.summary).not.toBe("");
      expect(configs.length).toBeGreaterThan(0);
      for (const config of configs) expect(component.clock(config) ?? 1).toBeGreaterThan(0);
    });

    test("a spec is plain data: it survives JSON, and the same fields give the same spec", () => {
      fc.assert(
        fc.property(timebase, fc.constantFrom(...configs), (time, config) => {
          const spec = component.resolve(config, time, memo);
          expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
          expect(component.resolve(config, time, memo)).toStrictEqual(spec);
          expect(new Set(spec.queues).size).toBe(spec.queues.length);
          expect(spec.queues.length).toBeGreaterThan(0);
          for (const peak of Object.values(spec.peak)) expect(peak).toBeGreaterThan(0);
        }),
        { numRuns: 50 },
      );
    });

    test("times and counts are whole and never negative; spec and work stay as they are; the same again costs the same", () => {
      fc.assert(
        fc.property(working, ({ spec, work }) => {
          const cost = component.cost(spec, work);
          for (const iteration of [0, 1, 1000])
            for (const n of numbersOf(cost, iteration)) expect(Number.isSafeInteger(n) && n >= 0).toBe(true);
          expect(component.cost(spec, work)).toStrictEqual(cost);
        }),
      );
    });

    test("more work is never cheaper", () => {
      fc.assert(
        fc.property(working, fc.nat(5000), ({ spec, work }, extra) => {
          const [less, greater] = [component.cost(spec, work), component.cost(spec, more(work, extra))];
          for (const iteration of [0, 1, 1000]) {
            expect(amountAt(greater.occupancy, iteration)).toBeGreaterThanOrEqual(
              amountAt(less.occupancy, iteration),
            );
            for (const [action, amount] of Object.entries(less.counts))
              expect(amountAt(greater.counts[action] ?? 0, iteration)).toBeGreaterThanOrEqual(
                amountAt(amount, iteration),
              );
          }
          expect(greater.latency).toBeGreaterThanOrEqual(less.latency);
        }),
      );
    });

    test("times are rounded up: on a coarse tick nothing takes less time than on a fine one", () => {
      const instances = fc.constantFrom(...configs).chain((config) =>
        fc.record({ clock, finer: fc.integer({ min: 2, max: 500 }) }).chain(({ clock, finer }) => {
          const coarse = component.resolve(config, { clock, tickRate: clock }, memo);
          const fine = component.resolve(config, { clock, tickRate: hertz(clock * finer) }, memo);
          return fc.record({
            coarse: fc.constant(coarse),
            fine: fc.constant(fine),
            finer: fc.constant(finer),
            work: work(coarse),
          });
        }),
      );
      fc.assert(
        fc.property(instances, ({ coarse, fine, finer, work }) => {
          const [slow, exact] = [component.cost(coarse, work), component.cost(fine, work)];
          expect(amountAt(slow.occupancy, 3) * finer).toBeGreaterThanOrEqual(amountAt(exact.occupancy, 3));
          expect(slow.latency * finer).toBeGreaterThanOrEqual(exact.latency);
        }),
      );
    });

    test("no work passes the peak that the spec states", () => {
      const instances = fc.tuple(fc.constantFrom(...configs), timebase).chain(([config, time]) => {
        const spec = component.resolve(config, time, memo);
        return fc.record({ spec: fc.constant(spec), time: fc.constant(time), work: work(spec) });
      });
      fc.assert(
        fc.property(instances, ({ spec, time, work }) => {
          const { occupancy, counts } = component.cost(spec, work);
          const seconds = amountAt(occupancy, 7) / time.tickRate;
          for (const [of, peak] of Object.entries(spec.peak)) {
            const done = Object.entries(counts)
              .filter(([action]) => action === of || (of === "bytes" && action.endsWith("Bytes")))
              .reduce((sum, [, amount]) => sum + amountAt(amount, 7), 0);
            // Rates are whole bytes a second: a part in a million covers that rounding.
            expect(done).toBeLessThanOrEqual(peak * seconds * (1 + 1e-6));
          }
        }),
      );
    });

    // A price needs a machine that has the unit.
    if (shipped.length === 0) return;
    test("every action has a price, or is known to have none", () => {
      const missing = shipped.flatMap(({ unit, written, hardware, energyTable }) => {
        const { clock, tickRate } = hardware;
        const spec = component.resolve(component.fields.parse(written), { clock, tickRate }, memo);
        const counted = fc
          .sample(work(spec), { numRuns: 200, seed: 1 })
          .flatMap((each) => Object.keys(component.cost(spec, each).counts));
        const counts = new Map(counted.map((action) => [`${unit}.${action}`, 1]));
        const { unpriced } = price(priceList(hardware, energyTable), counts, 0);
        return unpriced.map((name) => name.slice(unit.length + 1));
      });
      expect([...new Set(missing)].sort()).toEqual(Object.keys(unpriced).sort());
    });
  });
}

const numbersOf = ({ occupancy, latency, counts }: Cost, iteration: number): readonly number[] => [
  latency,
  ...[occupancy, ...Object.values(counts)].map((amount) => amountAt(amount, iteration)),
];

const clock: fc.Arbitrary<Hertz> = fc.constantFrom(100e6, 200e6, 233e6, 1.2e9).map(hertz);
/** The tick rate is a multiple of the clock, or a tick is a picosecond. */
const timebase: fc.Arbitrary<Timebase> = fc
  .tuple(clock, fc.constantFrom(1, 2, 6, 7, undefined))
  .map(([clock, multiple]) => ({ clock, tickRate: hertz(multiple === undefined ? 1e12 : clock * multiple) }));
