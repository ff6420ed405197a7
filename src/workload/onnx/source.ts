/** Where bytes come from: a file read at positions, or an array. What is not asked for is not read. */
export interface ByteSource {
  readonly size: number;
  /** Bytes from `offset` on; fewer where the source ends. */
  readonly read: (offset: number, length: number) => Uint8Array;
  /** When nothing more will be read. */
  readonly close?: () => void;
}

export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: (offset, length) => bytes.subarray(offset, offset + length),
});
