/** Reads what a graph says of its values: ValueInfoProto and TypeProto. */
import type { Dimension, TypeMessage, ValueMessage } from "./message.ts";
import type { Range, Wire } from "./wire.ts";

export function readValue(wire: Wire, range: Range): ValueMessage {
  let name = "";
  let type: TypeMessage | undefined;
  wire.fields(range, (field) => {
    if (field.number === 1) name = wire.text(field);
    else if (field.number === 2) type = readType(wire, field);
  });
  return type === undefined ? { name } : { name, type };
}

const others = { 4: "sequence", 5: "map", 7: "opaque value", 8: "sparse tensor", 9: "optional" } as const;

function readType(wire: Wire, range: Range): TypeMessage | undefined {
  let type: TypeMessage | undefined;
  wire.fields(range, (field) => {
    const { number } = field;
    if (number === 1) type = readTensorType(wire, field);
    else if (number === 4 || number === 5 || number === 7 || number === 8 || number === 9)
      type = { kind: others[number] };
  });
  return type;
}

function readTensorType(wire: Wire, range: Range): TypeMessage {
  let element = 0;
  let shape: readonly Dimension[] | undefined;
  wire.fields(range, (field) => {
    if (field.number === 1) element = field.value;
    else if (field.number === 2) shape = readShape(wire, field);
  });
  return shape === undefined ? { kind: "tensor", element } : { kind: "tensor", element, shape };
}

function readShape(wire: Wire, range: Range): readonly Dimension[] {
  const shape: Dimension[] = [];
  wire.fields(range, (field) => {
    if (field.number === 1) shape.push(readDimension(wire, field));
  });
  return shape;
}

/** A negative size or an empty name tells nothing. */
function readDimension(wire: Wire, range: Range): Dimension {
  let dimension: Dimension;
  wire.fields(range, (field) => {
    if (field.number === 1) dimension = field.value >= 0 ? field.value : undefined;
    else if (field.number === 2) dimension = wire.text(field) || undefined;
  });
  return dimension;
}
