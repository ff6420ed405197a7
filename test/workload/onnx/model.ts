/** Writes ONNX models with onnx-proto, the way that exporters lay them out: weights are external and never there. */
import proto, { type onnx } from "onnx-proto";

const { AttributeProto, ModelProto, TensorProto } = proto.onnx;

type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | onnx.ITensorProto
  | { readonly graph: onnx.IGraphProto };

export const floatType = 1;
export const int64Type = 7;

const bytesOfType: Readonly<Record<number, number>> = { 1: 4, 3: 1, 7: 8, 9: 1, 10: 2 };

export interface ModelOptions {
  readonly opset?: number;
  readonly functions?: readonly onnx.IFunctionProto[];
  readonly domains?: readonly string[];
}

export type Model = ReturnType<typeof onnxModel>;

export function onnxModel({ opset = 17, functions = [], domains = [] }: ModelOptions = {}) {
  const graph = {
    name: "main_graph",
    node: [] as onnx.INodeProto[],
    input: [] as onnx.IValueInfoProto[],
    output: [] as onnx.IValueInfoProto[],
    initializer: [] as onnx.ITensorProto[],
  };
  const names = new Map<string, number>();
  const unique = (name: string): string => {
    const times = names.get(name) ?? 0;
    names.set(name, times + 1);
    return times === 0 ? name : `${name}_${times}`;
  };
  return {
    graph,
    input(name: string, shape: readonly (number | string)[], type = floatType): string {
      graph.input.push(valueInfo(name, shape, type));
      return name;
    },
    output(name: string, shape?: readonly (number | string)[], type = floatType): void {
      graph.output.push(shape === undefined ? { name } : valueInfo(name, shape, type));
    },
    /** Trained numbers that are not there. */
    weight(name: string, shape: readonly number[], type = floatType): string {
      const stored = unique(name);
      const bytes = shape.reduce((all, size) => all * size, bytesOfType[type] ?? 4);
      graph.initializer.push({
        name: stored,
        dims: [...shape],
        dataType: type,
        dataLocation: TensorProto.DataLocation.EXTERNAL,
        externalData: [
          { key: "location", value: "weights.bin" },
          { key: "length", value: String(bytes) },
        ],
      });
      return stored;
    },
    floats(name: string, values: readonly number[], shape: readonly number[] = []): string {
      const stored = unique(name);
      graph.initializer.push({ name: stored, dims: [...shape], dataType: floatType, floatData: [...values] });
      return stored;
    },
    ints(name: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
      const stored = unique(name);
      graph.initializer.push({ name: stored, dims: [...shape], dataType: int64Type, int64Data: [...values] });
      return stored;
    },
    /** @returns the first result's name */
    node(
      operator: string,
      inputs: readonly string[],
      attributes: Readonly<Record<string, Attribute>> = {},
      { name = "", outputs = 1, domain = "" } = {},
    ): string {
      const own = unique(name === "" ? `/${operator}` : name);
      const output = Array.from({ length: outputs }, (_, at) => `${own}_output_${at}`);
      graph.node.push(nodeOf(own, operator, inputs, output, attributes, domain));
      return output[0] ?? "";
    },
    bytes(): Uint8Array {
      const model = ModelProto.create({
        irVersion: 8,
        producerName: "test",
        opsetImport: [{ domain: "", version: opset }, ...domains.map((domain) => ({ domain, version: 1 }))],
        graph,
        functions: [...functions],
      });
      return ModelProto.encode(model).finish();
    },
  };
}

export const nodeOf = (
  name: string,
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
  domain = "",
): onnx.INodeProto => ({
  name,
  opType,
  domain,
  input: [...input],
  output: [...output],
  attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
});

function attributeOf(name: string, value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = AttributeProto;
  if (typeof value === "number") return { name, type: AttributeType.INT, i: value };
  if (typeof value === "string")
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  if (isList(value)) return { name, type: AttributeType.INTS, ints: [...value] };
  if ("float" in value) return { name, type: AttributeType.FLOAT, f: value.float };
  if ("graph" in value) return { name, type: AttributeType.GRAPH, g: value.graph };
  return { name, type: AttributeType.TENSOR, t: { ...value } };
}

const isList = (value: Attribute): value is readonly number[] => Array.isArray(value);

export const valueInfo = (
  name: string,
  shape: readonly (number | string)[],
  elemType = floatType,
): onnx.IValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType,
      shape: {
        dim: shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size })),
      },
    },
  },
});
