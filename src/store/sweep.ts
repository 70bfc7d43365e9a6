import type { Stats } from 'node:fs';
import { lstat, opendir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { ownerMayRun, ownerOf, processRuns } from './own-file-name.ts';

/** How old a leftover must be, so that a Rondo on another machine or in another container is left in peace. */
const LEFTOVER_AGE_MS = 24 * 60 * 60 * 1000;

/** What a sweep needs besides the folder. */
export type SweepOptions = {
  readonly clock: Clock;
  /** Ends the walk early. */
  readonly signal: AbortSignal;
  /** Called with each folder after all below it; must not reject. */
  readonly inFolder?: (folder: string) => Promise<void>;
  /** Only tests give another one. */
  readonly processRuns?: (pid: number) => boolean;
};

/**
 * Removes Rondo's own unfinished files and folders below `folder` that are older than 24 h and whose process is gone
 * (integrity.md, "Write"); resolves to how many. Touches nothing that Rondo did not name, follows no
 * symbolic link. Best effort: what cannot be read or removed is passed over, and it never rejects.
 */
export async function sweepLeftovers(folder: string, options: SweepOptions): Promise<number> {
  let removed = 0;
  try {
    // One folder at a time: a large copy is walked behind the first requests and must not crowd them.
    for await (const entry of await opendir(folder)) {
      if (options.signal.aborted) break;
      const path = join(folder, entry.name);
      const isFolder = entry.isDirectory();
      if ((isFolder || entry.isFile()) && (await removeLeftover(path, entry.name, options))) removed += 1;
      else if (isFolder) removed += await sweepLeftovers(path, options);
    }
    if (!options.signal.aborted) await options.inFolder?.(folder);
  } catch {
    // The folder vanished or is not ours to read.
  }
  return removed;
}

/** Whether it was one, and is gone. Another process may sweep the same folder, and be faster. */
async function removeLeftover(path: string, name: string, options: SweepOptions): Promise<boolean> {
  try {
    const leftover = await findLeftover(path, name, options);
    if (leftover === undefined) return false;
    await (leftover.isDirectory() ? rm(path, { recursive: true }) : unlink(path));
    return true;
  } catch {
    return false;
  }
}

async function findLeftover(path: string, name: string, options: SweepOptions): Promise<Stats | undefined> {
  const owner = ownerOf(name);
  if (owner === undefined) return undefined;
  const found = await lstat(path);
  if (options.clock.wallMs() - found.mtimeMs < LEFTOVER_AGE_MS) return undefined;
  return ownerMayRun(owner, options.processRuns ?? processRuns) ? undefined : found;
}
