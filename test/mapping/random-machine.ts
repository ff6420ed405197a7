/** Small hierarchies and layers to draw: one to three levels, memories and ports shared or not, every kind of buffering. */
import fc from "fast-check";
import {
  type MemoryLevel,
  type MemoryPort,
  type Operand,
  type OperandHierarchy,
  operands,
  ways,
} from "../../src/arch/operand-hierarchy.ts";
import { type Problem, sizesOf } from "../../src/mapping/problem.ts";
import type { Unrolling } from "../../src/mapping/unrolling.ts";
import { bits, joules } from "../../src/quantity.ts";

export interface Case {
  readonly problem: Problem;
  readonly hierarchy: OperandHierarchy;
  readonly unrolling: Unrolling;
}

const held = fc.subarray([...operands], { minLength: 1 });
const moves = (holds: readonly Operand[]) =>
  holds.flatMap((operand) => ways.map((way) => ({ operand, way })));

const ports = (holds: readonly Operand[]): fc.Arbitrary<readonly MemoryPort[]> =>
  fc
    .record({
      split: fc.boolean(),
      bitsPerCycle: fc.constantFrom(8, 16, 64, 256),
      narrow: fc.constantFrom(1, 2),
    })
    .map(({ split, bitsPerCycle, narrow }) => {
      const port = (name: string, mine: MemoryPort["moves"]): MemoryPort => ({
        name,
        bitsPerCycle,
        accessBits: bitsPerCycle / narrow,
        moves: mine,
      });
      if (!split) return [port("both", moves(holds))];
      const reads = moves(holds).filter(({ way }) => way.startsWith("to"));
      const writes = moves(holds).filter(({ way }) => way.startsWith("from"));
      return [port("read", reads), port("write", writes)];
    });

const memory = (name: string, sizes: readonly number[], price: number, spans: readonly string[]) =>
  held.chain((holds) =>
    fc
      .record({
        capacity: fc.constantFrom(...sizes),
        ports: ports(holds),
        buffering: fc.constantFrom<MemoryLevel["buffering"]>("room", "single", "double", "stream"),
        price: fc.constantFrom(price, 2 * price),
      })
      .map(
        (drawn): MemoryLevel => ({
          name,
          capacity: bits(drawn.capacity),
          operands: holds,
          mayBypass: [],
          readEnergy: joules(drawn.price),
          writeEnergy: joules(drawn.price * 1.5),
          ports: drawn.ports,
          spans,
          buffering: drawn.buffering,
        }),
      ),
  );

const outermost = fc.constantFrom(8, 32, 64).map(
  (width): MemoryLevel => ({
    name: "dram",
    capacity: bits(1e9),
    operands: [...operands],
    mayBypass: [],
    readEnergy: joules(100),
    writeEnergy: joules(110),
    ports: [{ name: "both", bitsPerCycle: width, accessBits: width, moves: moves(operands) }],
    spans: ["D1", "D2"],
    buffering: "room",
  }),
);

const hierarchy = fc
  .record({
    inner: fc.oneof(
      memory("registers", [16, 32, 64, 128], 1, ["D1"]),
      memory("registers", [16, 32, 128], 0.5, []),
    ),
    hop: fc.constantFrom(0, 2),
    buffer: memory("buffer", [128, 512, 2048], 10, ["D1", "D2"]),
    dram: outermost,
  })
  .map(
    ({ inner, buffer, dram, hop }): OperandHierarchy => ({
      name: "drawn",
      array: [
        { name: "D1", size: 2 },
        { name: "D2", size: 3 },
      ],
      macEnergy: joules(0.5),
      hopEnergy: joules(hop),
      memories: [inner, buffer, dram],
    }),
  );

const problem = fc
  .record({
    sizes: fc.record({
      B: fc.constantFrom(1, 1, 2),
      K: fc.constantFrom(1, 2, 3, 4),
      C: fc.constantFrom(1, 2, 4),
      OX: fc.constantFrom(1, 2, 3, 4),
      FX: fc.constantFrom(1, 1, 3),
      G: fc.constantFrom(1, 1, 1, 2),
    }),
    stride: fc.constantFrom(1, 2),
  })
  .filter(
    ({ sizes }) => Object.values(sizes).reduce((loops, size) => loops + Math.ceil(Math.log2(size)), 0) <= 4,
  )
  .map(
    ({ sizes, stride }): Problem => ({
      name: "drawn",
      sizes: sizesOf(sizes),
      stride: { x: stride, y: 1 },
      dilation: { x: 1, y: 1 },
      input: { x: (sizes.OX - 1) * stride + sizes.FX, y: 1 },
      bits: { W: 8, I: 8, O: 8, partial: 16 },
    }),
  );

const unrolling = fc.constantFrom<Unrolling>(
  {},
  { D1: { K: 2 } },
  { D1: { C: 2 }, D2: { OX: 3 } },
  { D1: { OX: 2 }, D2: { K: 2 } },
);

/** Not drawn: memories that nothing can be put in, with which no mapping at all fits. */
export const cases: fc.Arbitrary<Case> = fc.record({ problem, hierarchy, unrolling });
