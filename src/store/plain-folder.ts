import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import { readStoredFile } from './disk-content.ts';
import { createDiskFiles } from './disk-files.ts';
import { keyPath } from './key-path.ts';
import { openOnlyInside, type OpenForReading, realFolder } from './open-inside.ts';
import type { PutSource, StoredFile, StoreKey } from './store.ts';
import { makeFolder } from './make-folder.ts';
import { errnoOf, explain, storeError } from './store-error.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { sweepLeftovers } from './sweep.ts';
import { createVersionLists } from './version-list-file.ts';
import { walkKeys } from './walk-keys.ts';
import { say, type Text } from '../words/text.ts';

/**
 * A folder in the layout of Go's download cache that is not Rondo's copy: a GOMODCACHE to be imported, a folder
 * for `GOPROXY=file://…` to be written. Without memory, records and leftovers to sweep; whoever wrote it may be
 * anybody, and may be writing still: a link in place of a file, or of a folder above it, is not followed. All methods
 * reject with RondoError E_STORE.
 */
export type PlainFolder = {
  /** Its path as the system knows it, through no symbolic link. */
  readonly path: string;
  /** The keys of all files below the folder `prefix`, or all with `''`; without the derived lists. */
  keys(prefix: string): AsyncIterable<StoreKey>;
  /** Keys directly inside the folder `prefix`. */
  names(prefix: string): Promise<string[]>;
  /**
   * The newest tree of the checksum database `db` that the owner of this folder has seen, as it was signed: go keeps
   * it beside its GOMODCACHE (modfetch.dbClient.ReadConfig). Undefined where there is none.
   */
  latestTree(db: string): Promise<Buffer | undefined>;
  get(key: StoreKey): Promise<StoredFile | undefined>;
  /** As Store.put. */
  put(key: StoreKey, source: PutSource): Promise<StoredFile>;
  /** Has `close` look after the list of this file, too, which was here before: whoever put it may have been ended. */
  listed(key: StoreKey): void;
  /**
   * Makes the `list` of every module true of which a file was put or listed. Until then they are as they were, so that
   * nobody is led to what is not there yet.
   */
  close(): Promise<void>;
};

/** The largest file that is read into memory at once, in bytes. */
const SMALL_FILE_BYTES = 64 * 1024;

/** The download cache of the GOMODCACHE `dir`, or else `dir` itself; undefined where it is no folder. */
export async function findDownloadFolder(dir: string): Promise<string | undefined> {
  for (const folder of [join(dir, 'cache', 'download'), dir]) {
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory() === true) return folder;
  }
  return undefined;
}

/**
 * The same for a folder that need not exist, and is written: what an ended Rondo has left there unfinished is swept
 * first. Rejects with RondoError E_STORE where it cannot be made.
 */
export async function makePlainFolder(
  root: string,
  clock: Clock,
  platform: NodeJS.Platform,
): Promise<PlainFolder> {
  await makeFolder(root).catch((error: unknown) => {
    // Parents that are missing were made: what says ENOENT now takes no folders at all, like /proc.
    if (errnoOf(error) !== 'ENOENT') return failing(say('make {folder}', { folder: root }))(error);
    throw new RondoError(
      'E_STORE',
      say('cannot make {root}: no folder can be made there (ENOENT)', { root }),
      {
        hint: say('name another folder'),
        cause: error,
      },
    );
  });
  await sweepLeftovers(root, { clock, signal: new AbortController().signal });
  return openPlainFolder(root, clock, platform);
}

/**
 * The path of a folder that need not exist, as the system will know it, through no symbolic link. Rejects with
 * RondoError E_STORE where what is there of it cannot be looked at.
 */
export async function futurePath(dir: string): Promise<string> {
  const path = resolve(dir);
  const found = await realpath(path).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT' && dirname(path) !== path) return undefined;
    return failing(say('open {folder}', { folder: dir }))(error);
  });
  return found ?? join(await futurePath(dirname(path)), basename(path));
}

/** Opens the folder `root`, which exists. Rejects with RondoError E_STORE where it cannot be read. */
export async function openPlainFolder(
  root: string,
  clock: Clock,
  platform: NodeJS.Platform,
): Promise<PlainFolder> {
  const path = await realFolder(root, platform).catch(failing(say('open {folder}', { folder: root })));
  const openFile = openOnlyInside(path, platform);
  const files = createDiskFiles({
    root: path,
    memoryBytes: 0,
    smallFileBytes: SMALL_FILE_BYTES,
    clock,
    platform,
    openFile,
  });
  const problems: unknown[] = [];
  const lists = createVersionLists(path, clock, platform, (error) => problems.push(error));
  /** By folder, one of its files that a list is made of. */
  const changed = new Map<string, StoreKey>();
  const listed = (key: StoreKey): void => {
    if (/\.(?:mod|zip)$/.test(key)) changed.set(key.slice(0, key.lastIndexOf('/')), key);
  };
  return {
    path,
    keys: (prefix) => walkKeys(path, prefix, platform),
    names: (prefix) => files.names(prefix).catch(failing(say('list {prefix}', { prefix }))),
    async latestTree(db) {
      const inside = keyPath(path, `sumdb/${db}/latest`, platform);
      // <GOPATH>/pkg/mod/cache/download and <GOPATH>/pkg/sumdb.
      const pkg = join(path, '..', '..', '..');
      const beside = keyPath(pkg, `sumdb/${db}/latest`, platform);
      const found =
        (await readSmall(inside, openFile)) ?? (await readSmall(beside, openOnlyInside(pkg, platform)));
      return found?.length === 0 ? undefined : found;
    },
    get: (key) => files.get(key).catch(failing(say('read {key}', { key }))),
    async put(key, source) {
      const file = await files.put(key, source).catch(failing(say('write {key}', { key })));
      listed(key);
      return file;
    },
    listed,
    async close() {
      // One after the other: each may hold a file open.
      for (const key of changed.values()) {
        lists.changed(key);
        await lists.settled();
      }
      if (problems.length === 0) return;
      throw new RondoError(
        'E_STORE',
        say('a version list was not written: {says}', { says: explain(problems[0]).says }),
      );
    },
  };
}

async function readSmall(path: string, openFile: OpenForReading): Promise<Buffer | undefined> {
  const file = await readStoredFile(path, SMALL_FILE_BYTES, openFile).catch(() => undefined);
  return file?.bytes;
}

function failing(task: Text): (error: unknown) => never {
  return (error) => {
    throw storeError(task, error, 'user');
  };
}
