import { open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { createDiskFiles } from './disk-files.ts';
import { createFolderLock } from './folder-lock.ts';
import { createDiskRecords } from './disk-records.ts';
import { makeFolder } from './make-folder.ts';
import { ownFileName } from './own-file-name.ts';
import type { Store } from './store.ts';
import { errnoOf, explain, storeError } from './store-error.ts';
import { sweepLeftovers } from './sweep.ts';
import { walkKeys } from './walk-keys.ts';
import { completesPair, createVersionLists } from './version-list-file.ts';
import { createWriteHealth } from './write-health.ts';

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
   * Resolves when what earlier processes left behind is in order: leftovers are swept, and each `list` is
   * that of its folder. Behind the first requests; earlier if the store is closed. Never rejects.
   */
  readonly tidied: Promise<void>;
  /** Ends the sweep and finishes the version lists. Writes still under way are their callers' to await. */
  close(): Promise<void>;
};

/** The folders below a cache folder (integrity.md, "The copy"). */
export type DiskStoreFolders = {
  readonly download: string;
  readonly records: string;
  readonly spool: string;
};

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
 * (modfetch.hashZip).
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
  const health = createWriteHealth(emit);
  const lists = createVersionLists(folders.download, clock, platform, (error) => {
    const message = `a version list was not written: ${explain(error).says}`;
    emit({ type: 'notice', level: 'warn', message });
  });
  const closing = new AbortController();
  const sweep = { clock, signal: closing.signal };
  const tidied = (async () => {
    await sweepLeftovers(folders.download, { ...sweep, inFolder: (folder) => lists.mend(folder) });
    for (const folder of [folders.records, folders.spool]) await sweepLeftovers(folder, sweep);
  })();

  return {
    tidied,
    get: (key) => files.get(key).catch(rethrow(`read ${key} from the copy`)),
    recall: (key) => files.recall(key),
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
      }),
    getRecord: (name) => records.get(name).catch(rethrow(`read the record ${name}`)),
    putRecord: (name, value) => health.watch(`write the record ${name}`, () => records.put(name, value)),
    removeRecord: (name) => health.watch(`remove the record ${name}`, () => records.remove(name)),
    swapRecord: (name, expected, value) =>
      health.watch(`write the record ${name}`, () => records.swap(name, expected, value)),
    keys: (prefix) => walkKeys(folders.download, prefix, platform),
    names: (prefix) => files.names(prefix).catch(rethrow(`list ${prefix} in the copy`)),
    writable: () =>
      probe(folders.spool).then(
        () => true,
        () => false,
      ),
    async close() {
      closing.abort();
      await Promise.all([tidied, lists.settled()]);
      lock.close();
    },
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
