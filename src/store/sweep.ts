import type { Stats } from 'node:fs';
import { lstat, opendir, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { isFromHere, ownerMayRun, ownerOf, processRuns } from './own-file-name.ts';

/** How old a leftover must be, so that a Rondo on another machine or in another container is left in peace. */
const LEFTOVER_AGE_MS = 24 * 60 * 60 * 1000;

/** What a sweep needs besides the folder. */
export type SweepOptions = {
  readonly clock: Clock;
  /** Ends the walk early. */
  readonly signal: AbortSignal;
  /** What lies in the folder itself only. Default: in all below it, too. */
  readonly shallow?: true;
  /** Called with each folder after all below it; must not reject. */
  readonly inFolder?: (folder: string) => Promise<void>;
  /** Only tests give another one. */
  readonly processRuns?: (pid: number) => boolean;
};

/** What was removed: files and folders that were left, and the bytes of all that was in them. */
export type Swept = { readonly count: number; readonly bytes: number };

/** Nothing was there to be removed. */
export const NOTHING_SWEPT: Swept = { count: 0, bytes: 0 };

/** Two sweeps as one. */
export function bothSwept(one: Swept, other: Swept): Swept {
  return { count: one.count + other.count, bytes: one.bytes + other.bytes };
}

/**
 * Removes Rondo's own unfinished files and folders below `folder` whose process is gone: at once where that process ran
 * here, and else when they are older than 24 h, since another machine knows it (integrity.md, "Write"). Touches nothing
 * that Rondo did not name, follows no symbolic link. Best effort: what cannot be read or removed is passed over, and it
 * never rejects.
 */
export async function sweepLeftovers(folder: string, options: SweepOptions): Promise<Swept> {
  let swept = NOTHING_SWEPT;
  try {
    // One folder at a time: a large copy is walked behind the first requests and must not crowd them.
    for await (const entry of await opendir(folder)) {
      if (options.signal.aborted) break;
      const path = join(folder, entry.name);
      const isFolder = entry.isDirectory();
      const bytes = isFolder || entry.isFile() ? await removeLeftover(path, entry.name, options) : undefined;
      if (bytes !== undefined) swept = bothSwept(swept, { count: 1, bytes });
      else if (isFolder && options.shallow !== true)
        swept = bothSwept(swept, await sweepLeftovers(path, options));
    }
    if (!options.signal.aborted) await options.inFolder?.(folder);
  } catch {
    // The folder vanished or is not ours to read.
  }
  return swept;
}

/** How many bytes are gone with it; undefined where it was none, or stays. Another process may sweep the same folder, and be faster. */
async function removeLeftover(
  path: string,
  name: string,
  options: SweepOptions,
): Promise<number | undefined> {
  try {
    const leftover = await findLeftover(path, name, options);
    if (leftover === undefined) return undefined;
    if (!leftover.isDirectory()) {
      await unlink(path);
      return leftover.size;
    }
    const bytes = await bytesBelow(path);
    await rm(path, { recursive: true });
    return bytes;
  } catch {
    return undefined;
  }
}

async function findLeftover(path: string, name: string, options: SweepOptions): Promise<Stats | undefined> {
  const owner = ownerOf(name);
  if (owner === undefined) return undefined;
  const found = await lstat(path);
  const isOld = options.clock.wallMs() - found.mtimeMs >= LEFTOVER_AGE_MS;
  if (!isOld && !isFromHere(owner)) return undefined;
  return ownerMayRun(owner, options.processRuns ?? processRuns) ? undefined : found;
}

async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
