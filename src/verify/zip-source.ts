import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Random access to the bytes of a zip. */
export type ZipSource = {
  readonly sizeBytes: number;
  /** The bytes from `position` on: `length` of them, fewer only where the file ends. Throws the system's error. */
  read(position: number, length: number): Buffer;
};

/** A zip in memory. */
export function bytesSource(bytes: Uint8Array): ZipSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    sizeBytes: buffer.length,
    read: (position, length) => buffer.subarray(position, position + length),
  };
}

/**
 * Runs `use` on the file at `path` and closes it. Reads are synchronous: this runs in a worker thread
 * that has nothing else to do, and a zip of a thousand small files is read several times faster so.
 */
export async function withFileSource<T>(path: string, use: (source: ZipSource) => Promise<T>): Promise<T> {
  const fd = openSync(path, 'r');
  try {
    return await use({ sizeBytes: fstatSync(fd).size, read: (...range) => readFully(fd, ...range) });
  } finally {
    closeSync(fd);
  }
}

function readFully(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, buffer, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
