import { createWriteStream } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { create } from 'tar';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { nextRound } from '../kit/next-round.ts';
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
    const compress = createZstdCompress();
    const pieces = unhurried(Readable.from(pack), compress);
    await pipeline(pieces, compress, createWriteStream(partial, { flush: true }), { signal });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    signal.throwIfAborted();
    throw new RondoError('E_STORE', say('cannot write {file}: {why}', { file, why: messageOf(error) }), {
      cause: error,
    });
  }
}

/**
 * Ends only when all has been compressed. Ended with its last piece still to come, node's stream adds an empty frame
 * behind it (`_transform` and `_flush` of lib/zlib.js both end the frame), so that the file would depend on the moment.
 */
async function* unhurried(pieces: AsyncIterable<Buffer>, compress: Writable): AsyncGenerator<Buffer> {
  yield* pieces;
  while (compress.writableLength > 0) await nextRound();
}

/** The names of all files, with forward slashes, sorted. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
