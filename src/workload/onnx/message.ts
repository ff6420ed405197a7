/** The messages of an ONNX file as plain data; weights stay where they are, as places in the file. */
import type { ElementType } from "./element-type.ts";
import type { Range } from "./wire.ts";

export interface ModelMessage {
  readonly irVersion: number;
  readonly producer: string;
  /** Version by domain; "" is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: GraphMessage;
  /** By "domain:name". */
  readonly functions: ReadonlyMap<string, FunctionMessage>;
}

export interface GraphMessage {
  readonly name: string;
  readonly nodes: readonly NodeMessage[];
  readonly inputs: readonly ValueMessage[];
  readonly outputs: readonly ValueMessage[];
  /** What the exporter says of values in between. */
  readonly values: readonly ValueMessage[];
  readonly initializers: readonly TensorMessage[];
}

export interface FunctionMessage {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly NodeMessage[];
  readonly defaults: readonly AttributeMessage[];
  readonly opsets: ReadonlyMap<string, number>;
}

export interface NodeMessage {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  /** "" for one that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, AttributeMessage>;
}

export interface AttributeMessage {
  readonly name: string;
  /** The attribute of the enclosing function whose value it takes. */
  readonly refers: string;
  readonly float?: number;
  readonly int?: number;
  readonly text?: string;
  readonly tensor?: TensorMessage;
  readonly graph?: GraphMessage;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly texts: readonly string[];
}

export interface ValueMessage {
  readonly name: string;
  readonly type?: TypeMessage;
}

export type TypeMessage =
  | { readonly kind: "tensor"; readonly element: number; readonly shape?: readonly Dimension[] }
  | { readonly kind: "sequence" | "map" | "optional" | "sparse tensor" | "opaque value" };

/** A size, a name whose size is set at run time, or nothing known. */
export type Dimension = number | string | undefined;

export interface TensorMessage {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export type TensorData =
  | { readonly kind: "raw"; readonly range: Range }
  /** Numbers one by one in the field of their type. */
  | {
      readonly kind: "typed";
      readonly as: "float32" | "float64" | "varint";
      readonly ranges: readonly Range[];
    }
  | {
      readonly kind: "external";
      readonly location: string;
      readonly offset: number;
      readonly length?: number;
    }
  /** Only some are other than zero. */
  | { readonly kind: "sparse"; readonly kept: number }
  | { readonly kind: "text" };
