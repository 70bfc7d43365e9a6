import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { keyPath } from './key-path.ts';
import { makeFolder } from './make-folder.ts';
import { refuseLinks } from './open-inside.ts';
import { renameWhole } from './rename-whole.ts';
import { saysAbsent } from './store-error.ts';
import type { StoreKey } from './store.ts';

/**
 * Moves the file of `key` from below `root` to below `folder`, which is on the same disk, and replaces nothing
 * there: a second one gets a number. Resolves to its new path, to undefined where there is no such file; rejects
 * with the system's error, and with RondoError E_STORE for one that lies behind a link.
 */
export async function moveAside(
  root: string,
  key: StoreKey,
  folder: string,
  clock: Clock,
  platform: NodeJS.Platform,
): Promise<string | undefined> {
  await refuseLinks(root, key);
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

async function freePath(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path}.${number}`;
    const isFree = await access(candidate).then(() => false, saysAbsent);
    if (isFree) return candidate;
  }
}
