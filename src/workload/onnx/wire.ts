/** Protocol Buffers on the wire: fields by number. Bytes are fetched in windows, and those of skipped fields not at all. */
import { Refused } from "./refused.ts";
import type { ByteSource } from "./source.ts";

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A field of a message: a number, or where its bytes stand. */
export interface Field extends Range {
  readonly number: number;
  readonly wire: "varint" | "fixed64" | "bytes" | "fixed32";
  /** Of a varint, as a signed 64-bit number; beyond 2^53 rounded. */
  readonly value: number;
}

export interface Wire {
  readonly whole: Range;
  /** Calls back for each field of the message that stands there. @throws Refused where the bytes are none */
  readonly fields: (range: Range, take: (field: Field) => void) => void;
  /** A copy. */
  readonly bytes: (range: Range) => Uint8Array;
  readonly text: (field: Field) => string;
  readonly float32: (start: number) => number;
  readonly float64: (start: number) => number;
  /** One number, or all of a packed field. */
  readonly varints: (field: Field) => readonly number[];
  readonly floats: (field: Field) => readonly number[];
}

const windowBytes = 16384;
const longestText = 1 << 20;
const wireTypes = { 0: "varint", 1: "fixed64", 2: "bytes", 5: "fixed32" } as const;

export function wireOf(source: ByteSource): Wire {
  let [from, to] = [0, 0];
  let window: Uint8Array = new Uint8Array();
  const byteAt = (offset: number): number => {
    if (offset < from || offset >= to) {
      window = source.read(offset, windowBytes);
      [from, to] = [offset, offset + window.length];
    }
    const byte = window[offset - from];
    if (byte === undefined) throw ends(source, offset);
    return byte;
  };
  /** Value and where it ends. */
  let after = 0;
  const varint = (start: number, end: number): number => {
    let [low, high, at] = [0, 0, start];
    for (let shift = 0; ; shift += 7, at += 1) {
      if (at >= end) throw new Refused(`byte ${start}`, "a number", "the end of its message");
      if (shift > 63) throw new Refused(`byte ${start}`, "a number of at most 10 bytes", "a longer one");
      const byte = byteAt(at);
      const bits = byte & 127;
      if (shift < 28) low += bits * 2 ** shift;
      else high += bits * 2 ** (shift - 28);
      if (byte < 128) break;
    }
    after = at + 1;
    // 64 bits: the lower 28, and 36 above them of which the highest is the sign.
    const above = high % 2 ** 36;
    return (above >= 2 ** 35 ? above - 2 ** 36 : above) * 2 ** 28 + low;
  };
  const bytes = ({ start, end }: Range): Uint8Array => {
    if (start >= from && end <= to) return window.slice(start - from, end - from);
    const read = source.read(start, end - start);
    if (read.length < end - start) throw ends(source, start + read.length);
    return read.slice();
  };
  const view = (start: number, length: number): DataView => {
    const read = bytes({ start, end: start + length });
    return new DataView(read.buffer, read.byteOffset, read.byteLength);
  };
  const numbersIn = ({ wire, value, start, end }: Field): readonly number[] => {
    if (wire === "varint") return [value];
    const found: number[] = [];
    for (let at = start; at < end; at = after) found.push(varint(at, end));
    return found;
  };
  const floatsIn = ({ start, end }: Field): readonly number[] => {
    const read = view(start, end - start);
    return Array.from({ length: Math.floor(read.byteLength / 4) }, (_, index) =>
      read.getFloat32(4 * index, true),
    );
  };
  return {
    whole: { start: 0, end: source.size },
    fields({ start, end }, take) {
      let at = start;
      while (at < end) {
        const key = varint(at, end);
        const field = fieldAt(at, after, end, key, varint, () => after);
        at = field.wire === "varint" ? after : field.end;
        take(field);
      }
    },
    bytes,
    text(field) {
      if (field.wire !== "bytes") throw new Refused(`byte ${field.start}`, "a text", "a number");
      if (field.end - field.start > longestText)
        throw new Refused(`byte ${field.start}`, "a text of at most 1 MiB", `${field.end - field.start} B`);
      const { start, end } = field;
      const inside = start >= from && end <= to;
      return utf8(inside ? window.subarray(start - from, end - from) : bytes(field));
    },
    float32: (start) => view(start, 4).getFloat32(0, true),
    float64: (start) => view(start, 8).getFloat64(0, true),
    varints: numbersIn,
    floats: floatsIn,
  };
}

function fieldAt(
  start: number,
  body: number,
  end: number,
  key: number,
  varint: (start: number, end: number) => number,
  after: () => number,
): Field {
  const number = Math.floor(key / 8);
  const type = key % 8;
  if (number < 1 || !(type === 0 || type === 1 || type === 2 || type === 5))
    throw new Refused(`byte ${start}`, "a field of an ONNX message", `field ${number} of wire type ${type}`);
  const wire = wireTypes[type];
  if (wire === "varint") return { number, wire, value: varint(body, end), start: body, end: after() };
  const length = wire === "fixed32" ? 4 : wire === "fixed64" ? 8 : varint(body, end);
  const from = wire === "bytes" ? after() : body;
  if (length < 0 || from + length > end)
    throw new Refused(
      `byte ${start}`,
      `${length} bytes of field ${number}`,
      `the end of its message after ${Math.max(0, end - from)}`,
    );
  return { number, wire, value: 0, start: from, end: from + length };
}

const ends = ({ size }: ByteSource, offset: number): Refused =>
  new Refused(`byte ${offset}`, "more of the model", `the end of the file after ${size} B`);

/** What is no UTF-8 becomes U+FFFD. */
function utf8(bytes: Uint8Array): string {
  if (bytes.length < 4096 && bytes.every((byte) => byte < 0x80)) return String.fromCharCode(...bytes);
  const points: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length =
      first < 0x80 ? 1 : first >> 5 === 6 ? 2 : first >> 4 === 14 ? 3 : first >> 3 === 30 ? 4 : 0;
    const rest = Array.from(bytes.subarray(at + 1, at + length));
    const whole = length > 0 && rest.length === length - 1 && rest.every((byte) => byte >> 6 === 2);
    const head = length === 1 ? first : first & (0xff >> (length + 1));
    const point = rest.reduce((sum, byte) => sum * 64 + (byte & 63), head);
    points.push(whole && point <= 0x10ffff ? String.fromCodePoint(point) : "\ufffd");
    at += whole ? length : 1;
  }
  return points.join("");
}
