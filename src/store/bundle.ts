import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { create, Unpack } from 'tar';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { makeFolder } from './make-folder.ts';
import { ownFileName } from './own-file-name.ts';
import { say, type Text } from '../words/text.ts';

/** A module zip has 500 MiB at the most, and no other file has as much. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;
const MAX_FILES = 1_000_000;
/** A toolchain for each of some platforms, and a large project. */
const MAX_BYTES = 64 * 1024 * 1024 * 1024;

/**
 * Writes everything in `folder` into one `.tar.zst`, in the order of names and without owners and times, so that equal
 * folders give equal files. It is there whole or not at all.
 * @throws RondoError E_STORE; the signal's reason
 */
export async function packBundle(folder: string, file: string, signal: AbortSignal): Promise<void> {
  const partial = join(dirname(file), ownFileName());
  try {
    const names = await filesBelow(folder);
    const pack = create({ cwd: folder, portable: true, mtime: new Date(0), strict: true }, names);
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

/**
 * Unpacks a bundle into a new folder below `parent` and gives its path; the caller removes it. Whoever wrote the bundle
 * may be anybody: only plain files are taken, none of them outside that folder, and no more than any bundle has. What
 * they are is for the caller to verify.
 * @throws RondoError E_USAGE for what is no bundle, or is damaged; E_STORE; the signal's reason
 */
export async function unpackBundle(file: string, parent: string, signal: AbortSignal): Promise<string> {
  await checkBundle(file);
  const folder = await temporaryFolder(parent);
  let files = 0;
  let bytes = 0;
  const unpack = new Unpack({
    cwd: folder,
    zstd: true,
    strict: true,
    noMtime: true,
    preserveOwner: false,
    fmode: 0o600,
    dmode: 0o700,
    filter: (_path, entry) => {
      if (!('type' in entry) || !['File', 'OldFile', 'Directory'].includes(entry.type)) return false;
      files += 1;
      bytes += entry.size;
      if (entry.size > MAX_FILE_BYTES || files > MAX_FILES || bytes > MAX_BYTES)
        throw new RondoError('E_USAGE', say('it is larger than any bundle'));
      return true;
    },
  });
  try {
    await pipeline(createReadStream(file), into(unpack), { signal });
    return folder;
  } catch (error) {
    await removeFolder(folder);
    signal.throwIfAborted();
    const isDisk = error instanceof Error && 'syscall' in error;
    throw new RondoError(
      isDisk ? 'E_STORE' : 'E_USAGE',
      say('cannot unpack {file}: {why}', { file, why: saidOf(error) }),
      {
        hint: isDisk
          ? say('make room, or name another folder with --cache-dir')
          : say('was it copied whole? copy it once more'),
        cause: error,
      },
    );
  }
}

/** A new folder below `parent`, which is made: whoever made it removes it, or a sweep does so later. */
export async function temporaryFolder(parent: string): Promise<string> {
  const path = join(parent, ownFileName());
  await makeFolder(parent);
  // Not one that is there: nobody else's files may be in it.
  await mkdir(path);
  return path;
}

/** Removes a folder that `temporaryFolder` has made, or that a bundle was unpacked into. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** tar's own streams are none of Node's: they have no `destroy`, by which `pipeline` ends one that failed. */
function into(unpack: Unpack): Writable {
  const ended = Promise.withResolvers<void>();
  unpack.on('error', ended.reject).on('close', ended.resolve);
  // Told to whoever writes next, or to `final`.
  ended.promise.catch(() => undefined);
  const takes = (chunk: Buffer): Promise<void> =>
    new Promise((resolve) => (unpack.write(chunk) ? resolve() : unpack.once('drain', resolve)));
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      Promise.race([takes(chunk), ended.promise]).then(() => done(), done);
    },
    final(done) {
      unpack.end();
      ended.promise.then(() => done(), done);
    },
  });
}

async function checkBundle(file: string): Promise<void> {
  const why = await whyNoBundle(file);
  if (why === undefined) return;
  throw new RondoError('E_USAGE', say('{file} is no bundle: {why}', { file, why }), {
    hint: say('rondo sync --target FILE.tar.zst writes one'),
  });
}

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

function saidOf(error: unknown): Text | string {
  return error instanceof RondoError ? error.said.message : messageOf(error);
}

async function whyNoBundle(file: string): Promise<Text | string | undefined> {
  try {
    const handle = await open(file, 'r');
    try {
      if (!(await handle.stat()).isFile()) return say('it is no file');
      const { buffer } = await handle.read(Buffer.alloc(ZSTD_MAGIC.length), 0);
      return buffer.equals(ZSTD_MAGIC) ? undefined : say('it is not compressed with zstd');
    } finally {
      await handle.close();
    }
  } catch (error) {
    return messageOf(error);
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
