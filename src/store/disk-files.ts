import { readdir, unlink } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../kit/clock.ts';
import { ownBytes } from '../kit/own-bytes.ts';
import { readStoredFile, storedOnDisk } from './disk-content.ts';
import type { SyncFolder } from './durable-folder.ts';
import { type Written, writeDurably } from './durable-write.ts';
import { type Eviction, evictFile } from './evict-file.ts';
import { keyPath, mayBeKey } from './key-path.ts';
import { openAnywhere, type OpenForReading, refuseLinks } from './open-inside.ts';
import type { PutSource, StoredFile, StoreKey } from './store.ts';
import { saysAbsent } from './store-error.ts';
import { storedBytes } from './stored-bytes.ts';
import { isContent } from './walk-keys.ts';

/** What an entry of the memory costs besides its bytes. */
const ENTRY_OVERHEAD_BYTES = 500;

/**
 * The files of a copy on disk. All methods reject with the system's errors; what lists, writes or removes rejects with
 * RondoError E_STORE where a folder below the root is a link, and does nothing behind it.
 */
export type DiskFiles = {
  get(key: StoreKey): Promise<StoredFile | undefined>;
  /** From memory, or not at all. */
  recall(key: StoreKey): StoredFile | undefined;
  put(key: StoreKey, source: PutSource): Promise<StoredFile>;
  remove(key: StoreKey): Promise<void>;
  /** Nothing of this key stays in memory. */
  forget(key: StoreKey): void;
  /** Nothing stays in memory: it may all be different on disk. */
  forgetAll(): void;
  /** Removes a file, with the hash of a zip, if it is the one with this validator: evict-file.ts. */
  evict(key: StoreKey, etag: string): Promise<Eviction>;
  names(prefix: string): Promise<string[]>;
};

/** Where files are and which of them are held in memory. */
export type DiskFilesSettings = {
  readonly root: string;
  readonly memoryBytes: number;
  readonly smallFileBytes: number;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  /** Only tests give another one. */
  readonly sync?: SyncFolder;
  /** How files are opened. Default: whatever stands at their paths. */
  readonly openFile?: OpenForReading;
};

/**
 * Files below `root`, the small ones in use in memory too: a warm one is answered by one look into a
 * map, without the disk and without waiting for anybody.
 */
export function createDiskFiles(settings: DiskFilesSettings): DiskFiles {
  const { root, smallFileBytes, platform, openFile = openAnywhere } = settings;
  const memory = new LRUCache<StoreKey, StoredFile>({ maxSize: Math.max(1, settings.memoryBytes) });
  // Reads under way are shared. A put or remove takes its key out, so that a read that began before it
  // cannot remember what it found.
  const reading = new Map<StoreKey, Promise<StoredFile | undefined>>();
  const pathOf = (key: string): string => keyPath(root, key, platform);

  const remember = (key: StoreKey, file: StoredFile): void => {
    if (file.bytes === undefined) return;
    memory.set(key, file, { size: file.bytes.length + key.length + ENTRY_OVERHEAD_BYTES });
  };
  const forget = (key: StoreKey): void => {
    memory.delete(key);
    reading.delete(key);
  };
  const read = (key: StoreKey): Promise<StoredFile | undefined> => {
    const started = readStoredFile(pathOf(key), smallFileBytes, openFile)
      .then((file) => {
        if (file !== undefined && reading.get(key) === started) remember(key, file);
        return file;
      })
      .finally(() => {
        if (reading.get(key) === started) reading.delete(key);
      });
    reading.set(key, started);
    return started;
  };

  return {
    recall: (key) => memory.get(key),
    get: async (key) => memory.get(key) ?? reading.get(key) ?? read(key),
    async put(key, source) {
      const path = await ownPath(root, key, platform);
      // Forgotten also where it fails: the file may be there, and only its folder not flushed.
      const written = await write(path, source, settings).finally(() => forget(key));
      const file = await storedFrom(path, source, written, settings);
      remember(key, file);
      return file;
    },
    async remove(key) {
      const path = await ownPath(root, key, platform);
      await unlink(path).catch(ignoreAbsent);
      forget(key);
    },
    forget,
    forgetAll() {
      memory.clear();
      reading.clear();
    },
    async evict(key, etag) {
      const path = await ownPath(root, key, platform);
      const hashPath = key.endsWith('.zip') ? `${path}hash` : undefined;
      return evictFile(path, etag, hashPath).finally(() => [key, `${key}hash`].forEach(forget));
    },
    names: (prefix) => namesIn(root, prefix, platform),
  };
}

function write(
  path: string,
  source: PutSource,
  { clock, platform, sync }: DiskFilesSettings,
): Promise<Written> {
  const options = { survives: 'power-loss', platform, clock } as const;
  return writeDurably(path, source, sync === undefined ? options : { ...options, sync });
}

async function storedFrom(
  path: string,
  source: PutSource,
  written: Written,
  { smallFileBytes, openFile }: DiskFilesSettings,
): Promise<StoredFile> {
  if (written.sizeBytes > smallFileBytes) return storedOnDisk(path, written, openFile);
  if ('bytes' in source) return storedBytes(ownBytes(source.bytes), written.mtimeNs, path);
  return (await readStoredFile(path, smallFileBytes, openFile)) ?? storedOnDisk(path, written, openFile);
}

/** The path of a key behind no link, for whoever changes what is there. */
async function ownPath(root: string, key: string, platform: NodeJS.Platform): Promise<string> {
  const path = keyPath(root, key, platform);
  await refuseLinks(root, key);
  return path;
}

async function namesIn(root: string, prefix: string, platform: NodeJS.Platform): Promise<string[]> {
  const folder = keyPath(root, prefix, platform);
  await refuseLinks(root, `${prefix}/`);
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (saysAbsent(error)) return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile() && isContent(entry.name, prefix))
    .map((entry) => `${prefix}/${entry.name}`)
    .filter((key) => mayBeKey(key, platform))
    .toSorted();
}

function ignoreAbsent(error: unknown): void {
  if (!saysAbsent(error)) throw error;
}
