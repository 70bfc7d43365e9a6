import { lstat } from 'node:fs/promises';
import { strongEtag } from './etag.ts';
import { recordPath, walkAnswers } from './disk-records.ts';
import type { IndexDatabase, KnownFile } from './index-database.ts';
import { type IndexRow, keepingOf, rowOf } from './index-row.ts';
import { keyPath } from './key-path.ts';
import type { Provenance, StoreKey } from './store.ts';
import { saysAbsent } from './store-error.ts';
import { walkKeys } from './walk-keys.ts';

/** So many files are looked up and written at once: neither memory nor the event loop notices. */
const STEP = 100;

/** What a walk needs. */
export type IndexWalk = {
  /** The folder of the content. */
  readonly root: string;
  /** The folder of the records, of which the answers have rows too. */
  readonly recordsRoot: string;
  readonly platform: NodeJS.Platform;
  /** Runs a task on the index; resolves to undefined where the index does not work. */
  readonly use: <T>(task: (database: IndexDatabase) => T) => Promise<T | undefined>;
  readonly readProvenance: (key: StoreKey) => Promise<Provenance | undefined>;
  /** Ends the walk early. What was found until then stays, and the next walk passes over it quickly. */
  readonly signal: AbortSignal;
};

/**
 * Makes the rows what the folder is, one file after another so that the first requests are not crowded:
 * files without a row get one from their provenance, rows whose file is gone or another one follow it.
 * False where it ended early: told to, or the index or the folder cannot be read.
 */
export async function walkIntoIndex(walk: IndexWalk): Promise<boolean> {
  try {
    return (await addMissing(walk)) && (await followFiles(walk));
  } catch {
    // The disk fails: the next walk may do better.
    return false;
  }
}

async function addMissing(walk: IndexWalk): Promise<boolean> {
  let keys: StoreKey[] = [];
  const look = async (): Promise<boolean> => {
    const unknown = await walk.use((database) => keys.filter((key) => database.get(key) === undefined));
    keys = [];
    return unknown !== undefined && mendRows(walk, unknown);
  };
  // What is not ours to read is not ours to count.
  for await (const key of allKeys(walk)) {
    if (walk.signal.aborted) return false;
    keys.push(key);
    if (keys.length >= STEP && !(await look())) return false;
  }
  return look();
}

async function* allKeys({ root, recordsRoot, platform }: IndexWalk): AsyncGenerator<StoreKey> {
  yield* walkKeys(root, '', platform, () => undefined);
  yield* walkAnswers(recordsRoot, platform, () => undefined);
}

async function followFiles(walk: IndexWalk): Promise<boolean> {
  for (let after: StoreKey = ''; ;) {
    const page = await walk.use((database) => database.page(after, STEP));
    const last = page?.at(-1);
    if (page === undefined || walk.signal.aborted) return false;
    if (last === undefined) return true;
    after = last.key;
    const gone: KnownFile[] = [];
    const changed: StoreKey[] = [];
    for (const row of page) {
      const etag = (await lookAt(walk, row.key))?.etag;
      if (etag === undefined) gone.push(row);
      else if (etag !== row.etag) changed.push(row.key);
    }
    if (gone.length > 0 && (await walk.use((database) => (database.gone(gone), true))) === undefined)
      return false;
    if (!(await mendRows(walk, changed))) return false;
  }
}

/** Makes rows for files from what the folder and the records say now. False where the index does not take them. */
export async function mendRows(walk: Omit<IndexWalk, 'signal'>, keys: readonly StoreKey[]): Promise<boolean> {
  const rows: IndexRow[] = [];
  for (const key of keys) {
    const file = await lookAt(walk, key);
    if (file !== undefined) rows.push(rowOf(key, file, await walk.readProvenance(key)));
  }
  if (rows.length === 0) return true;
  return (await walk.use((database) => (database.found(rows), true))) === true;
}

async function lookAt(
  { root, recordsRoot, platform }: Pick<IndexWalk, 'root' | 'recordsRoot' | 'platform'>,
  key: StoreKey,
): Promise<{ sizeBytes: number; etag: string; modifiedMs: number } | undefined> {
  try {
    const isAnswer = keepingOf(key) === 'answers';
    const path = isAnswer ? recordPath(recordsRoot, key, platform) : keyPath(root, key, platform);
    const stats = await lstat(path, { bigint: true });
    if (!stats.isFile()) return undefined;
    const sizeBytes = Number(stats.size);
    return { sizeBytes, etag: strongEtag(sizeBytes, stats.mtimeNs), modifiedMs: Number(stats.mtimeMs) };
  } catch (error) {
    if (saysAbsent(error)) return undefined;
    throw error;
  }
}
