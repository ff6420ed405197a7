import { describe, expect, test } from "vitest";
import { phasesOf, steadyOf, type Transform } from "../../src/arch/butterfly-timing.ts";
import { type Engine, type Factor, type Job, runEngine } from "./butterfly-engine.ts";
import { exponentOf, ramOf, uppersOf } from "./butterfly-layout.ts";
import { asBuilt } from "./engines.ts";

const rtl: Engine = { timing: asBuilt, depth: 512, rotationBits: 8, guarded: false };
const guarded: Engine = { ...rtl, guarded: true };
const plain = { layerNorm: false, shortcut: false, parallelOutput: false };
const modes = ["butterfly", "fft"] as const;

/** A fixed sequence of numbers in [-1, 1). */
const noise = (seed: number, n: number): number[] =>
  Array.from(
    { length: n },
    (_, i) => (((seed * 7919 + i * 104729) * 2654435761) % 4294967296) / 2147483648 - 1,
  );

const factor = (stage: number, upper: number): Factor => {
  const [a = 0, b = 0, c = 0, d = 0] = noise(stage * 10007 + upper, 4);
  return [a, b, c, d];
};

const vectorsOf = (count: number, points: number): Job["vectors"] =>
  Array.from({ length: count }, (_, i) => ({
    real: noise(2 * i + 1, points),
    imaginary: noise(2 * i + 2, points),
  }));

const run = (engine: Engine, transform: Transform, count: number, feed: Job["feed"] = "when free") =>
  runEngine(engine, { transform, vectors: vectorsOf(count, transform.points), factor, feed });

/** The sum of the definition, one frequency. */
function dft(real: readonly number[], imaginary: readonly number[], frequency: number): [number, number] {
  const n = real.length;
  let [sum, sumImaginary] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    const angle = (-2 * Math.PI * ((frequency * i) % n)) / n;
    const [x, y] = [real[i] ?? 0, imaginary[i] ?? 0];
    sum += x * Math.cos(angle) - y * Math.sin(angle);
    sumImaginary += x * Math.sin(angle) + y * Math.cos(angle);
  }
  return [sum, sumImaginary];
}

/** One sparse factor times a vector: row i has its own element and the one a stride away. */
function timesFactor(vector: readonly number[], stage: number): number[] {
  const stride = vector.length / 2 ** (stage + 1);
  return vector.map((value, i) => {
    const isUpper = Math.floor(i / stride) % 2 === 0;
    const [a, b, c, d] = factor(stage, isUpper ? i : i - stride);
    const partner = vector[isUpper ? i + stride : i - stride] ?? 0;
    return isUpper ? a * value + b * partner : c * partner + d * value;
  });
}

function worstError(engine: Engine, mode: "butterfly" | "fft", points: number): number {
  const { outputs, faults } = run(engine, { ...plain, mode, points }, 2);
  expect(faults).toEqual([]);
  const errors = vectorsOf(2, points).flatMap(({ real, imaginary }, v) => {
    const output = outputs[v] ?? { real: [], imaginary: [] };
    if (mode === "fft")
      return output.real.flatMap((value, position) => {
        const [x, y] = dft(real, imaginary, exponentOf(Math.log2(points), position, points));
        return [Math.abs(value - x), Math.abs((output.imaginary[position] ?? NaN) - y)];
      });
    let expected = [...real];
    for (let stage = 0; stage < Math.log2(points); stage += 1) expected = timesFactor(expected, stage);
    return output.real.map((value, i) => Math.abs(value - (expected[i] ?? NaN)));
  });
  return Math.max(...errors);
}

describe("values", () => {
  test.each([32, 64, 128, 256, 512, 1024])(
    "an FFT of %i points is the discrete Fourier transform",
    (points) => {
      expect(worstError(guarded, "fft", points)).toBeLessThan(1e-9);
    },
  );

  test.each([32, 64, 128, 256, 512, 1024])(
    "a butterfly layer of %i points is the product of its sparse factors",
    (points) => {
      expect(worstError(guarded, "butterfly", points)).toBeLessThan(1e-9);
    },
  );

  test.each(modes)(
    "without a guard the %s pipeline of the RTL is right from 256 points, wrong below",
    (mode) => {
      for (const points of [256, 512]) expect(worstError(rtl, mode, points)).toBeLessThan(1e-9);
      for (const points of [32, 64, 128]) expect(worstError(rtl, mode, points)).toBeGreaterThan(1e-3);
    },
  );

  test("layer norm and shortcut come out normalized, plus the input", () => {
    const transform: Transform = {
      mode: "fft",
      points: 64,
      layerNorm: true,
      shortcut: true,
      parallelOutput: false,
    };
    const { outputs } = run(guarded, transform, 1);
    const values = (outputs[0]?.real ?? []).map((value, i) => value - (noise(1, 64)[i] ?? 0));
    const mean = values.reduce((sum, value) => sum + value, 0) / 64;
    expect(mean).toBeCloseTo(0, 9);
    expect(values.reduce((sum, value) => sum + value * value, 0) / 64).toBeCloseTo(1, 9);
  });
});

describe("layout", () => {
  /** Cycles of all stages in which two operands lie in one RAM. */
  const conflicts = (points: number, units: number, rotationBits: number): number => {
    let found = 0;
    for (let stride = points / 2; stride >= 1; stride /= 2)
      for (let group = 0; group < points / (2 * units); group += 1) {
        const pairs = uppersOf(group, stride, units).flatMap((upper) => [upper, upper + stride]);
        if (new Set(pairs.map((n) => ramOf(n, units, rotationBits))).size < 2 * units) found += 1;
      }
    return found;
  };
  const sizes = [32, 64, 128, 256, 512, 1024, 2048, 4096];

  test.each(sizes)("%i points: each cycle of each stage finds its operands in different RAMs", (points) => {
    for (const units of [2, 4, 8]) expect(conflicts(points, units, 12)).toBe(0);
  });

  test("each stage takes every element once", () => {
    for (const stride of [128, 64, 32, 16, 8, 4, 2, 1]) {
      const groups = Array.from({ length: 32 }, (_, group) => uppersOf(group, stride, 4));
      const elements = groups.flat().flatMap((upper) => [upper, upper + stride]);
      expect(elements.sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, n) => n));
    }
  });

  test("the RTL rotates by eight bits, so only 4096 points clash, in their first stage", () => {
    for (const points of sizes) expect(conflicts(points, 4, 8)).toBe(points === 4096 ? 512 : 0);
  });
});

describe("cycles", () => {
  const outputs = [
    { layerNorm: false, parallelOutput: false },
    { layerNorm: false, parallelOutput: true },
    { layerNorm: true, parallelOutput: false },
  ];

  test.each(modes.flatMap((mode) => [4, 2, 8].map((units) => [mode, units] as const)))(
    "one vector, %s, %i units: the closed form is what the elements take",
    (mode, units) => {
      const engine: Engine = { ...guarded, timing: { ...asBuilt, units }, depth: 4096 / 2 / units };
      for (const points of units === 4 ? [32, 64, 128, 256, 512, 1024, 2048, 4096] : [32, 128, 512])
        for (const output of outputs) {
          const transform = { mode, points, shortcut: false, ...output };
          const last = run(engine, transform, 1).outputs[0]?.last ?? NaN;
          expect(last + 1, JSON.stringify(transform)).toBe(phasesOf(engine.timing, transform).latency);
        }
    },
  );

  test.each(modes)("streams of vectors, %s: the closed form is the steady interval", (mode) => {
    for (const points of [32, 64, 128, 256, 512, 1024, 2048, 4096])
      for (const output of outputs) {
        const transform = { mode, points, shortcut: false, ...output };
        const { interval, stall } = steadyOf(asBuilt, transform);
        // Banks A and B take turns, so two vectors are a period; the stream is steady from the fourth on.
        const vectors = points > 512 ? 6 : 10;
        const backToBack = run(guarded, transform, vectors, "back to back");
        const { fed, faults } =
          backToBack.faults.length === 0 ? backToBack : run(guarded, transform, vectors, "when free");
        expect(faults.length > 0, JSON.stringify(transform)).toBe(stall !== undefined);
        if (stall === undefined)
          expect(((fed[vectors - 1] ?? 0) - (fed[vectors - 3] ?? 0)) / 2, JSON.stringify(transform)).toBe(
            interval,
          );
      }
  });

  test("the worked example: 32 points through four units", () => {
    // In 0..31; gathered 4 later; 5 stages of 4 cycles and a pipeline of 8; 1 to turn; 4 to read, 2 to scatter; out 32.
    expect(32 + 4 + (5 * 4 + 8) + 1 + (4 + 2) + 32 - 1).toBe(102);
    const {
      outputs: [output],
    } = run(guarded, { ...plain, mode: "butterfly", points: 32 }, 1);
    expect(output).toMatchObject({ first: 70, last: 101 });
  });
});
