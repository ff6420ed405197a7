/**
 * A butterfly engine that moves every element, cycle by cycle: serial-to-parallel registers, two banks of RAMs, index
 * generator, pipeline, output. It knows nothing of the closed forms; their numbers must come out.
 */
import ndarray, { type NdArray } from "ndarray";
import type { EngineTiming, Transform } from "../../src/arch/butterfly-timing.ts";
import { exponentOf, ramOf, uppersOf } from "./butterfly-layout.ts";

export interface Engine {
  readonly timing: EngineTiming;
  /** Elements of one RAM. */
  readonly depth: number;
  readonly rotationBits: number;
  /** Results are seen by the next stage at once, as if a scoreboard guarded the pipeline; the RTL has none. */
  readonly guarded: boolean;
}

/** The factors of a 2 x 2 butterfly: upper' = a upper + b lower, lower' = c upper + d lower. */
export type Factor = readonly [a: number, b: number, c: number, d: number];

export interface Job {
  readonly transform: Transform;
  /** Real and imaginary parts; butterfly mode takes the real ones. */
  readonly vectors: readonly { readonly real: readonly number[]; readonly imaginary: readonly number[] }[];
  readonly factor: (stage: number, upper: number) => Factor;
  /** The next vector right behind the last one, or once its bank is free. */
  readonly feed: "back to back" | "when free";
}

export interface Outcome {
  readonly outputs: readonly {
    readonly real: number[];
    readonly imaginary: number[];
    readonly first: number;
    readonly last: number;
  }[];
  /** First element of each vector. */
  readonly fed: readonly number[];
  /** Cycles in which two operands lay in one RAM. */
  readonly conflicts: number;
  /** Rows that no bank took or two took, computing that began while the other bank computed. */
  readonly faults: readonly string[];
}

type State = "waiting" | "filling" | "filled" | "computing" | "computed" | "emptying";
interface Bank {
  state: State;
  rows: number;
  vector: number;
}

export function runEngine(engine: Engine, job: Job): Outcome {
  const { timing, depth, rotationBits } = engine;
  const { transform, vectors } = job;
  const { mode, points } = transform;
  const { units } = timing;
  const rams = 2 * units;
  const rowsOfVector = points / rams;
  const stages = Math.log2(points);
  const place = (n: number): [number, number] => [ramOf(n, units, rotationBits), Math.floor(n / rams)];
  const memory = [0, 1].map(() => ndarray(new Float64Array(rams * depth), [rams, depth]));
  const bankMemory = (index: number): NdArray<Float64Array> => {
    const found = memory[index];
    if (found === undefined) throw new RangeError(`bank ${index}`);
    return found;
  };
  // FFT mode: one state for both banks.
  const a: Bank = { state: "filling", rows: 0, vector: -1 };
  const b: Bank = { state: "waiting", rows: 0, vector: -1 };
  const fed: number[] = [];
  const faults = new Set<string>();
  const outputs: { real: number[]; imaginary: number[]; first: number; last: number }[] = [];
  const later = new Map<number, (() => void)[]>();
  /** Registers written in one cycle are seen in the next: `what` happens at the end of that cycle. */
  const at = (cycle: number, what: () => void): void => {
    later.set(cycle, [...(later.get(cycle) ?? []), what]);
  };
  let conflicts = 0;
  let generator: { bank: Bank; group: number } | undefined;
  let now = 0;
  let taken = 0;
  const serial = transform.parallelOutput || transform.layerNorm ? rowsOfVector : points;

  const begin = (bank: Bank): void => {
    if (generator !== undefined) faults.add("computing begins while the other bank computes");
    bank.state = "computing";
    generator = { bank, group: 0 };
  };

  const indexOf = (bank: Bank): number => (bank === a ? 0 : 1);

  /** A row of 2 * units elements leaves the serial-to-parallel registers. */
  const takeRow = (vector: number, row: number): void => {
    const takers = mode === "fft" ? [a] : [a, b];
    const open = takers.filter(({ state }) => state === "filling");
    if (open.length !== 1) faults.add(open.length === 0 ? "no bank takes a row" : "two banks take a row");
    for (const bank of open) {
      bank.vector = vector;
      for (let lane = 0; lane < rams; lane += 1) {
        const n = row * rams + lane;
        const { real, imaginary } = vectors[vector] ?? { real: [], imaginary: [] };
        if (mode === "fft") {
          bankMemory(0).set(...place(n), real[n] ?? 0);
          bankMemory(1).set(...place(n), imaginary[n] ?? 0);
        } else bankMemory(indexOf(bank)).set(...place(n), real[n] ?? 0);
      }
      bank.rows += 1;
      if (bank.rows < rowsOfVector) continue;
      bank.rows = 0;
      bank.state = "filled";
      // Bank A never looks; bank B waits until A has computed.
      if (bank === b && a.state === "computing") continue;
      const filled = bank;
      at(now, () => begin(filled));
    }
  };

  /** One cycle of a stage: 2 * units operands, each from a RAM of its own. */
  const readGroup = (bank: Bank, group: number): void => {
    const stage = Math.floor(group / rowsOfVector);
    const stride = points / 2 ** (stage + 1);
    const uppers = uppersOf(group % rowsOfVector, stride, units);
    const touched = new Set(uppers.flatMap((upper) => [place(upper)[0], place(upper + stride)[0]]));
    if (touched.size < rams) conflicts += 1;
    const writes = uppers.flatMap((upper) => butterfly(bank, stage, stride, upper));
    if (engine.guarded) for (const write of writes) write();
    else at(now + timing.pipeline[mode], () => writes.map((write) => write()));
  };

  const butterfly = (bank: Bank, stage: number, stride: number, upper: number): (() => void)[] => {
    const [p, q] = [place(upper), place(upper + stride)];
    if (mode === "butterfly") {
      const ram = bankMemory(indexOf(bank));
      const [x, y] = [ram.get(...p), ram.get(...q)];
      const [wa, wb, wc, wd] = job.factor(stage, upper);
      const [u, v] = [wa * x + wb * y, wc * x + wd * y];
      return [() => ram.set(...p, u), () => ram.set(...q, v)];
    }
    const [real, imaginary] = [bankMemory(0), bankMemory(1)];
    const turn = exponentOf(stage, Math.floor(upper / (2 * stride)), points) / 2 / points;
    const [cos, sin] = [Math.cos(2 * Math.PI * turn), -Math.sin(2 * Math.PI * turn)];
    const [x, xi, y, yi] = [real.get(...p), imaginary.get(...p), real.get(...q), imaginary.get(...q)];
    const [t, ti] = [cos * y - sin * yi, cos * yi + sin * y];
    return [
      () => real.set(...p, x + t),
      () => imaginary.set(...p, xi + ti),
      () => real.set(...q, x - t),
      () => imaginary.set(...q, xi - ti),
    ];
  };

  /** The last result is written: the output begins, and banks that waited go on. */
  const finish = (bank: Bank): void => {
    generator = undefined;
    bank.state = "computed";
    if (mode === "fft") {
      at(now, () => {
        bank.state = "filling";
        taken += 1;
      });
      at(now + timing.turn - 1, () => empty(bank));
      return;
    }
    if (bank === a && b.state === "filled") at(now, () => begin(b));
    if (bank === b && a.state === "emptying") return;
    at(now + timing.turn - 1, () => empty(bank));
  };

  const empty = (bank: Bank): void => {
    if (mode !== "fft") bank.state = "emptying";
    const start = now + 1;
    const { vector } = bank;
    const out = { real: Array<number>(points).fill(0), imaginary: Array<number>(points).fill(0) };
    for (let row = 0; row < rowsOfVector; row += 1) {
      const cycle = start + 1 + (serial === points ? row * rams : row);
      const span = Array.from({ length: rams }, (_, lane) => row * rams + lane);
      at(cycle, () => {
        for (const n of span) {
          out.real[n] = bankMemory(mode === "fft" ? 0 : indexOf(bank)).get(...place(n));
          out.imaginary[n] = mode === "fft" ? bankMemory(1).get(...place(n)) : 0;
        }
      });
    }
    at(start + serial, () => deliver(vector, out, start));
    if (mode === "fft") return;
    at(start + serial + 1, () => {
      bank.state = bank === b && a.state === "filling" ? "waiting" : "filling";
      taken += 1;
      if (bank === a && b.state === "computed") empty(b);
    });
  };

  const deliver = (vector: number, out: { real: number[]; imaginary: number[] }, start: number): void => {
    const real = transform.layerNorm ? normalized(out.real) : out.real;
    const first = start + timing.read + lateness(engine, transform);
    const last = first + (transform.parallelOutput ? rowsOfVector : points) - 1;
    const input = vectors[vector]?.real ?? [];
    outputs[vector] = {
      real: transform.shortcut ? real.map((value, n) => value + (input[n] ?? 0)) : real,
      imaginary: out.imaginary,
      first,
      last,
    };
  };

  const finished = (): boolean => outputs.filter(() => true).length === vectors.length;
  let element = 0;
  const limit = 40 * vectors.length * points * stages + 1000;
  for (; !finished() && faults.size === 0 && now < limit; now += 1) {
    // The source.
    const vector = fed.length - 1;
    if (fed.length > 0 && element < points) {
      element += 1;
      if (element % rams === 0) {
        const row = element / rams - 1;
        at(now + timing.gather - 2, () => at(now + 1, () => takeRow(vector, row)));
      }
    } else if (fed.length < vectors.length && mayFeed()) {
      // The element of this cycle is the first.
      fed.push(now);
      element = 1;
    }
    // The index generator.
    if (generator !== undefined && generator.group < stages * rowsOfVector) {
      readGroup(generator.bank, generator.group);
      generator.group += 1;
      if (generator.group === stages * rowsOfVector) {
        const { bank } = generator;
        at(now + timing.pipeline[mode], () => at(now + 1, () => finish(bank)));
      }
    }
    for (let queue = later.get(now); queue !== undefined; queue = later.get(now)) {
      later.delete(now);
      for (const what of queue) what();
    }
    // B waits for A: its first turn, and whenever A was still being filled.
    if (b.state === "waiting" && a.state === "computing") b.state = "filling";
  }
  return { outputs, fed, conflicts, faults: [...faults] };

  /** The second vector goes to bank B, which opens by itself when A starts; later ones wait for a bank. */
  function mayFeed(): boolean {
    if (fed.length === 0 || job.feed === "back to back") return fed.length === 0 || sinceLast() >= points + 1;
    const banks = mode === "fft" ? 1 : 2;
    return sinceLast() >= points + 1 && fed.length < taken + banks;
  }

  function sinceLast(): number {
    return now - (fed.at(-1) ?? 0);
  }
}

/** Registers between the banks and the port, beyond the read. */
function lateness({ timing }: Engine, { points, layerNorm, shortcut, parallelOutput }: Transform): number {
  const { add, multiply, divide, reciprocalSquareRoot, registers } = timing.layerNorm;
  let late = (parallelOutput ? 0 : timing.scatter) + (shortcut ? timing.shortcut : 0);
  if (!layerNorm) return late;
  const rows = points / (2 * timing.units);
  const levels = Math.log2(2 * timing.units);
  // The sum of all rows, the mean, then for each row its distance from the mean.
  late += rows + levels * add + add + divide + add;
  // The squares of all rows, the variance, its root, then scale and shift of the first row.
  late += multiply + rows + levels * add + add + divide + reciprocalSquareRoot + multiply + add;
  return late + registers;
}

function normalized(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance));
}
