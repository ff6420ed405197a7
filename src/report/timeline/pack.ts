/** Tasks of a unit as text: gap, length and op of each as numbers of as many bytes as they need, in base 64. */
import type { Spans } from "./timeline.ts";

export function packSpans({ starts, ends, ops }: Spans): string {
  const bytes: number[] = [];
  let free = 0;
  for (const [index, start] of starts.entries()) {
    const end = ends[index] ?? start;
    pushNumber(bytes, start - free);
    pushNumber(bytes, end - start);
    pushNumber(bytes, ops[index] ?? 0);
    free = end;
  }
  return toBase64(bytes);
}

export function unpackSpans(packed: string, tasks: number): Spans {
  const bytes = fromBase64(packed);
  const spans = {
    starts: new Float64Array(tasks),
    ends: new Float64Array(tasks),
    ops: new Uint16Array(tasks),
  };
  let at = 0;
  const next = (): number => {
    let value = 0;
    // Times may pass 2^32, so that digits are added up and not shifted.
    for (let weight = 1; ; weight *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte % 128) * weight;
      if (byte < 128) return value;
    }
  };
  let free = 0;
  for (let index = 0; index < tasks; index++) {
    const start = free + next();
    free = start + next();
    spans.starts[index] = start;
    spans.ends[index] = free;
    spans.ops[index] = next();
  }
  return spans;
}

/** Seven bits a byte, lowest first; the highest bit says that more follow. */
function pushNumber(bytes: number[], value: number): void {
  if (!(value >= 0)) throw new Error(`tasks of one unit overlap by ${-value} ticks`);
  let left = value;
  while (left >= 128) {
    bytes.push(128 + (left % 128));
    left = Math.floor(left / 128);
  }
  bytes.push(left);
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function toBase64(bytes: readonly number[]): string {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(at, at + 3);
    const group = a * 65536 + b * 256 + c;
    texts.push(
      digits.charAt(group >> 18) +
        digits.charAt((group >> 12) % 64) +
        digits.charAt((group >> 6) % 64) +
        digits.charAt(group % 64),
    );
  }
  return texts.join("");
}

function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length / 4) * 3);
  const values = new Map([...digits].map((digit, value) => [digit, value]));
  for (let at = 0; at < text.length; at += 4) {
    let group = 0;
    for (let digit = 0; digit < 4; digit++) group = group * 64 + (values.get(text.charAt(at + digit)) ?? 0);
    bytes.set([group >> 16, (group >> 8) % 256, group % 256], (at / 4) * 3);
  }
  return bytes;
}
