/** Models with gigabytes of inline weights, as pieces: bytes, or so many zeros that nobody writes down. */
import proto from "onnx-proto";
import type { ByteSource } from "../../../src/workload/onnx/source.ts";
import { floatType, onnxModel } from "./model.ts";

export type Piece = Uint8Array | number;

/** A chain of products [4096 x 4096] in fp32, 64 MiB of raw_data each. */
export function hugeModel(layers: number): readonly Piece[] {
  const side = 4096;
  const model = onnxModel();
  let x = model.input("x", [1, side], floatType);
  for (let layer = 0; layer < layers; layer += 1)
    x = model.node("MatMul", [x, `weight${layer}`], {}, { name: `layer${layer}` });
  model.output(x);
  const weights = Array.from({ length: layers }, (_, layer): Piece[] => {
    const header = proto.onnx.TensorProto.encode({
      dims: [side, side],
      dataType: floatType,
      name: `weight${layer}`,
    }).finish();
    const bytes = side * side * 4;
    return field(5, [header, ...field(9, [bytes])]);
  }).flat();
  const graph = field(7, [proto.onnx.GraphProto.encode(model.graph).finish(), ...weights]);
  return [
    proto.onnx.ModelProto.encode({ irVersion: 8, opsetImport: [{ domain: "", version: 17 }] }).finish(),
    ...graph,
  ];
}

const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce<number>((sum, piece) => sum + (typeof piece === "number" ? piece : piece.length), 0);

/** A field of bytes: its key, its length, its content. */
const field = (number: number, content: readonly Piece[]): Piece[] => [
  Uint8Array.from([...varint(number * 8 + 2), ...varint(lengthOf(content))]),
  ...content,
];

function varint(n: number): number[] {
  return n < 128 ? [n] : [128 + (n % 128), ...varint(Math.floor(n / 128))];
}

/** Reads the pieces, and counts what was read. */
export function pieceSource(pieces: readonly Piece[]): ByteSource & { readonly bytesRead: () => number } {
  let total = 0;
  return {
    size: lengthOf(pieces),
    bytesRead: () => total,
    read(offset, length) {
      const made = new Uint8Array(Math.max(0, Math.min(length, lengthOf(pieces) - offset)));
      total += made.length;
      let start = 0;
      for (const piece of pieces) {
        const size = typeof piece === "number" ? piece : piece.length;
        if (typeof piece !== "number" && start < offset + made.length && start + size > offset) {
          const from = Math.max(0, offset - start);
          made.set(
            piece.subarray(from, from + made.length - Math.max(0, start - offset)),
            Math.max(0, start - offset),
          );
        }
        start += size;
      }
      return made;
    },
  };
}
