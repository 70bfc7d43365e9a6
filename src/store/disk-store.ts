import { open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { createDiskFiles, type DiskFiles } from './disk-files.ts';
import { createFolderLock } from './folder-lock.ts';
import { createDiskRecords, type DiskRecords } from './disk-records.ts';
import { makeFolder } from './make-folder.ts';
import { ownFileName } from './own-file-name.ts';
import { createRemovalMark, type RemovalMark } from './removal-mark.ts';
import { moveAside } from './set-aside.ts';
import type { Store, StoreKey } from './store.ts';
import { errnoOf, explain, storeError } from './store-error.ts';
import { sweepLeftovers } from './sweep.ts';
import { walkKeys } from './walk-keys.ts';
import { completesPair, createVersionLists, type VersionLists } from './version-list-file.ts';
import { createWriteHealth, type WriteHealth } from './write-health.ts';

/** Where a copy on disk is and how much memory it may use. */
export type DiskStoreSettings = {
  /** The cache folder, absolute; made if it is missing. A GOMODCACHE may be one. */
  readonly dir: string;
  /** Memory for the small files in use, in bytes; 0 keeps none. */
  readonly memoryBytes: number;
  /** The largest file that is held in memory, in bytes. Default 64 KiB. */
  readonly smallFileBytes?: number;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Only tests of other platforms give it. */
  readonly platform?: NodeJS.Platform;
};

/** A copy on disk. */
export type DiskStore = Store & {
  /**
   * Moves a file that is not right out of the copy into `<dir>/quarantine`, under its key and perhaps a number.
   * Resolves to its new path; undefined where the copy has no such file.
   */
  setAside(key: StoreKey): Promise<string | undefined>;
  /** Ends the sweep and finishes the version lists. Writes still under way are their callers' to await. */
  close(): Promise<void>;
};

/** The folders below a cache folder (integrity.md, "The copy"). */
export type DiskStoreFolders = {
  readonly download: string;
  readonly records: string;
  readonly spool: string;
};

/** What was set aside, below a cache folder. */
const QUARANTINE = 'quarantine';

const DEFAULT_SMALL_FILE_BYTES = 64 * 1024;

/** Where things are below the cache folder `dir`. The spool stands beside the content, so that a finished spool is moved and not copied. */
export function diskStoreFolders(dir: string): DiskStoreFolders {
  return {
    download: join(dir, 'cache', 'download'),
    records: join(dir, 'rondo', 'records'),
    spool: join(dir, 'rondo', 'spool'),
  };
}

/**
 * Opens the copy in `dir`, in Go's own layout (modfetch.CachePath), so that a GOMODCACHE can be one and
 * `<dir>/cache/download` serves as `GOPROXY=file://…`. Any number of processes may use one folder.
 * The caller puts the key `….ziphash` itself, after the `.zip`; its bytes are the h1 without a newline
 * (modfetch.hashZip). Leftovers are swept behind the first requests.
 * Rejects with RondoError E_CACHE_DIR if the folder cannot be made or written.
 */
export async function openDiskStore(settings: DiskStoreSettings): Promise<DiskStore> {
  const { dir, clock, emit, platform = process.platform } = settings;
  const folders = diskStoreFolders(dir);
  await prepareFolders(dir, folders);
  const files = createDiskFiles({
    root: folders.download,
    memoryBytes: settings.memoryBytes,
    smallFileBytes: settings.smallFileBytes ?? DEFAULT_SMALL_FILE_BYTES,
    clock,
    platform,
  });
  const lock = createFolderLock(dirname(folders.records), clock);
  const records = createDiskRecords(folders.records, lock, clock, platform);
  const mark = createRemovalMark(join(dirname(folders.records), 'removals'), clock, () => {
    files.forgetAll();
    records.forgetAll();
  });
  const health = createWriteHealth(emit);
  const lists = createVersionLists(folders.download, clock, platform, (error) => {
    const message = `a version list was not written: ${explain(error).says}`;
    emit({ type: 'notice', level: 'warn', message });
  });
  const closing = new AbortController();
  const sweep = sweepAll(folders, clock, closing.signal);

  const parts: Parts = { dir, folders, files, records, lists, mark, health, clock, platform };
  return {
    ...contentMethods(parts),
    ...recordMethods(parts),
    keys: (prefix) => walkKeys(folders.download, prefix, platform),
    writable: () =>
      probe(folders.spool).then(
        () => true,
        () => false,
      ),
    async close() {
      closing.abort();
      await Promise.all([sweep, lists.settled()]);
      lock.close();
    },
  };
}

/** What the methods of an open copy share. */
type Parts = {
  readonly dir: string;
  readonly folders: DiskStoreFolders;
  readonly files: DiskFiles;
  readonly records: DiskRecords;
  readonly lists: VersionLists;
  readonly mark: RemovalMark;
  readonly health: WriteHealth;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
};

function contentMethods(
  parts: Parts,
): Pick<DiskStore, 'get' | 'recall' | 'put' | 'remove' | 'setAside' | 'names'> {
  const { dir, folders, files, lists, mark, health, clock, platform } = parts;
  return {
    async get(key) {
      if (!mark.isFresh()) await mark.look();
      return files.get(key).catch(rethrow(`read ${key} from the copy`));
    },
    recall: (key) => (mark.isFresh() ? files.recall(key) : undefined),
    put: (key, source) =>
      health.watch(`keep ${key}`, async () => {
        const file = await files.put(key, source);
        if (await completesPair(folders.download, key, platform)) lists.changed(key);
        return file;
      }),
    remove: (key) =>
      health.watch(`remove ${key}`, async () => {
        await files.remove(key);
        lists.changed(key);
        await mark.tell();
      }),
    setAside: (key) =>
      health.watch(`set ${key} aside`, async () => {
        const path = await moveAside(folders.download, key, join(dir, QUARANTINE), clock, platform);
        if (path === undefined) return undefined;
        files.forget(key);
        lists.changed(key);
        await mark.tell();
        return path;
      }),
    names: (prefix) => files.names(prefix).catch(rethrow(`list ${prefix} in the copy`)),
  };
}

function recordMethods({
  records,
  mark,
  health,
}: Parts): Pick<DiskStore, 'getRecord' | 'putRecord' | 'removeRecord' | 'recordNames' | 'swapRecord'> {
  return {
    async getRecord(name) {
      if (!mark.isFresh()) await mark.look();
      return records.get(name).catch(rethrow(`read the record ${name}`));
    },
    putRecord: (name, value) => health.watch(`write the record ${name}`, () => records.put(name, value)),
    removeRecord: (name) =>
      health.watch(`remove the record ${name}`, async () => {
        await records.remove(name);
        await mark.tell();
      }),
    recordNames: (folder) => records.names(folder).catch(rethrow(`list the records of ${folder}`)),
    swapRecord: (name, expected, value) =>
      health.watch(`write the record ${name}`, () => records.swap(name, expected, value)),
  };
}

function rethrow(task: string): (error: unknown) => never {
  return (error) => {
    throw storeError(task, error);
  };
}

async function prepareFolders(dir: string, folders: DiskStoreFolders): Promise<void> {
  try {
    for (const folder of Object.values(folders)) {
      await makeFolder(folder);
      await probe(folder);
    }
  } catch (error) {
    // Parents that are missing were made: what says ENOENT now takes no folders at all, like /proc.
    const says = errnoOf(error) === 'ENOENT' ? 'no folder can be made there (ENOENT)' : explain(error).says;
    throw new RondoError('E_CACHE_DIR', `cannot use the cache folder ${dir}: ${says}`, {
      hint: 'choose a writable folder with --cache-dir',
      cause: error,
    });
  }
}

/** Writes and removes a block: making an empty file succeeds on a full disk. Rejects with the system's error. */
async function probe(folder: string): Promise<void> {
  const path = join(folder, ownFileName());
  const handle = await open(path, 'wx', 0o644);
  try {
    await handle.writeFile(Buffer.alloc(4096));
  } finally {
    await handle.close();
    await unlink(path);
  }
}

async function sweepAll(folders: DiskStoreFolders, clock: Clock, signal: AbortSignal): Promise<void> {
  for (const folder of Object.values(folders)) await sweepLeftovers(folder, { clock, signal });
}
