/** Elements of tensors in the file, read only where they are few. */
import type { ElementType } from "./element-type.ts";
import type { TensorMessage } from "./message.ts";
import { elementsOf } from "./read-tensor.ts";
import { Refused } from "./refused.ts";
import type { Range, Wire } from "./wire.ts";

/** Indices and shapes are read up to this many; of floating-point tensors only what may be a factor or a size. */
const mostRead = { integers: 4096, floats: 64 };

/** The elements of a small tensor. External ones are not read here. */
export function smallData(
  wire: Wire,
  { name, type, shape, data }: TensorMessage,
): readonly number[] | undefined {
  const elements = elementsOf(shape);
  if (elements > (type.kind === "float" ? mostRead.floats : mostRead.integers)) return undefined;
  if (elements === 0) return [];
  if (data.kind === "raw") return decoded(type, wire.bytes(data.range), elements);
  if (data.kind !== "typed") return undefined;
  const numbers = data.ranges.flatMap((range) => typedNumbers(wire, range, data.as));
  if (numbers.length < elements)
    throw new Refused(`initializer ${JSON.stringify(name)}`, `${elements} elements`, `${numbers.length}`);
  const halves = type.name === "float16" || type.name === "bfloat16";
  return numbers.slice(0, elements).map((x) => (halves ? halfOf(type.name, x) : x));
}

function typedNumbers(wire: Wire, range: Range, as: "float32" | "float64" | "varint"): readonly number[] {
  if (as === "varint") return wire.varints({ ...range, number: 0, wire: "bytes", value: 0 });
  const bytes = wire.bytes(range);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = as === "float32" ? 4 : 8;
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, at) =>
    as === "float32" ? view.getFloat32(4 * at, true) : view.getFloat64(8 * at, true),
  );
}

/** Elements of a type from their bytes, little end first; undefined for types whose numbers are of no use here. */
export function decoded(
  type: ElementType,
  bytes: Uint8Array,
  elements: number,
): readonly number[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[type.name];
  if (read === undefined || (elements * type.bits) / 8 > bytes.length) return undefined;
  return Array.from({ length: elements }, (_, at) => read(view, (at * type.bits) / 8));
}

const readers: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
  float16: (view, at) => halfOf("float16", view.getUint16(at, true)),
  bfloat16: (view, at) => halfOf("bfloat16", view.getUint16(at, true)),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  bool: (view, at) => view.getUint8(at),
  int16: (view, at) => view.getInt16(at, true),
  uint16: (view, at) => view.getUint16(at, true),
  int32: (view, at) => view.getInt32(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  int64: (view, at) => view.getInt32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
  uint64: (view, at) => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true),
};

/** The number of 16 bits. */
function halfOf(type: string, bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  if (type === "bfloat16") {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, (bits & 0xffff) * 2 ** 16);
    return view.getFloat32(0);
  }
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}
