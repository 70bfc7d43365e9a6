import { statfs } from 'node:fs/promises';

/** Of the file system that a folder is on: what the user may still write, and all of it. */
export type DiskSpace = { readonly freeBytes: number; readonly totalBytes: number };

/** Undefined where the system does not say. Never rejects. */
export async function readDiskSpace(folder: string): Promise<DiskSpace | undefined> {
  try {
    const { bsize, bavail, blocks } = await statfs(folder);
    return { freeBytes: bsize * bavail, totalBytes: bsize * blocks };
  } catch {
    return undefined;
  }
}
