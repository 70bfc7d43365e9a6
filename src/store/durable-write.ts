import { constants } from 'node:fs';
import { copyFile, type FileHandle, open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { flushFolder, type SyncFolder } from './durable-folder.ts';
import { makeFolder } from './make-folder.ts';
import { ownFileName } from './own-file-name.ts';
import { type Rename, renameWhole } from './rename-whole.ts';
import type { PutSource } from './store.ts';
import { errnoOf } from './store-error.ts';

/** Readable by everybody, as the umask allows: `go` and other users read the folder too. */
const FILE_MODE = 0o644;

/** How a write is done. */
export type WriteOptions = {
  /**
   * `power-loss`: once the promise resolves the file survives a power failure.
   * `crash`: it survives a crash of this process; after a power failure it may be missing or damaged,
   * for what is checked when read or can be made again (records, lists).
   */
  readonly survives: 'power-loss' | 'crash';
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  /** Only tests give other ones. */
  readonly rename?: Rename;
  readonly sync?: SyncFolder;
  readonly syncFile?: SyncFile;
};

/** Has the content of an open file survive a power failure. */
export type SyncFile = (handle: FileHandle) => Promise<void>;

/** What was written, as its own file handle told it. */
export type Written = { readonly sizeBytes: number; readonly mtimeNs: bigint };

/**
 * Makes `source` appear at `target` whole or not at all, replacing what was there (integrity.md, "Write").
 * The system calls for bytes:
 *
 *   open(<folder>/.rondo-…, O_CREAT|O_EXCL)  write  fsync  fstat  close
 *   rename(<folder>/.rondo-…, target)
 *   open(<folder>)  fsync  close             not on Windows, which cannot
 *   the same for each folder above           once a process (flushFolder)
 *
 * A spool file skips the first line but for its fsync; on another file system (EXDEV) it is copied into
 * the folder first and left where it is. Folders are made as needed. Rejects with the system's error;
 * then no temporary file remains and a spool file is where it was, unless the last flush failed: then the file is at
 * `target`, whole, and may be gone after a power failure.
 */
export async function writeDurably(
  target: string,
  source: PutSource,
  options: WriteOptions,
): Promise<Written> {
  const folder = dirname(target);
  let written: Written;
  if ('bytes' in source) {
    written = await throughTemporary(folder, target, options, async (temporary) => {
      const handle = await openNew(temporary, folder);
      return finish(handle, options, () => handle.writeFile(source.bytes));
    });
  } else {
    written = await moveSpool(source.spoolPath, folder, target, options);
  }
  if (options.survives === 'power-loss' && options.platform !== 'win32') {
    await flushFolder(folder, options.sync);
  }
  return written;
}

async function moveSpool(
  spoolPath: string,
  folder: string,
  target: string,
  options: WriteOptions,
): Promise<Written> {
  await makeFolder(folder);
  const written = await finish(await open(spoolPath, 'r+'), options);
  try {
    await renameWhole(spoolPath, target, options.platform, options.clock, options.rename);
    return written;
  } catch (error) {
    if (errnoOf(error) !== 'EXDEV') throw error;
  }
  return throughTemporary(folder, target, options, async (temporary) => {
    await copyFile(spoolPath, temporary, constants.COPYFILE_EXCL);
    return finish(await open(temporary, 'r+'), options);
  });
}

/** Runs `fill` on a new name in the target's folder, then renames; leaves nothing behind on failure. */
async function throughTemporary(
  folder: string,
  target: string,
  options: WriteOptions,
  fill: (temporary: string) => Promise<Written>,
): Promise<Written> {
  const temporary = join(folder, ownFileName());
  try {
    const written = await fill(temporary);
    await renameWhole(temporary, target, options.platform, options.clock, options.rename);
    return written;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function openNew(path: string, folder: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', FILE_MODE);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  await makeFolder(folder);
  return open(path, 'wx', FILE_MODE);
}

async function syncFile(handle: FileHandle): Promise<void> {
  await handle.sync();
}

/** Fills, flushes, measures and closes. fstat comes last: writing is what moves the modification time. */
async function finish(
  handle: FileHandle,
  options: WriteOptions,
  fill?: () => Promise<void>,
): Promise<Written> {
  try {
    await fill?.();
    if (options.survives === 'power-loss') await (options.syncFile ?? syncFile)(handle);
    const { size, mtimeNs } = await handle.stat({ bigint: true });
    return { sizeBytes: Number(size), mtimeNs };
  } finally {
    await handle.close();
  }
}
