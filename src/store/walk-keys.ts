import { opendir } from 'node:fs/promises';
import { keyPath, mayBeKey } from './key-path.ts';
import { refuseLinks } from './open-inside.ts';
import { ownerOf } from './own-file-name.ts';
import { saysAbsent, storeError } from './store-error.ts';
import type { StoreKey } from './store.ts';
import { say } from '../words/text.ts';

/**
 * The keys of all files below `prefix` (`''`: all) in the folder `root`, one folder at a time; neither unfinished
 * files nor the derived `list` of an `@v` folder, nor names that no key has, and through no symbolic link. Throws RondoError E_STORE for a
 * folder that cannot be read, or passes over it where `onUnreadable` wants to be told; also for a prefix behind a link.
 */
export async function* walkKeys(
  root: string,
  prefix: string,
  platform: NodeJS.Platform,
  onUnreadable?: (error: unknown) => void,
): AsyncGenerator<StoreKey> {
  if (prefix !== '') await refuseLinks(root, `${prefix}/`);
  yield* walkFrom(root, prefix, platform, onUnreadable);
}

async function* walkFrom(
  root: string,
  prefix: string,
  platform: NodeJS.Platform,
  onUnreadable?: (error: unknown) => void,
): AsyncGenerator<StoreKey> {
  const folder = prefix === '' ? root : keyPath(root, prefix, platform);
  try {
    for await (const entry of await opendir(folder)) {
      const key = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      // People and other programs put there what they like: a folder `x\y`, the `Icon\r` of macOS.
      if (!mayBeKey(key, platform)) continue;
      if (entry.isDirectory()) yield* walkFrom(root, key, platform, onUnreadable);
      else if (entry.isFile() && isContent(entry.name, prefix)) yield key;
    }
  } catch (error) {
    if (saysAbsent(error)) return;
    if (onUnreadable !== undefined) return onUnreadable(error);
    throw storeError(prefix === '' ? say('list the copy') : say('list {prefix}', { prefix }), error);
  }
}

/** Whether a file of the folder `folder` is content: neither unfinished nor derived. */
export function isContent(name: string, folder: string): boolean {
  if (ownerOf(name) !== undefined) return false;
  return !(name === 'list' && (folder === '@v' || folder.endsWith('/@v')));
}
