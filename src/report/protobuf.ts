/**
 * Writing messages in the wire format of Protocol Buffers: keys, varints, fixed 64-bit numbers, texts, messages in messages.
 * Source: the encoding guide of Protocol Buffers.
 */
export interface Wire {
  bytes: Uint8Array;
  length: number;
}

export const newWire = (): Wire => ({ bytes: new Uint8Array(1 << 16), length: 0 });

export const written = ({ bytes, length }: Wire): Uint8Array => bytes.slice(0, length);

const wireType = { varint: 0, fixed64: 1, bytes: 2 } as const;

/** A whole number from 0 to 2^53 - 1. @throws RangeError when it is none */
export function writeUint(wire: Wire, field: number, value: number): void {
  key(wire, field, wireType.varint);
  varint(wire, value);
}

/** 64 bits, little end first. */
export function writeFixed64(wire: Wire, field: number, value: number): void {
  key(wire, field, wireType.fixed64);
  reserve(wire, 8);
  const view = new DataView(wire.bytes.buffer);
  view.setUint32(wire.length, value % 2 ** 32, true);
  view.setUint32(wire.length + 4, Math.floor(value / 2 ** 32), true);
  wire.length += 8;
}

export function writeDouble(wire: Wire, field: number, value: number): void {
  key(wire, field, wireType.fixed64);
  reserve(wire, 8);
  new DataView(wire.bytes.buffer).setFloat64(wire.length, value, true);
  wire.length += 8;
}

export function writeText(wire: Wire, field: number, text: string): void {
  writeMessage(wire, field, () => {
    for (const character of text) utf8(wire, character.codePointAt(0) ?? 0);
  });
}

/** A message as long as what `write` appends. */
export function writeMessage(wire: Wire, field: number, write: () => void): void {
  key(wire, field, wireType.bytes);
  reserve(wire, 1);
  const begin = ++wire.length;
  write();
  const size = wire.length - begin;
  // The length stands before the message and takes one byte up to 127; a longer one moves the message.
  const more = bytesOfVarint(size) - 1;
  reserve(wire, more);
  if (more > 0) wire.bytes.copyWithin(begin + more, begin, wire.length);
  wire.length = begin - 1;
  varint(wire, size);
  wire.length += size;
}

const key = (wire: Wire, field: number, type: number): void => varint(wire, field * 8 + type);

function varint(wire: Wire, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`expected a whole number from 0 to 2^53, found ${value}`);
  reserve(wire, 8);
  let rest = value;
  while (rest >= 128) {
    wire.bytes[wire.length++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  wire.bytes[wire.length++] = rest;
}

function bytesOfVarint(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}

function utf8(wire: Wire, point: number): void {
  reserve(wire, 4);
  const tails = point < 0x80 ? 0 : point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  wire.bytes[wire.length++] = ([0, 0xc0, 0xe0, 0xf0][tails] ?? 0) + (point >> (6 * tails));
  for (let tail = tails - 1; tail >= 0; tail--)
    wire.bytes[wire.length++] = 0x80 + ((point >> (6 * tail)) & 0x3f);
}

function reserve(wire: Wire, more: number): void {
  if (wire.length + more <= wire.bytes.length) return;
  const grown = new Uint8Array(Math.max(2 * wire.bytes.length, wire.length + more));
  grown.set(wire.bytes);
  wire.bytes = grown;
}
