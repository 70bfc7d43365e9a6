import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { etagOf, isTaken } from './evict-file.ts';
import { keyPath } from './key-path.ts';
import { makeFolder } from './make-folder.ts';
import { refuseLinks } from './open-inside.ts';
import { renameWhole } from './rename-whole.ts';
import { saysAbsent } from './store-error.ts';
import type { StoreKey } from './store.ts';

/** From where to where files are set aside, on one disk. */
export type AsideFolders = {
  readonly root: string;
  readonly quarantine: string;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
};

/**
 * Moves the file of `key`, if it is the one with this validator, from below `root` to below `quarantine`, and replaces
 * nothing there: a second one gets a number. What somebody has put in its place since it was judged stays, as in
 * evict-file.ts. Resolves to its new path, to undefined where there is no such file; rejects with the system's error, and
 * with RondoError E_STORE for one that lies behind a link.
 */
export async function moveAside(
  key: StoreKey,
  etag: string,
  { root, quarantine, clock, platform }: AsideFolders,
): Promise<string | undefined> {
  await refuseLinks(root, key);
  const path = keyPath(root, key, platform);
  if ((await etagOf(path)) !== etag) return undefined;
  const target = await freePath(keyPath(quarantine, key, platform));
  await makeFolder(dirname(target));
  try {
    await renameWhole(path, target, platform, clock);
  } catch (error) {
    if (saysAbsent(error)) return undefined;
    throw error;
  }
  return (await isTaken(target, path, etag)) ? target : undefined;
}

/** Rejects where the folder does not say what is in it: every name would look taken, for ever. */
async function freePath(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path}.${number}`;
    if (!(await isThere(candidate))) return candidate;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (saysAbsent(error)) return false;
    throw error;
  }
}
