import { lstat, opendir, unlink } from 'node:fs/promises';
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
 * Removes Rondo's own unfinished files below `folder` that are older than 24 h and whose process is gone
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
      if (entry.isDirectory()) removed += await sweepLeftovers(path, options);
      else if (entry.isFile() && (await removeLeftover(path, entry.name, options))) removed += 1;
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
    if (!(await isLeftover(path, name, options))) return false;
    await unlink(path);
    return true;
  } catch {
    return false;
  }
}

async function isLeftover(path: string, name: string, options: SweepOptions): Promise<boolean> {
  const owner = ownerOf(name);
  if (owner === undefined) return false;
  const { mtimeMs } = await lstat(path);
  if (options.clock.wallMs() - mtimeMs < LEFTOVER_AGE_MS) return false;
  return !ownerMayRun(owner, options.processRuns ?? processRuns);
}
