import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isNewFolder } from './durable-folder.ts';
import { errnoOf } from './store-error.ts';

/**
 * Makes `folder` and what is missing above it, one level at a time: Node's recursive mkdir never ends where
 * a parent is there and yet says ENOENT, as /proc does, and says ENOENT of a read-only disk. Rejects with the
 * system's error.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  try {
    await mkdir(folder);
    isNewFolder(folder);
  } catch (error) {
    // Another process may have been faster.
    if (errnoOf(error) !== 'EEXIST' || !(await isFolder(folder))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
