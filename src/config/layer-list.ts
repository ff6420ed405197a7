/** The part of a workload's YAML that gives a network layer by layer, one after the other: `layers: [{ name: conv1, convolution: {..} }]`. */
import { z } from "zod";
import { count, wholeNumber } from "../schema/field.ts";
import { blocksOf } from "../workload/blocks.ts";
import { outputSize } from "../workload/convolution.ts";
import { parameterBits } from "../workload/count.ts";
import { encodingFields } from "../workload/encoding-fields.ts";
import type { Phase } from "../workload/graph.ts";
import type { Op } from "../workload/op.ts";

const pair = <T extends z.ZodType>(of: T) => z.tuple([of, of]);

const layer = z.strictObject({
  name: z.string().min(1).describe("its own; layers that share the first word before a dot make one block"),
  convolution: z
    .strictObject({
      height: count.describe("rows of the input"),
      width: count.describe("columns of the input"),
      channels: count,
      filters: count,
      kernel: pair(count).describe("rows and columns of the window"),
      stride: pair(count).describe("rows and columns from one window to the next"),
      padding: pair(wholeNumber).optional().describe("rows and columns of zeros at each edge; absent: none"),
      paddingEnd: pair(wholeNumber)
        .optional()
        .describe("rows of zeros at the bottom and columns on the right, where they are others"),
      groups: count.optional().describe("parts of the channels that do not mix; absent: 1"),
      bias: z.boolean().optional().describe("absent: none"),
    })
    .optional(),
  matmul: z
    .strictObject({
      rows: count.describe("of one sample"),
      inner: count,
      columns: count,
      bias: z.boolean().optional().describe("absent: none"),
    })
    .optional()
    .describe("[rows x inner] by a matrix of parameters [inner x columns]"),
  weights: encodingFields
    .optional()
    .describe(
      "how its matrix of parameters is stored, absent: dense; of a convolution the inner dimension is kernel rows, kernel columns, then channels, which change fastest",
    ),
});

export const layerFields = {
  layers: z
    .array(layer)
    .min(1)
    .optional()
    .describe("a network layer by layer, each reading the one before, instead of a model"),
  notes: z
    .array(z.string())
    .optional()
    .describe("what the workload leaves out, or takes simpler than it is; every report warns of it"),
};

type Layers = z.output<typeof layer>[];

interface LayerFields {
  readonly layers?: Layers | undefined;
  readonly batch: number;
}

interface Expected {
  readonly path: (string | number)[];
  readonly expected: string;
}

/** What is wrong with the layers, or has no place beside them. */
export function layerProblems({ layers = [], batch, ...others }: LayerFields & object): readonly Expected[] {
  const foreign = ["model", "network", "image", "batchnorm", "sequence", "inputTokens", "outputTokens"];
  const given = new Set(Object.entries(others).flatMap(([key, value]) => (value === undefined ? [] : [key])));
  const names = new Set<string>();
  return [
    ...foreign
      .filter((key) => given.has(key))
      .map((key) => ({ path: [key], expected: "nothing: the layers tell everything" })),
    ...(given.has("weights")
      ? [{ path: ["weights"], expected: "nothing: each of the layers has `weights` of its own" }]
      : []),
    ...layers.flatMap((each, index) => {
      const problems = problemsOf(each, batch, names).map(({ path, expected }) => ({
        path: ["layers", index, ...path],
        expected,
      }));
      names.add(each.name);
      return problems;
    }),
  ];
}

function problemsOf(each: Layers[number], batch: number, names: ReadonlySet<string>): readonly Expected[] {
  const { name, convolution, matmul } = each;
  if (names.has(name)) return [{ path: ["name"], expected: "a name of its own" }];
  if ((convolution === undefined) === (matmul === undefined))
    return [{ path: [], expected: "either a convolution or a matmul" }];
  if (convolution === undefined) return storageProblems(opOf(each, "input", batch));
  const { groups = 1, channels, filters } = convolution;
  if (channels % groups !== 0 || filters % groups !== 0)
    return [
      {
        path: ["convolution", "groups"],
        expected: `a divisor of ${channels} channels and ${filters} filters`,
      },
    ];
  const op = opOf(each, "input", batch);
  const size = op.kind === "convolution" ? outputSize(op) : { height: 1, width: 1 };
  return size.height >= 1 && size.width >= 1
    ? storageProblems(op)
    : [{ path: ["convolution", "kernel"], expected: "a window within the padded input" }];
}

/** The encodings know what a matrix has no room for. */
function storageProblems(op: Op): readonly Expected[] {
  try {
    parameterBits(op, "int8");
    return [];
  } catch (error) {
    if (error instanceof RangeError)
      return [{ path: ["weights"], expected: `room for all: ${error.message}` }];
    throw error;
  }
}

export function layerPhases({ layers = [], batch }: LayerFields): readonly Phase[] {
  const ops = layers.map((each, index) => opOf(each, layers[index - 1]?.name ?? "input", batch));
  return [{ name: "inference", steps: 1, tokensPerStep: 1, past: 0, blocks: blocksOf(ops) }];
}

function opOf({ name, convolution, matmul, weights }: Layers[number], input: string, batch: number): Op {
  const inputs = [input];
  const stored = weights === undefined ? {} : { encoding: weights };
  if (convolution !== undefined) {
    const { padding = [0, 0], paddingEnd, groups = 1, bias = false, ...sizes } = convolution;
    return {
      ...sizes,
      ...{ name, inputs, kind: "convolution", batch, padding, dilation: [1, 1], groups, bias },
      ...(paddingEnd === undefined ? {} : { paddingEnd }),
      ...stored,
    };
  }
  if (matmul === undefined) throw new Error(`layer ${name} is neither a convolution nor a matmul`);
  const { rows, inner, columns, bias = false } = matmul;
  return {
    ...{ name, inputs, kind: "matmul", count: 1, rows: batch * rows, inner, columns },
    right: "parameters",
    bias,
    ...stored,
  };
}
