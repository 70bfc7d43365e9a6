import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes `content` to a file beside `path`, flushes it, and has `place` put it there: after a crash there is what was
 * there before, or all of `content`. Where anything fails nothing is left of it. Rejects as node:fs does.
 */
export async function writeWhole(
  path: string,
  content: string,
  mode: number,
  place: (partial: string, path: string) => Promise<void> = rename,
): Promise<void> {
  const partial = `${path}.${randomUUID()}.tmp`;
  try {
    const handle = await open(partial, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}
