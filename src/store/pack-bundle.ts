import { createWriteStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { create } from 'tar';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { ownFileName } from './own-file-name.ts';
import { say } from '../words/text.ts';

/**
 * Writes everything in `folder` into one `.tar.zst`, in the order of names and without owners and times, so that equal
 * folders give equal files. It is there whole or not at all.
 * @throws RondoError E_STORE; the signal's reason
 */
export async function packBundle(folder: string, file: string, signal: AbortSignal): Promise<void> {
  const partial = join(dirname(file), ownFileName());
  try {
    const names = await filesBelow(folder);
    const options = { cwd: folder, portable: true, mtime: new Date(0), strict: true };
    // An archive of nothing is none to tar: the folder itself stands in it.
    const pack = create(options, names.length === 0 ? ['.'] : names);
    await pipeline(Readable.from(pack), createZstdCompress(), createWriteStream(partial, { flush: true }), {
      signal,
    });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    signal.throwIfAborted();
    throw new RondoError('E_STORE', say('cannot write {file}: {why}', { file, why: messageOf(error) }), {
      cause: error,
    });
  }
}

/** The names of all files, with forward slashes, sorted. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
