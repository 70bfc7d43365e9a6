import { type FileHandle, mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Unpack } from 'tar';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { parseVersionKey } from '../gomod/parse-store-key.ts';
import { mayBeKey } from './key-path.ts';
import { makeFolder } from './make-folder.ts';
import { openAnywhere } from './open-inside.ts';
import { ownFileName } from './own-file-name.ts';
import { say, type Text } from '../words/text.ts';

/** A module zip has 500 MiB at the most, and no other file has as much. */
const MAX_FILE_BYTES = 512 * 1024 * 1024;
/** Module zips are compressed already; texts full of the same hardly come to a hundredth. */
const MAX_RATIO = 1000;
const MAX_FILES = 1_000_000;
/** A toolchain for each of some platforms, and a large project. */
const MAX_BYTES = 64 * 1024 * 1024 * 1024;

/** Where a bundle is unpacked. */
export type UnpackPlace = {
  /** The new folder is made below it. */
  readonly parent: string;
  /** So much of its disk stays free, in bytes. */
  readonly minFreeBytes: number;
  readonly platform: NodeJS.Platform;
};

/**
 * Unpacks a bundle into a new folder and gives its path; the caller removes it. Whoever wrote the bundle may be anybody:
 * only plain files are taken, with the names that a bundle has, none of them outside that folder, and no more than any
 * bundle has or the disk has room for. What they are is for the caller to verify.
 * @throws RondoError E_USAGE for what is no bundle, or is damaged; E_STORE; the signal's reason
 */
export async function unpackBundle(
  file: string,
  { parent, minFreeBytes, platform }: UnpackPlace,
  signal: AbortSignal,
): Promise<string> {
  const handle = await openBundle(file);
  try {
    return await unpackOpen(handle, file, { parent, minFreeBytes, platform }, signal);
  } finally {
    await handle.close();
  }
}

async function unpackOpen(
  handle: FileHandle,
  file: string,
  { parent, minFreeBytes, platform }: UnpackPlace,
  signal: AbortSignal,
): Promise<string> {
  const folder = await temporaryFolder(parent);
  let files = 0;
  let bytes = 0;
  let room = (await freeBytes(folder)) - minFreeBytes;
  const unpack = new Unpack({
    cwd: folder,
    zstd: true,
    maxDecompressionRatio: MAX_RATIO,
    strict: true,
    noMtime: true,
    preserveOwner: false,
    fmode: 0o600,
    dmode: 0o700,
    filter: (path, entry) => {
      if (!('type' in entry) || !['File', 'OldFile'].includes(entry.type)) return false;
      files += 1;
      bytes += entry.size;
      if (entry.size > MAX_FILE_BYTES || files > MAX_FILES || bytes > MAX_BYTES)
        throw new RondoError('E_USAGE', say('it is larger than any bundle'));
      if (!isNameOfBundle(path, platform)) return false;
      room -= entry.size + PER_FILE_BYTES;
      // What it says of its size is all that is read of it.
      if (room < 0) throw noRoom();
      return true;
    },
  });
  try {
    // Others fill the disk, too.
    const check = async (): Promise<void> => {
      if ((await freeBytes(folder)) < minFreeBytes) throw noRoom();
    };
    // What was looked at is what is read, whatever has the name by now.
    const content = handle.createReadStream({ start: 0, autoClose: false });
    await pipeline(content, into(unpack, check), { signal });
    return folder;
  } catch (error) {
    await removeFolder(folder);
    signal.throwIfAborted();
    const isDisk = saysDisk(error);
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

/** What a small file takes of a disk besides its content, at the least. */
const PER_FILE_BYTES = 4096;

/** Infinity where the system does not tell. */
async function freeBytes(folder: string): Promise<number> {
  const stats = await statfs(folder).catch(() => undefined);
  return stats === undefined ? Infinity : stats.bavail * stats.bsize;
}

function noRoom(): RondoError {
  return new RondoError('E_STORE', say('it would leave less of the disk free than min_free'));
}

/** A file of a version, a list of versions, or one of a checksum database: no other is ever read of a bundle. */
function isNameOfBundle(path: string, platform: NodeJS.Platform): boolean {
  if (!mayBeKey(path, platform)) return false;
  return parseVersionKey(path) !== undefined || path.endsWith('/@v/list') || path.startsWith('sumdb/');
}

/** What a name does that is a file and a folder at once, or longer than any, says nothing against the disk. */
const OF_NAMES: ReadonlySet<unknown> = new Set(['ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY', 'ENAMETOOLONG']);

function saysDisk(error: unknown): boolean {
  if (error instanceof RondoError) return error.code === 'E_STORE';
  if (!(error instanceof Error)) return false;
  // What tar says itself has no errno, and of a link or a file in its way a path alone.
  return 'syscall' in error && !('code' in error && OF_NAMES.has(error.code));
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
  // What tar has begun it still writes for a moment after it has failed.
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}

/** tar's own streams are none of Node's: they have no `destroy`, by which `pipeline` ends one that failed. */
function into(unpack: Unpack, check: () => Promise<void>): Writable {
  const ended = Promise.withResolvers<void>();
  unpack.on('error', ended.reject).on('close', ended.resolve);
  // Told to whoever writes next, or to `final`.
  ended.promise.catch(() => undefined);
  const takes = (chunk: Buffer): Promise<void> =>
    new Promise((resolve) => (unpack.write(chunk) ? resolve() : unpack.once('drain', resolve)));
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      Promise.race([check().then(() => takes(chunk)), ended.promise]).then(() => done(), done);
    },
    final(done) {
      unpack.end();
      ended.promise.then(() => done(), done);
    },
  });
}

/** Open to be read, and looked at: a pipe of that name waits for nobody. */
async function openBundle(file: string): Promise<FileHandle> {
  const handle = await openAnywhere(file).catch((error: unknown) => {
    throw noBundle(file, messageOf(error));
  });
  const why = await whyNoBundle(handle);
  if (why === undefined) return handle;
  await handle.close();
  throw noBundle(file, why);
}

function noBundle(file: string, why: Text | string): RondoError {
  return new RondoError('E_USAGE', say('{file} is no bundle: {why}', { file, why }), {
    hint: say('rondo sync --target FILE.tar.zst writes one'),
  });
}

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

function saidOf(error: unknown): Text | string {
  return error instanceof RondoError ? error.said.message : messageOf(error);
}

async function whyNoBundle(handle: FileHandle): Promise<Text | string | undefined> {
  try {
    if (!(await handle.stat()).isFile()) return say('it is no file');
    const magic = Buffer.alloc(ZSTD_MAGIC.length);
    const { buffer } = await handle.read(magic, 0, magic.length, 0);
    return buffer.equals(ZSTD_MAGIC) ? undefined : say('it is not compressed with zstd');
  } catch (error) {
    return messageOf(error);
  }
}
