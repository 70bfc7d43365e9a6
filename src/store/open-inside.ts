import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import { errnoOf, saysAbsent } from './store-error.ts';
import { say } from '../words/text.ts';

/** Opens the file at a path for reading. Rejects with the system's error, or with RondoError E_STORE. */
export type OpenForReading = (path: string) => Promise<FileHandle>;

/** Not blocking: in a folder that others write the name might be a pipe. Windows has neither flag. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const READ_NO_LINK = READ | (constants.O_NOFOLLOW ?? 0);

/** Opens whatever stands at the path, links followed: in the user's own copy they are the user's. */
export const openAnywhere: OpenForReading = (path) => open(path, READ);

/**
 * Opens nothing but what lies in the folder `root` (realFolder) itself. Whoever owns the folder may put links there,
 * for the file or any folder above it, at any moment, so it is the opened file that is asked where it lies.
 */
export function openOnlyInside(root: string, platform: NodeJS.Platform): OpenForReading {
  return async (path) => {
    const name = relative(root, path);
    const handle = await open(path, READ_NO_LINK).catch((error: unknown) => {
      // What open(2) says of a link with O_NOFOLLOW; FreeBSD says the other.
      throw ['ELOOP', 'EMLINK'].includes(errnoOf(error) ?? '') ? isLink(name) : error;
    });
    try {
      if (await liesInside(handle, path, root, platform)) return handle;
      throw isLink(name);
    } catch (error) {
      await handle.close();
      throw error;
    }
  };
}

async function liesInside(
  handle: FileHandle,
  path: string,
  root: string,
  platform: NodeJS.Platform,
): Promise<boolean> {
  const name = await nameOf(handle, platform);
  if (name !== undefined) return isBelow(name, root);
  // Where the system does not tell, the next best: the path leads to this file, and through no link.
  const real = await realpath(path);
  const [there, opened] = await Promise.all([lstat(real, { bigint: true }), handle.stat({ bigint: true })]);
  return isBelow(real, root) && there.dev === opened.dev && there.ino === opened.ino;
}

/** Where an opened file lies at this moment, as the system knows it; undefined where it does not tell. */
async function nameOf(handle: FileHandle, platform: NodeJS.Platform): Promise<string | undefined> {
  if (platform !== 'linux') return undefined;
  return readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
}

function isBelow(path: string, root: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

/** The path of the folder `root` as the system knows it, through no link. Rejects with the system's error. */
export async function realFolder(root: string, platform: NodeJS.Platform): Promise<string> {
  const path = await realpath(root);
  if (platform !== 'linux') return path;
  // On a disk that ignores case its own spelling counts.
  const handle = await open(path, constants.O_RDONLY);
  try {
    return (await nameOf(handle, platform)) ?? path;
  } finally {
    await handle.close();
  }
}

/**
 * Asserts that none of the folders below `root` in which the key lies is a link: what is listed, written or removed
 * behind one would be somebody else's. Rejects with RondoError E_STORE, or the system's error.
 */
export async function refuseLinks(root: string, key: string): Promise<void> {
  const folders = key.split('/').slice(0, -1);
  if (await isPlain(root, folders)) return;
  let path = root;
  for (const name of folders) {
    path = join(path, name);
    try {
      if ((await lstat(path)).isSymbolicLink()) throw isLink(relative(root, path));
    } catch (error) {
      // Nor anything below it.
      if (saysAbsent(error)) return;
      throw error;
    }
  }
}

/**
 * Whether the folder is there, and no link leads to it: what the system makes of its path shows that in two calls. One
 * for each folder on the way is most of what a small file costs to keep.
 */
async function isPlain(root: string, folders: readonly string[]): Promise<boolean> {
  const path = join(root, ...folders);
  const [realRoot, real] = await Promise.all(
    [root, path].map((each) => realpath(each).catch(() => undefined)),
  );
  return realRoot !== undefined && real === join(realRoot, ...folders);
}

function isLink(path: string): RondoError {
  return new RondoError(
    'E_STORE',
    say('{list} is, or lies behind, a link, which is not followed', { list: path.split(sep).join('/') }),
  );
}
