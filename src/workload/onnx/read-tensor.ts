/** Reads what a tensor is and where its numbers stand: TensorProto and SparseTensorProto. */
import { type ElementType, elementType } from "./element-type.ts";
import type { TensorData, TensorMessage } from "./message.ts";
import { Refused } from "./refused.ts";
import type { Field, Range, Wire } from "./wire.ts";

/** The most elements that a tensor may have: sizes and their products stay exact. */
const mostElements = 2 ** 48;

export function readTensor(wire: Wire, range: Range): TensorMessage {
  const dims: number[] = [];
  let [name, code, isExternal] = ["", 0, false];
  let raw: Range | undefined;
  const typed: { as: "float32" | "float64" | "varint"; ranges: Range[] } = { as: "varint", ranges: [] };
  const external = new Map<string, string>();
  wire.fields(range, (field) => {
    switch (field.number) {
      case 1:
        for (const dim of wire.varints(field)) dims.push(dim);
        break;
      case 2:
        code = field.value;
        break;
      case 4:
      case 5:
      case 7:
      case 10:
      case 11:
        typed.as = field.number === 4 ? "float32" : field.number === 10 ? "float64" : "varint";
        typed.ranges.push({ start: field.start, end: field.end });
        break;
      case 8:
        name = wire.text(field);
        break;
      case 9:
        raw = { start: field.start, end: field.end };
        break;
      case 13:
        readEntry(wire, field, external);
        break;
      case 14:
        isExternal = field.value === 1;
        break;
    }
  });
  const where = `initializer ${JSON.stringify(name)}`;
  const type = elementType(code, where);
  const shape = checkedShape(dims, where);
  const data = isExternal ? externalData(external, where) : inlineData(type, raw, typed);
  checkSize(shape, type, data, where);
  return { name, type, shape, data };
}

export function readSparse(wire: Wire, range: Range): TensorMessage {
  const dims: number[] = [];
  let values: TensorMessage | undefined;
  wire.fields(range, (field) => {
    if (field.number === 1) values = readTensor(wire, field);
    else if (field.number === 3) for (const dim of wire.varints(field)) dims.push(dim);
  });
  if (values === undefined) throw new Refused(`byte ${range.start}`, "a sparse tensor with values", "none");
  const { name, type, shape } = values;
  const kept = elementsOf(shape);
  return {
    name,
    type,
    shape: checkedShape(dims, `initializer ${JSON.stringify(name)}`),
    data: { kind: "sparse", kept },
  };
}

export const elementsOf = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);

/** @throws Refused for a size that no tensor has */
export function checkedShape(shape: readonly number[], where: string): readonly number[] {
  const sound = shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!sound || !(elementsOf(shape) <= mostElements))
    throw new Refused(where, `sizes of at most ${mostElements} elements together`, `[${shape.join(", ")}]`);
  return shape;
}

function readEntry(wire: Wire, range: Range, into: Map<string, string>): void {
  let [key, value] = ["", ""];
  wire.fields(range, (field: Field) => {
    if (field.number === 1) key = wire.text(field);
    else if (field.number === 2) value = wire.text(field);
  });
  into.set(key, value);
}

function externalData(entries: ReadonlyMap<string, string>, where: string): TensorData {
  const location = entries.get("location");
  if (location === undefined) throw new Refused(where, "external_data with a location", "none");
  const [offset, length] = ["offset", "length"].map((key) => entries.get(key));
  const whole = (text: string): number => {
    if (!/^\d{1,15}$/.test(text)) throw new Refused(where, "external_data in whole bytes", text);
    return Number(text);
  };
  return {
    kind: "external",
    location,
    offset: offset === undefined ? 0 : whole(offset),
    ...(length === undefined ? {} : { length: whole(length) }),
  };
}

function inlineData(
  type: ElementType,
  raw: Range | undefined,
  typed: { readonly as: "float32" | "float64" | "varint"; readonly ranges: readonly Range[] },
): TensorData {
  if (type.kind === "string") return { kind: "text" };
  return raw === undefined ? { kind: "typed", ...typed } : { kind: "raw", range: raw };
}

/** Raw and external bytes are as many as the shape says. */
function checkSize(
  shape: readonly number[],
  { name, bits }: ElementType,
  data: TensorData,
  where: string,
): void {
  const expected = Math.ceil((elementsOf(shape) * bits) / 8);
  const found =
    data.kind === "raw"
      ? data.range.end - data.range.start
      : data.kind === "external"
        ? (data.length ?? expected)
        : expected;
  if (found !== expected)
    throw new Refused(where, `[${shape.join(", ")}] of ${name}, ${expected} B`, `${found} B`);
}
