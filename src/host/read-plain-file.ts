import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';

/** What was read of a file. */
export type PlainFile = {
  readonly bytes: Buffer;
  /** There is no more in it. */
  readonly isWhole: boolean;
};

const CHUNK_BYTES = 64 * 1024;

/**
 * Reads the first `maxBytes` of a file that anybody may have put there, and nothing but a file: opening a pipe would wait for
 * whoever writes it, and a device has no end. What is asked what it is, is what is read. Rejects with the system's error,
 * or RondoError E_USAGE for what is no file.
 */
export async function readPlainFile(path: string, maxBytes: number): Promise<PlainFile> {
  // Windows has no such flag.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw new RondoError('E_USAGE', say('it is no file'));
    return await readStart(handle, maxBytes);
  } finally {
    await handle.close();
  }
}

/** The text of such a file, whole; undefined where it is longer than `maxBytes`. Rejects as readPlainFile. */
export async function readPlainText(path: string, maxBytes: number): Promise<string | undefined> {
  const { bytes, isWhole } = await readPlainFile(path, maxBytes);
  return isWhole ? bytes.toString('utf8') : undefined;
}

/** Some files of /proc have no size that could be asked before. */
async function readStart(handle: FileHandle, maxBytes: number): Promise<PlainFile> {
  const chunks: Buffer[] = [];
  let left = maxBytes;
  for (;;) {
    // One more than may be: then there is more.
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(CHUNK_BYTES, left + 1)));
    if (bytesRead > left) {
      chunks.push(buffer.subarray(0, left));
      return { bytes: Buffer.concat(chunks), isWhole: false };
    }
    chunks.push(buffer.subarray(0, bytesRead));
    if (bytesRead === 0) return { bytes: Buffer.concat(chunks), isWhole: true };
    left -= bytesRead;
  }
}
