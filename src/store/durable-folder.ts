import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LRUCache } from 'lru-cache';
import { errnoOf } from './store-error.ts';

/** The effect that tests replace. */
export type SyncFolder = (folder: string) => Promise<void>;

/** Folders whose own names survive a power failure, or are just being made to; the last ones used. */
const durable = new LRUCache<string, Promise<void>>({
  // As `max` it would lay out all of that at the start.
  maxSize: 10_000,
  sizeCalculation: () => 1,
});

/**
 * Makes the names in `folder` survive a power failure: its own entries each time, and its own name, like that
 * of each folder above it, once a process. A new folder is an entry of its parent, which nothing else flushes;
 * and whoever made it, this write, another one or another process, may not have come to flush it. A file system that
 * has no flush for folders keeps their names as it does. Rejects with the system's error.
 */
export async function flushFolder(folder: string, sync: SyncFolder = syncFolder): Promise<void> {
  await sync(folder).catch(ignoreUnable);
  await flushName(folder, sync);
}

/** Tells that `folder` is a new one now, whatever stood there before. */
export function isNewFolder(folder: string): void {
  durable.delete(folder);
}

function flushName(folder: string, sync: SyncFolder): Promise<void> {
  const known = durable.get(folder);
  if (known !== undefined) return known;
  const flushing = flushParent(folder, sync);
  durable.set(folder, flushing);
  flushing.catch(() => {
    if (durable.get(folder) === flushing) durable.delete(folder);
  });
  return flushing;
}

async function flushParent(folder: string, sync: SyncFolder): Promise<void> {
  const parent = dirname(folder);
  if (parent === folder) return;
  await sync(parent).catch(ignoreUnable).catch(ignoreForeign);
  await flushName(parent, sync);
}

/** Who may not even read a folder has made nothing in it. */
function ignoreForeign(error: unknown): void {
  const errno = errnoOf(error);
  if (errno !== 'EACCES' && errno !== 'EPERM') throw error;
}

/** What fsync says where folders have none (fsync(2); some network and FUSE file systems). */
function ignoreUnable(error: unknown): void {
  if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(errnoOf(error) ?? '')) throw error;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
