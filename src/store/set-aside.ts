import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { keyPath } from './key-path.ts';
import { makeFolder } from './make-folder.ts';
import { renameWhole } from './rename-whole.ts';
import { saysAbsent } from './store-error.ts';
import type { StoreKey } from './store.ts';

/**
 * Moves the file of `key` from below `root` to below `folder`, which is on the same disk, and replaces nothing
 * there: a second one gets a number. Resolves to its new path, to undefined where there is no such file; rejects
 * with the system's error.
 */
export async function moveAside(
  root: string,
  key: StoreKey,
  folder: string,
  clock: Clock,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  const target = await freePath(keyPath(folder, key, platform));
  await makeFolder(dirname(target));
  try {
    await renameWhole(keyPath(root, key, platform), target, platform, clock);
    return target;
  } catch (error) {
    if (saysAbsent(error)) return undefined;
    throw error;
  }
}

/** Rejects where the folder does not say what is in it: every name would look taken, for ever. */
async function freePath(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path}.${number}`;
    if (!(await isTaken(candidate))) return candidate;
  }
}

async function isTaken(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (saysAbsent(error)) return false;
    throw error;
  }
}
