/**
 * A machine file of ZigZag 3 as a machine of ours. Sizes are in bits there, costs in pJ for an access of a port's full width; a
 * clock, a vector unit and a technology table it does not have: they are assumed, and say so.
 */
import { isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { z } from "zod";
import { type Operand, operands } from "../arch/operand-hierarchy.ts";
import type { Problem } from "../schema/problem.ts";

const port = z.strictObject({
  name: z.string(),
  type: z.enum(["read", "write", "read_write"]),
  bandwidth_min: z.int().positive(),
  bandwidth_max: z.int().positive(),
  allocation: z
    .array(
      z.string().regex(/^(I1|I2|O), *(fh|tl|fl|th)$/, { error: "an operand and a way such as `I1, tl`" }),
    )
    .min(1),
});

const memory = z.strictObject({
  size: z.int().positive(),
  r_cost: z.number().nonnegative(),
  w_cost: z.number().nonnegative(),
  area: z.number().nonnegative(),
  latency: z.number(),
  operands: z.array(z.enum(["I1", "I2", "O"])).min(1),
  ports: z.array(port).min(1),
  served_dimensions: z.array(z.string()),
  auto_cost_extraction: z.literal(false).optional(),
});

const machine = z.looseObject({
  name: z.string(),
  memories: z.record(z.string(), memory),
  operational_array: z.looseObject({
    unit_energy: z.number().nonnegative(),
    unit_area: z.number().nonnegative(),
    dimensions: z.array(z.string()).min(1),
    sizes: z.array(z.int().positive()).min(1),
  }),
});

export interface ImportedMachine {
  /** Our YAML, as data; nothing when there are problems. */
  readonly machine: Readonly<Record<string, unknown>> | undefined;
  /** What is wrong with the file, each with its line. */
  readonly problems: readonly Problem[];
  /** What was taken otherwise than it stands there. */
  readonly notes: readonly string[];
}

const operandOf: Readonly<Record<string, Operand>> = { I1: "I", I2: "W", O: "O" };
const wayOf: Readonly<Record<string, string>> = {
  tl: "toLower",
  fl: "fromLower",
  th: "toHigher",
  fh: "fromHigher",
};

/** @param file what to call the text in problems */
export function importZigzag(file: string, text: string): ImportedMachine {
  const lines = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: false, lineCounter: lines });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const refused = (problems: readonly Problem[]): ImportedMachine => ({
    machine: undefined,
    problems,
    notes: [],
  });
  if (document.errors.length > 0)
    return refused(
      document.errors.map(({ pos, message }) => ({
        ...place(pos[0]),
        code: "syntax",
        path: "",
        expected: "YAML",
        found: message,
      })),
    );
  const read = machine.safeParse(document.toJS());
  if (!read.success)
    return refused(
      read.error.issues.map(({ path, message }) => ({
        ...place(offsetOf(document, path)),
        code: "invalid",
        path: path.join("."),
        expected: "a machine file of ZigZag 3",
        found: message,
      })),
    );
  const { operational_array: array, memories } = read.data;
  if (array.dimensions.length !== array.sizes.length)
    return refused([
      {
        ...place(offsetOf(document, ["operational_array", "sizes"])),
        code: "invalid",
        path: "operational_array.sizes",
        expected: `${array.dimensions.length} sizes, one for each dimension`,
        found: String(array.sizes.length),
      },
    ]);
  const source = `${read.data.name}, a machine file of ZigZag 3.8.5`;
  const notes = doubledKeys(document, (offset) => `${file}:${lines.linePos(offset).line}`);
  return { machine: machineOf(read.data.name, source, array, memories), problems: [], notes };
}

function machineOf(
  name: string,
  source: string,
  array: z.output<typeof machine>["operational_array"],
  memories: z.output<typeof machine>["memories"],
): Readonly<Record<string, unknown>> {
  const stands = { source, sure: "read" };
  const guessed = { source: "ZigZag's machine files have none", sure: "assumed" };
  return {
    name: `${lower(name)}-mapped`,
    source,
    clock: { value: "1 GHz", ...guessed },
    devices: 1,
    dataflow: {
      name: "mapped",
      objective: "product",
      unroll: unrollable(array.dimensions, memories),
      choices: 1,
      steps: 200,
    },
    sequencer: { depth: { value: 8, ...guessed }, issue: { value: "4 cycles", ...guessed } },
    units: {
      array: {
        kind: "mac-array",
        dimensions: Object.fromEntries(array.dimensions.map((each, index) => [each, array.sizes[index]])),
        passes: { int8: 1 },
        accumulator: {
          value: "16 bit",
          source: "ZigZag's layers: outputs of 16 bit until they are final",
          sure: "read",
        },
        mac: { value: `${array.unit_energy} pJ`, ...stands },
        memories: Object.entries(memories).map(([each, memory]) => levelOf(lower(each), memory, stands)),
      },
      vector: vectorUnit(guessed),
    },
    energy: { table: "horowitz-45nm", staticPower: { value: "0 W", ...guessed } },
  };
}

/**
 * Loops for each dimension of the array: where a register of weights or sums spans it, only loops that reuse them; outputs, inputs
 * and positions on what is left.
 */
function unrollable(
  dimensions: readonly string[],
  memories: z.output<typeof machine>["memories"],
): Readonly<Record<string, readonly string[]>> {
  const spanned = (operand: string, dimension: string): boolean => {
    const innermost = Object.values(memories).find((each) => each.operands.some((held) => held === operand));
    const spans = innermost?.served_dimensions ?? [];
    return spans.includes(dimension) && spans.length < dimensions.length;
  };
  const free = [
    ["K", "G"],
    ["C", "FX"],
    ["OX", "OY"],
  ];
  return Object.fromEntries(
    dimensions.map((each) => {
      if (spanned("I2", each)) return [each, ["OX", "OY", "B"]];
      if (spanned("O", each)) return [each, ["C", "FX", "FY"]];
      return [each, free.shift() ?? ["OX", "OY"]];
    }),
  );
}

function levelOf(name: string, level: z.output<typeof memory>, origin: Readonly<Record<string, string>>) {
  const held = level.operands.map((each) => operandOf[each]);
  return {
    name,
    holds: operands.filter((operand) => held.includes(operand)),
    capacity: `${level.size / 8} B`,
    read: `${level.r_cost} pJ`,
    write: `${level.w_cost} pJ`,
    spans: level.served_dimensions,
    buffering: "room",
    ports: level.ports.map((each) => ({
      name: lower(each.name),
      width: `${each.bandwidth_max} bit`,
      ...(each.bandwidth_min === each.bandwidth_max ? {} : { access: `${each.bandwidth_min} bit` }),
      moves: each.allocation.map((entry) => {
        const [operand = "", way = ""] = entry.split(/, */);
        return `${operandOf[operand]} ${wayOf[way]}`;
      }),
    })),
    ...origin,
  };
}

const vectorUnit = (guessed: Readonly<Record<string, string>>) => ({
  kind: "vector",
  precision: "int8",
  lanes: { value: 64, ...guessed },
  add: { value: "1 cycle", ...guessed },
  multiply: { value: "1 cycle", ...guessed },
  exponential: { value: "4 cycles", ...guessed },
  reciprocal: { value: "4 cycles", ...guessed },
  reciprocalSquareRoot: { value: "4 cycles", ...guessed },
});

const lower = (name: string): string => name.toLowerCase().replaceAll("_", "-");

/** The tool's own files give a key twice; the last one holds, as it does there. */
function doubledKeys(
  document: ReturnType<typeof parseDocument>,
  at: (offset: number) => string,
): readonly string[] {
  const notes: string[] = [];
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value))
          notes.push(`${at(key.range?.[0] ?? 0)}: ${String(key.value)} stands twice; the last one holds`);
        seen.add(key.value);
      }
    },
  });
  return notes;
}

/** Where the value lies, or what is nearest to it of what is there. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if ((isScalar(node) || isMap(node)) && node.range) return node.range[0];
  }
  return 0;
}
