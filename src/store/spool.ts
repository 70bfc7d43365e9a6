import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import { type ChunkPool, processChunks } from './chunk-pool.ts';
import { type FallbackMemory, type FallbackShare, processFallback } from './fallback-memory.ts';
import { makeFolder } from './make-folder.ts';
import { ownFileName } from './own-file-name.ts';
import { type Loan, ownedLoan, SharedChunks } from './shared-chunks.ts';
import type { PutSource } from './store.ts';
import { storeError } from './store-error.ts';
import { say, type Text } from '../words/text.ts';

/** Where spools grow and how much of one may be in memory. */
export type SpoolSettings = {
  /** The folder for spool files, best on the disk of the copy; made when first needed. */
  readonly dir: string;
  /** Up to this size in memory, beyond it in a file. Default 256 KiB. */
  readonly spillBytes?: number;
  /** Up to this size in memory where the disk fails and `fallback` has room. Default 32 MiB. */
  readonly fallbackBytes?: number;
  /** The memory of all spools whose disk has failed. Default that of the process. */
  readonly fallback?: FallbackMemory;
  /** A folder on another disk, for what is larger than that where the first one fails. Default: none. */
  readonly fallbackDir?: string;
  /** The memory through which readers of files read. Default that of the process. */
  readonly chunks?: ChunkPool;
};

/**
 * A body while it grows: one writer, any number of readers, each at a place of its own.
 *
 * When the disk fails (full, read-only, gone), what has been appended moves back into memory, the file
 * is given up, and the spool goes on there up to `fallbackBytes` and what `fallback` has, then in `fallbackDir`: a build goes on and
 * nothing of it is kept. Only where that fails too `append` rejects with RondoError E_STORE, and also then
 * everything appended before stays readable.
 */
export type Spool = {
  /** How much can be read. Only whole appends count. */
  readonly sizeBytes: number;
  /** Whether the disk has failed this spool: its content is in memory or elsewhere though it is large. */
  readonly diskFailed: boolean;
  /** Adds a copy of `chunk` at the end. One at a time. */
  append(chunk: Uint8Array): Promise<void>;
  /** Drops everything from `sizeBytes` on. No append may be under way. */
  truncate(sizeBytes: number): Promise<void>;
  /** Up to `length` bytes from `position`; fewer, but at least one, where there are fewer; none at the end. */
  read(position: number, length: number): Promise<Buffer>;
  /** The same for one of many readers: what is at about the same place is read once, and lent. */
  lend(position: number, length: number): Loan | Promise<Loan>;
  /** The whole content, for a judge. Valid until the next append, truncate or discard. */
  candidate(): { readonly bytes: Buffer } | { readonly path: string; readonly sizeBytes: number };
  /**
   * The whole content, for Store.put, which may move the file away: readers go on all the same, but from
   * then on nothing may be appended or truncated, because the file is the copy's.
   */
  source(): PutSource;
  /** Frees memory, handle and file (unless it was moved away). Reads after it reject with E_BUG. Idempotent. */
  discard(): Promise<void>;
};

const DEFAULT_SPILL_BYTES = 256 * 1024;
const DEFAULT_FALLBACK_BYTES = 32 * 1024 * 1024;
const MOVE_BYTES = 256 * 1024;

/** A new, empty spool. Nothing touches the disk before it outgrows `spillBytes`. */
export function createSpool(settings: SpoolSettings): Spool {
  return new GrowingSpool(settings);
}

/** In memory `bytes` is larger than its content; what is below `sizeBytes` never changes under a reader. */
type Place =
  | { readonly kind: 'memory'; readonly bytes: Buffer }
  | { readonly kind: 'file'; readonly path: string; readonly handle: FileHandle }
  | { readonly kind: 'discarded' };

class GrowingSpool implements Spool {
  sizeBytes = 0;
  diskFailed = false;
  /** Folders that have not been tried. */
  readonly #dirs: string[];
  readonly #spillBytes: number;
  readonly #fallbackBytes: number;
  readonly #fallback: FallbackShare;
  readonly #chunks: SharedChunks;
  #place: Place = { kind: 'memory', bytes: Buffer.alloc(0) };

  constructor(settings: SpoolSettings) {
    this.#dirs = [settings.dir, ...(settings.fallbackDir === undefined ? [] : [settings.fallbackDir])];
    this.#spillBytes = settings.spillBytes ?? DEFAULT_SPILL_BYTES;
    this.#fallbackBytes = settings.fallbackBytes ?? DEFAULT_FALLBACK_BYTES;
    this.#fallback = (settings.fallback ?? processFallback).share();
    this.#chunks = new SharedChunks(settings.chunks ?? processChunks, {
      sizeBytes: () => this.sizeBytes,
      read: (into, length, position) => this.#readInto(into, length, position),
    });
  }

  async append(chunk: Uint8Array): Promise<void> {
    if (chunk.length === 0) return;
    const place = this.#place;
    const grown = this.sizeBytes + chunk.length;
    if (place.kind === 'discarded') throw gone();
    if (place.kind === 'memory' && (this.diskFailed ? this.#mayFallBack(grown) : grown <= this.#spillBytes)) {
      this.#appendToMemory(place.bytes, chunk);
      return;
    }
    try {
      await this.#write(place.kind === 'file' ? place.handle : await this.#moveToFile(), chunk);
    } catch (error) {
      if (error instanceof RondoError) throw error;
      this.diskFailed = true;
      if (this.#mayFallBack(grown)) this.#appendToMemory(await this.#backToMemory(), chunk);
      else if (this.#dirs.length === 0) throw storeError(say('write a spool file'), error);
      else await this.#write(await this.#moveToFile(), chunk).catch(failing(say('write a spool file')));
    }
  }

  async truncate(sizeBytes: number): Promise<void> {
    const place = this.#place;
    if (place.kind === 'discarded') throw gone();
    if (sizeBytes > this.sizeBytes) throw new RondoError('E_BUG', say('a spool cannot be truncated to more'));
    this.sizeBytes = sizeBytes;
    this.#chunks.cut(sizeBytes);
    // A copy, because readers may hold views of what is overwritten next.
    if (place.kind === 'memory') {
      this.#place = { kind: 'memory', bytes: Buffer.from(place.bytes.subarray(0, sizeBytes)) };
    } else await place.handle.truncate(sizeBytes).catch(failing(say('shorten a spool file')));
  }

  async read(position: number, length: number): Promise<Buffer> {
    const place = this.#place;
    if (place.kind === 'discarded') throw gone();
    const wanted = Math.max(0, Math.min(length, this.sizeBytes - position));
    if (place.kind === 'memory') return place.bytes.subarray(position, position + wanted);
    const into = Buffer.allocUnsafe(wanted);
    return into.subarray(0, await this.#readInto(into, wanted, position));
  }

  lend(position: number, length: number): Loan | Promise<Loan> {
    return this.#place.kind === 'file'
      ? this.#chunks.lend(position, length)
      : this.read(position, length).then(ownedLoan);
  }

  candidate(): { readonly bytes: Buffer } | { readonly path: string; readonly sizeBytes: number } {
    const place = this.#place;
    if (place.kind === 'discarded') throw gone();
    if (place.kind === 'memory') return { bytes: place.bytes.subarray(0, this.sizeBytes) };
    return { path: place.path, sizeBytes: this.sizeBytes };
  }

  source(): PutSource {
    const candidate = this.candidate();
    return 'bytes' in candidate ? candidate : { spoolPath: candidate.path };
  }

  async discard(): Promise<void> {
    const place = this.#place;
    this.#place = { kind: 'discarded' };
    this.#chunks.cut(0);
    this.#fallback.leave();
    if (place.kind === 'file') await giveUp(place.path, place.handle);
  }

  async #readInto(into: Buffer, length: number, position: number): Promise<number> {
    const place = this.#place;
    if (place.kind === 'discarded') throw gone();
    // The disk may have failed since it was asked for.
    if (place.kind === 'memory') return place.bytes.copy(into, 0, position, position + length);
    if (length === 0) return 0;
    const { bytesRead } = await place.handle
      .read(into, 0, length, position)
      .catch(failing(say('read a spool file')));
    return bytesRead;
  }

  #appendToMemory(bytes: Buffer, chunk: Uint8Array): void {
    const grown = this.sizeBytes + chunk.length;
    let room = bytes;
    if (grown > bytes.length) {
      // Doubling keeps the copying linear; the old buffer stays as it is for readers that hold views.
      room = Buffer.allocUnsafeSlow(this.#roomFor(grown, bytes.length));
      bytes.copy(room, 0, 0, this.sizeBytes);
      this.#place = { kind: 'memory', bytes: room };
    }
    room.set(chunk, this.sizeBytes);
    this.sizeBytes = grown;
  }

  /** How large the memory becomes that has `roomBytes` and is to hold `grown`. */
  #roomFor(grown: number, roomBytes: number): number {
    return grown <= roomBytes
      ? roomBytes
      : Math.max(grown, Math.min(2 * roomBytes, this.#fallbackBytes), 4096);
  }

  #mayFallBack(grown: number): boolean {
    const roomBytes = this.#place.kind === 'memory' ? this.#place.bytes.length : this.sizeBytes;
    return grown <= this.#fallbackBytes && this.#fallback.reach(this.#roomFor(grown, roomBytes));
  }

  async #write(handle: FileHandle, chunk: Uint8Array): Promise<void> {
    try {
      await writeAll(handle, chunk, this.sizeBytes);
    } catch (error) {
      // A write that was half done must not become part of the content by its length.
      await handle.truncate(this.sizeBytes).catch(() => undefined);
      throw error;
    }
    this.sizeBytes += chunk.length;
  }

  /** Moves everything into a file in the next folder. */
  async #moveToFile(): Promise<FileHandle> {
    const dir = this.#dirs.shift();
    if (dir === undefined) throw new Error('the disk has failed');
    const path = join(dir, ownFileName());
    const handle = await openSpoolFile(path, dir, this.diskFailed);
    try {
      for (let done = 0; done < this.sizeBytes;) {
        const part = await this.read(done, MOVE_BYTES);
        if (part.length === 0) throw shortened();
        await writeAll(handle, part, done);
        done += part.length;
      }
    } catch (error) {
      await giveUp(path, handle);
      throw error;
    }
    const before = this.#place;
    // Discarded meanwhile: the file must not outlive it.
    if (before.kind === 'discarded') {
      await giveUp(path, handle);
      throw gone();
    }
    this.#place = { kind: 'file', path, handle };
    this.#fallback.leave();
    if (before.kind === 'file') await giveUp(before.path, before.handle);
    return handle;
  }

  async #backToMemory(): Promise<Buffer> {
    const place = this.#place;
    if (place.kind === 'discarded') throw gone();
    if (place.kind === 'memory') return place.bytes;
    const bytes = Buffer.allocUnsafeSlow(this.sizeBytes);
    for (let filled = 0; filled < bytes.length;) {
      const part = await this.read(filled, bytes.length - filled);
      if (part.length === 0) throw shortened();
      part.copy(bytes, filled);
      filled += part.length;
    }
    this.#place = { kind: 'memory', bytes };
    await giveUp(place.path, place.handle);
    return bytes;
  }
}

/**
 * Closes, which waits for the reads that have begun, and removes. A file that was moved into the copy has
 * no name here any more: then only the handle goes.
 */
async function giveUp(path: string, handle: FileHandle): Promise<void> {
  await handle.close().catch(() => undefined);
  await unlink(path).catch(() => undefined);
}

function gone(): RondoError {
  return new RondoError('E_BUG', say('a spool was used after it had been discarded'));
}

function shortened(): RondoError {
  return new RondoError('E_STORE', say('a spool file is shorter than what was written'));
}

function failing(task: Text): (error: unknown) => never {
  return (error) => {
    throw storeError(task, error);
  };
}

async function openSpoolFile(path: string, dir: string, isElsewhere: boolean): Promise<FileHandle> {
  await makeFolder(dir);
  // 0644: the file itself becomes one of the copy. Elsewhere others may look in.
  return open(path, 'wx+', isElsewhere ? 0o600 : 0o644);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
