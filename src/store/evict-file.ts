import { link, lstat, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { strongEtag } from './etag.ts';
import { ownFileName } from './own-file-name.ts';
import { errnoOf, saysAbsent } from './store-error.ts';

/** How giving up a file ended: it is gone, it was gone already, or another file stands there now. */
export type Eviction = 'evicted' | 'absent' | 'other';

/**
 * Removes the file at `path` if it is the one with this validator, and no other: what `go` or another Rondo
 * puts there meanwhile stays. So it is moved aside, looked at, and only then removed. Who has it open
 * reads on. `hashPath` is a file that says something of this one, and goes first, so that it never stands
 * alone. Rejects with the system's error.
 */
export async function evictFile(path: string, etag: string, hashPath?: string): Promise<Eviction> {
  const found = await etagOf(path);
  if (found === undefined) return 'absent';
  if (found !== etag) return 'other';
  if (hashPath !== undefined) await unlink(hashPath).catch(ignoreAbsent);
  const aside = join(dirname(path), ownFileName());
  try {
    await rename(path, aside);
  } catch (error) {
    if (saysAbsent(error)) return 'absent';
    // A folder may need a block for the new name.
    if (errnoOf(error) !== 'ENOSPC') throw error;
    await unlink(path);
    return 'evicted';
  }
  if (!(await isTaken(aside, path, etag))) return 'other';
  await unlink(aside).catch(ignoreAbsent);
  return 'evicted';
}

/**
 * Whether the file that was moved from `path` to `aside` is the one with this validator. Any other one is put back.
 * Rejects with the system's error.
 */
export async function isTaken(aside: string, path: string, etag: string): Promise<boolean> {
  if ((await etagOf(aside)) === etag) return true;
  await putBack(aside, path);
  await unlink(aside).catch(ignoreAbsent);
  return false;
}

/** Not over a third file that has come since, where the file system has links. */
async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') await rename(aside, path);
  }
}

/** The validator of the regular file at `path`; undefined where there is none. Rejects with the system's error. */
export async function etagOf(path: string): Promise<string | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    return stats.isFile() ? strongEtag(Number(stats.size), stats.mtimeNs) : undefined;
  } catch (error) {
    if (saysAbsent(error)) return undefined;
    throw error;
  }
}

function ignoreAbsent(error: unknown): void {
  if (!saysAbsent(error)) throw error;
}
