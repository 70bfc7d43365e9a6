import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RondoError } from '../errors/rondo-error.ts';
import { type ChunkPool, processChunks } from './chunk-pool.ts';
import { openAnywhere, type OpenForReading } from './open-inside.ts';
import { SharedChunks } from './shared-chunks.ts';
import { storeError } from './store-error.ts';
import { say } from '../words/text.ts';

/** Which file was promised: the one behind the path may have been replaced since. */
export type FileIdentity = { readonly sizeBytes: number; readonly mtimeNs: bigint };

/** A range of bytes, both ends included. */
type Range = { readonly start: number; readonly end: number };

/** A file that somebody reads. */
type OpenFile = {
  readonly name: string;
  /** Counted from the moment of asking, so that nobody closes it under one who waits for its opening. */
  readers: number;
  readonly opened: Promise<{ readonly handle: FileHandle; readonly chunks: SharedChunks }>;
};

/** By pool, path and identity; here from the first reader until the last one has left. */
const openFiles = new WeakMap<ChunkPool, Map<string, OpenFile>>();

/**
 * The `range` of the file at `path`, for one of many readers: they share one handle, and what several of
 * them need at about the same time is read once. A chunk is the caller's until it asks for the next one, or
 * for none. The file is opened with the first read; throws RondoError E_STORE if it is not the file of
 * `identity` any more or turns out shorter, so that no answer mixes two files.
 */
export async function* lendFile(
  path: string,
  identity: FileIdentity,
  range: Range,
  pool: ChunkPool = processChunks,
  open: OpenForReading = openAnywhere,
): AsyncGenerator<Buffer, void> {
  const file = enter(path, identity, pool, open);
  try {
    const { chunks } = await file.opened;
    for (let position = range.start; position <= range.end;) {
      const lent = chunks.lend(position, range.end + 1 - position);
      const loan = lent instanceof Promise ? await lent : lent;
      try {
        if (loan.bytes.length === 0) throw replaced();
        position += loan.bytes.length;
        yield loan.bytes;
      } finally {
        loan.release();
      }
    }
  } catch (error) {
    throw storeError(say('read a file of the copy'), error);
  } finally {
    await leave(file, pool);
  }
}

/** Whether somebody in this process reads the file at `path` now. */
export function isBeingRead(path: string, pool: ChunkPool = processChunks): boolean {
  for (const name of openFiles.get(pool)?.keys() ?? []) if (name.endsWith(` ${path}`)) return true;
  return false;
}

/** What lendFile gives as a stream whose chunks are the caller's for good. */
export function streamFile(
  path: string,
  identity: FileIdentity,
  range: Range,
  open: OpenForReading = openAnywhere,
): Readable {
  return Readable.from(copies(lendFile(path, identity, range, undefined, open)), { objectMode: false });
}

async function* copies(loans: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  for await (const bytes of loans) yield Buffer.from(bytes);
}

function enter(path: string, identity: FileIdentity, pool: ChunkPool, open: OpenForReading): OpenFile {
  const files = openFiles.get(pool) ?? new Map<string, OpenFile>();
  openFiles.set(pool, files);
  const name = `${identity.sizeBytes} ${identity.mtimeNs} ${path}`;
  let file = files.get(name);
  if (file === undefined) {
    file = { name, readers: 0, opened: openFile(path, identity, pool, open) };
    files.set(name, file);
  }
  file.readers += 1;
  return file;
}

async function leave(file: OpenFile, pool: ChunkPool): Promise<void> {
  file.readers -= 1;
  if (file.readers > 0) return;
  openFiles.get(pool)?.delete(file.name);
  const opened = await file.opened.catch(() => undefined);
  opened?.chunks.cut(0);
  await opened?.handle.close().catch(() => undefined);
}

async function openFile(
  path: string,
  identity: FileIdentity,
  pool: ChunkPool,
  open: OpenForReading,
): OpenFile['opened'] {
  const handle = await open(path);
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.size !== BigInt(identity.sizeBytes) || stats.mtimeNs !== identity.mtimeNs) throw replaced();
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
  const chunks = new SharedChunks(pool, {
    sizeBytes: () => identity.sizeBytes,
    read: async (into, length, position) => (await handle.read(into, 0, length, position)).bytesRead,
  });
  return { handle, chunks };
}

function replaced(): RondoError {
  return new RondoError('E_STORE', say('a file of the copy was replaced while it was being read'));
}
