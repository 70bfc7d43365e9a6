import { opendir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { BudgetSettings } from './budget.ts';
import type { Collector } from './collector.ts';
import type { CopyIndex } from './copy-index.ts';
import { createDiskFiles } from './disk-files.ts';
import { createDiskRecords } from './disk-records.ts';
import { createDiskWrites, type DiskWrites } from './disk-writes.ts';
import { createFolderLock } from './folder-lock.ts';
import { makeFolder } from './make-folder.ts';
import { missingFiles } from './missing-files.ts';
import type { Store, StoreKey } from './store.ts';
import { errnoOf, explain, saysAbsent, storeError } from './store-error.ts';
import { createRemovalMark } from './removal-mark.ts';
import { bothSwept, sweepLeftovers, type SweepOptions, type Swept } from './sweep.ts';
import { createUpkeep, type Upkeep } from './upkeep.ts';
import { createVersionLists, type VersionLists } from './version-list-file.ts';
import { walkKeys } from './walk-keys.ts';
import { createWriteHealth, type WriteHealth } from './write-health.ts';
import { createWriteProbe, tryToWrite } from './write-probe.ts';
import { say, type Text } from '../words/text.ts';

/** Where a copy on disk is, and how much memory and disk it may use. */
export type DiskStoreSettings = {
  /** The cache folder, absolute; made if it is missing. A GOMODCACHE may be one. */
  readonly dir: string;
  /** Memory for the small files in use, in bytes; 0 keeps none. */
  readonly memoryBytes: number;
  /** The largest file that is held in memory, in bytes. Default 64 KiB. */
  readonly smallFileBytes?: number;
  /** What still works where nothing can be written, for people. Default: as for a server. */
  readonly goesOn?: Text;
  /** Default: no bounds. */
  readonly budget?: BudgetSettings;
  readonly clock: Clock;
  readonly emit: Emit;
  /** Only tests of other platforms give it. */
  readonly platform?: NodeJS.Platform;
};

/** A copy on disk. */
export type DiskStore = Store &
  Pick<DiskWrites, 'setAside'> & {
    /** What is known of its files. */
    readonly index: CopyIndex;
    /** Gives up files that Rondo wrote until the goal is reached; none that is pinned or in use. */
    readonly collect: Collector['collect'];
    /** What `collect` would give up now. */
    readonly preview: Upkeep['preview'];
    /**
     * Resolves when what earlier processes left behind is in order: leftovers are swept, and each `list` is
     * that of its folder. Behind the first requests; if the store is closed, earlier, but for the spools, which are the
     * large ones. With what was swept. Never rejects.
     */
    readonly tidied: Promise<Swept>;
    readonly bound: Upkeep['bound'];
    /** Begins to look after the copy: makes it as small as it has to be, and compares the index if that is due. */
    tend(): void;
    /** The keys of files below the folder `prefix` (`''`: all) that Rondo has kept and not given up, and that are not there. */
    missing(prefix: string): AsyncIterable<StoreKey>;
    /** Why nothing can be written now, in words; `undefined` where it can. */
    whyNotWritable(): Promise<Text | string | undefined>;
    /** Whether new files are kept, as far as is known from the last ones. */
    isKeeping(): boolean;
    /**
     * Ends sweep and comparison, finishes the version lists, the index, and what is done under the lock. Other writes
     * still under way are their callers' to await.
     */
    close(): Promise<void>;
  };

/** The folders below a cache folder (integrity.md, "The copy"). */
export type DiskStoreFolders = {
  readonly download: string;
  readonly records: string;
  readonly spool: string;
  /** What was set aside. Made when something is. */
  readonly quarantine: string;
};

const DEFAULT_SMALL_FILE_BYTES = 64 * 1024;

/** Where things are below the cache folder `dir`. The spool stands beside the content, so that a finished spool is moved and not copied. */
export function diskStoreFolders(dir: string): DiskStoreFolders {
  return {
    download: join(dir, 'cache', 'download'),
    records: join(dir, 'rondo', 'records'),
    spool: join(dir, 'rondo', 'spool'),
    quarantine: join(dir, 'quarantine'),
  };
}

/**
 * Whether `dir` is a copy that openDiskStore need not make: it has been one, or was made for one and is empty. What
 * cannot be looked at may be one.
 */
export async function copyIsThere(dir: string): Promise<boolean> {
  const looked = (read: () => Promise<boolean>): Promise<boolean> =>
    read().catch((error: unknown) => !saysAbsent(error));
  const { download } = diskStoreFolders(dir);
  if (await looked(async () => (await stat(download)).isDirectory())) return true;
  return looked(async () => (await readdir(dir)).length === 0);
}

/**
 * Opens the copy in `dir`, in Go's own layout (modfetch.CachePath), so that a GOMODCACHE can be one and
 * `<dir>/cache/download` serves as `GOPROXY=file://…`. Any number of processes may use one folder.
 * The caller puts the key `….ziphash` itself, after the `.zip`; its bytes are the h1 without a newline
 * (modfetch.hashZip).
 * A copy that can only be read is opened all the same, and people are told. Rejects with RondoError E_CACHE_DIR
 * if the folder cannot be made or read.
 */
export async function openDiskStore(settings: DiskStoreSettings): Promise<DiskStore> {
  const { dir, clock, emit, platform = process.platform } = settings;
  const folders = diskStoreFolders(dir);
  const root = folders.download;
  const folder = dirname(folders.records);
  const health = createWriteHealth(emit, clock, settings.goesOn);
  await prepareFolders(dir, folders, health);
  const files = createDiskFiles({
    root,
    memoryBytes: settings.memoryBytes,
    smallFileBytes: settings.smallFileBytes ?? DEFAULT_SMALL_FILE_BYTES,
    clock,
    platform,
  });
  const lock = createFolderLock(folder, clock);
  const records = createDiskRecords(folders.records, lock, clock, platform);
  const lists = createVersionLists(root, clock, platform, (error) => health.failed(error));
  const mark = createRemovalMark(join(folder, 'removals'), clock, () => {
    files.forgetAll();
    records.forgetAll();
  });
  const parts = { root, folder, files, records, lists, lock, mark, health, clock, emit, platform };
  const upkeep = createUpkeep({ ...parts, recordsRoot: folders.records, budget: settings.budget ?? {} });
  const closing = new AbortController();
  const tidied = tidy(folders, lists, { clock, signal: closing.signal });
  const whyNotWritable = createWriteProbe(() => tryWrite(folders), clock);

  return {
    tidied,
    async get(key) {
      if (!mark.isFresh()) await mark.look();
      return files.get(key).catch(rethrow(say('read {key} from the copy', { key })));
    },
    recall: (key) => (mark.isFresh() ? files.recall(key) : undefined),
    async getRecord(name) {
      if (!mark.isFresh()) await mark.look();
      return records.get(name).catch(rethrow(say('read the record {name}', { name })));
    },
    recallRecord: (name) => (mark.isFresh() ? records.recall(name) : undefined),
    recordNames: (name) => records.names(name).catch(rethrow(say('list the records of {name}', { name }))),
    keys: (prefix) => walkKeys(root, prefix, platform),
    names: (prefix) => files.names(prefix).catch(rethrow(say('list {prefix} in the copy', { prefix }))),
    ...createDiskWrites({ ...parts, upkeep, quarantine: folders.quarantine }),
    index: upkeep.index,
    collect: upkeep.collect,
    preview: upkeep.preview,
    bound: upkeep.bound,
    tend: () => void upkeep.budget.enforce().then(() => upkeep.index.compare('due')),
    missing: (prefix) => missingFiles(prefix, { ...parts, recordsRoot: folders.records }),
    whyNotWritable,
    writable: async () => (await whyNotWritable()) === undefined,
    isKeeping: () => !health.isFailing(),
    async close() {
      closing.abort();
      await upkeep.close();
      await Promise.all([tidied, lists.settled()]);
      await lock.close();
    },
  };
}

function rethrow(task: Text): (error: unknown) => never {
  return (error) => {
    throw storeError(task, error);
  };
}

async function prepareFolders(dir: string, folders: DiskStoreFolders, health: WriteHealth): Promise<void> {
  try {
    for (const folder of usedFolders(folders)) {
      await makeFolder(folder);
      await tryToWrite(folder);
    }
  } catch (error) {
    // What is there can be served.
    if (await canBeRead(folders.download)) return health.failed(error);
    // Parents that are missing were made: what says ENOENT now takes no folders at all, like /proc.
    const says =
      errnoOf(error) === 'ENOENT' ? say('no folder can be made there (ENOENT)') : explain(error).says;
    throw new RondoError('E_CACHE_DIR', say('cannot use the cache folder {dir}: {says}', { dir, says }), {
      hint: say('choose a writable folder with --cache-dir'),
      cause: error,
    });
  }
}

/** Not on another disk, where this one has gone; but the spool's folder may never have been made. */
async function tryWrite({ download, spool }: DiskStoreFolders): Promise<void> {
  await stat(download);
  await makeFolder(spool);
  await tryToWrite(spool);
}

function usedFolders({ download, records, spool }: DiskStoreFolders): string[] {
  return [download, records, spool];
}

async function tidy(folders: DiskStoreFolders, lists: VersionLists, sweep: SweepOptions): Promise<Swept> {
  const toTheEnd = { ...sweep, signal: new AbortController().signal, shallow: true } as const;
  const spools = await sweepLeftovers(folders.spool, toTheEnd);
  const files = await sweepLeftovers(folders.download, {
    ...sweep,
    inFolder: (folder) => lists.mend(folder),
  });
  return bothSwept(bothSwept(spools, files), await sweepLeftovers(folders.records, sweep));
}

async function canBeRead(folder: string): Promise<boolean> {
  try {
    await (await opendir(folder)).close();
    return true;
  } catch {
    return false;
  }
}
