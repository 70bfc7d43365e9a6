import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../kit/clock.ts';
import { createInTurn } from '../kit/in-turn.ts';
import { type Written, writeDurably } from './durable-write.ts';
import { type Eviction, evictFile } from './evict-file.ts';
import type { FolderLock } from './folder-lock.ts';
import { keyPath, mayBeKey } from './key-path.ts';
import { ownerOf } from './own-file-name.ts';
import { decodeRecord, encodeRecord, MAX_RECORD_BYTES } from './record-codec.ts';
import { saysAbsent } from './store-error.ts';
import { walkKeys } from './walk-keys.ts';

/** Memory for records, counted by their text; parsed values take a few times as much. */
const MEMORY_BYTES = 4 * 1024 * 1024;
const ENTRY_OVERHEAD_BYTES = 200;
const SUFFIX = '.json';

/** The records of a copy on disk. All methods reject with the system's errors. */
export type DiskRecords = {
  get(name: string): Promise<unknown>;
  /** The same without a place in memory, for who reads all of them. */
  peek(name: string): Promise<unknown>;
  /** From memory, or not at all. */
  recall(name: string): unknown;
  put(name: string, value: unknown): Promise<Written>;
  remove(name: string): Promise<void>;
  /** Removes a record if it is the one with this validator: evict-file.ts. */
  evict(name: string, etag: string): Promise<Eviction>;
  /** Store.recordNames. */
  names(folder: string): Promise<string[]>;
  /** Nothing stays in memory: it may all be different on disk. */
  forgetAll(): void;
  /** Store.swapRecord. */
  swap(name: string, expected: unknown, value: unknown): Promise<boolean>;
};

/**
 * Records as `<root>/<name>.json`, the ones in use in memory too. They survive a crash but are not
 * flushed: after a power failure a recent one may be missing or damaged, which is the same as absent,
 * and then the file it speaks of is verified again. What another process has written is seen when it is
 * read for the first time here; the ages within records keep an older one harmless. What another one has
 * removed is forgotten here by forgetAll.
 */
export function createDiskRecords(
  root: string,
  lock: FolderLock,
  clock: Clock,
  platform: NodeJS.Platform,
): DiskRecords {
  const memory = new LRUCache<string, object>({ maxSize: MEMORY_BYTES });
  // A read that began before all was forgotten must not be remembered.
  let forgotten = 0;
  const turns = createInTurn();
  const pathOf = (name: string): string => recordPath(root, name, platform);
  const write = async (name: string, text: string, survives: 'crash' | 'power-loss'): Promise<Written> => {
    memory.delete(name);
    const options = { survives, platform, clock };
    const written = await writeDurably(pathOf(name), { bytes: Buffer.from(text) }, options);
    rememberIn(memory, name, text);
    return written;
  };
  const takeAway = async <T>(name: string, task: (path: string) => Promise<T>): Promise<T> => {
    const path = pathOf(name);
    return turns.run(name, () => (memory.delete(name), task(path)));
  };
  return {
    async get(name) {
      const path = pathOf(name);
      const known = memory.get(name);
      if (known !== undefined) return known;
      return turns.run(name, async () => {
        const before = forgotten;
        const text = await readText(path);
        if (text === undefined) return undefined;
        return before === forgotten ? rememberIn(memory, name, text) : decodeRecord(text);
      });
    },
    recall: (name) => memory.get(name),
    peek: async (name) => readRecord(pathOf(name)),
    put: async (name, value) => turns.run(name, () => write(name, encodeRecord(value), 'crash')),
    async swap(name, expected, value) {
      const path = pathOf(name);
      const text = encodeRecord(value);
      const before = expected === undefined ? undefined : encodeRecord(expected);
      return turns.run(name, () =>
        lock.run(async () => {
          // From the disk, whatever memory says: another process may have been here.
          const same = sameRecord(await readText(path), before);
          if (same) await write(name, text, 'power-loss');
          else memory.delete(name);
          return same;
        }),
      );
    },
    forgetAll() {
      forgotten += 1;
      memory.clear();
    },
    names: async (folder) => namesIn(root, folder, platform),
    remove: (name) => takeAway(name, (path) => unlink(path).catch(ignoreAbsent)),
    evict: (name, etag) => takeAway(name, (path) => evictFile(path, etag)),
  };
}

/** Where the record `name` is below `root`. Throws as keyPath. */
export function recordPath(root: string, name: string, platform: NodeJS.Platform): string {
  return `${keyPath(root, name, platform)}${SUFFIX}`;
}

/** The names of the answers among the records below `root`, as walkKeys. */
export function walkAnswers(
  root: string,
  platform: NodeJS.Platform,
  onUnreadable: (error: unknown) => void,
): AsyncGenerator<string> {
  return walkRecords(root, 'answers', platform, onUnreadable);
}

/** The names of the records in the folder `folder` of names and below it, as walkKeys. */
export async function* walkRecords(
  root: string,
  folder: string,
  platform: NodeJS.Platform,
  onUnreadable?: (error: unknown) => void,
): AsyncGenerator<string> {
  for await (const name of walkKeys(root, folder, platform, onUnreadable)) {
    if (name.endsWith(SUFFIX)) yield name.slice(0, -SUFFIX.length);
  }
}

function rememberIn(memory: LRUCache<string, object>, name: string, text: string): unknown {
  const value = decodeRecord(text);
  // Only objects are worth remembering, and the cache's type asks for them.
  if (typeof value === 'object' && value !== null) {
    memory.set(name, value, { size: text.length + name.length + ENTRY_OVERHEAD_BYTES });
  } else memory.delete(name);
  return value;
}

/** Whether a record's text on disk says what `expected` does; a damaged one is an absent one. */
function sameRecord(text: string | undefined, expected: string | undefined): boolean {
  const value = text === undefined ? undefined : decodeRecord(text);
  return (value === undefined ? undefined : encodeRecord(value)) === expected;
}

async function readRecord(path: string): Promise<unknown> {
  const text = await readText(path);
  return text === undefined ? undefined : decodeRecord(text);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > MAX_RECORD_BYTES) return undefined;
    return await readFile(path, 'utf8');
  } catch (error) {
    if (saysAbsent(error)) return undefined;
    throw error;
  }
}

async function namesIn(root: string, folder: string, platform: NodeJS.Platform): Promise<string[]> {
  const found = await readdir(keyPath(root, folder, platform)).catch(emptyIfAbsent);
  const names = found.filter((name) => name.endsWith(SUFFIX) && ownerOf(name) === undefined);
  return names
    .map((name) => `${folder}/${name.slice(0, -SUFFIX.length)}`)
    .filter((name) => mayBeKey(name, platform))
    .toSorted();
}

function emptyIfAbsent(error: unknown): string[] {
  if (saysAbsent(error)) return [];
  throw error;
}

function ignoreAbsent(error: unknown): void {
  if (!saysAbsent(error)) throw error;
}
