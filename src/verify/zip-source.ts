import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** Random access to the bytes of a zip. */
export type ZipSource = {
  readonly sizeBytes: number;
  /** The bytes from `position` on: `length` of them, fewer only where the file ends. Throws the system's error. */
  read(position: number, length: number): Buffer;
  /** The same, valid only until the next `borrow`: for all that is looked at once, which may be the whole zip. */
  borrow(position: number, length: number): Buffer;
};

/** A zip in memory. */
export function bytesSource(bytes: Uint8Array): ZipSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (position: number, length: number): Buffer => buffer.subarray(position, position + length);
  return { sizeBytes: buffer.length, read, borrow: read };
}

/**
 * Runs `use` on the file at `path` and closes it. Reads are synchronous: this runs in a worker thread
 * that has nothing else to do, and a zip of a thousand small files is read several times faster so.
 */
export async function withFileSource<T>(path: string, use: (source: ZipSource) => Promise<T>): Promise<T> {
  const fd = openSync(path, 'r');
  try {
    return await use(fileSource(fd));
  } finally {
    closeSync(fd);
  }
}

function fileSource(fd: number): ZipSource {
  let scratch = Buffer.alloc(0);
  return {
    sizeBytes: fstatSync(fd).size,
    read: (position, length) => readFully(fd, Buffer.allocUnsafe(length), position),
    borrow: (position, length) => {
      // One buffer for all: a new one for each read would grow to tens of MiB before it is collected.
      if (scratch.length < length) scratch = Buffer.allocUnsafeSlow(length);
      return readFully(fd, scratch.subarray(0, length), position);
    },
  };
}

function readFully(fd: number, into: Buffer, position: number): Buffer {
  let filled = 0;
  while (filled < into.length) {
    const count = readSync(fd, into, filled, into.length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return into.subarray(0, filled);
}
