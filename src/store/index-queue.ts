import { type IndexChange, type Keeping, keepingOf, weightOf } from './index-row.ts';
import type { StoreKey } from './store.ts';

/** A failing index must not eat the memory: beyond this the oldest is forgotten, and found again by a walk. */
const MAX_WAITING = 100_000;

/** What waits to be written into the index. */
export type IndexQueue = {
  /** Remembers a request of `key`, for the price of an entry in a map. */
  touch(key: StoreKey, atMs: number): void;
  add(key: StoreKey, change: IndexChange): void;
  /** When `key` was asked for since the last batch, Unix milliseconds. */
  lastTouchMs(key: StoreKey): number | undefined;
  /** What was put of one bound, and is not in the index yet, by weightOf. Default: version files, in bytes. */
  putBytes(keeping?: Keeping): number;
  /** How much waits. */
  size(): number;
  /** Something was forgotten because too much waited; reading it takes it back. */
  takeOverflow(): boolean;
  /** Up to `limit` of what waits, changes before touches, which still waits until it is `done`. */
  next(limit: number): IndexBatch;
  /** The batch is written. */
  done(batch: IndexBatch): void;
};

/** A part of what waits. */
export type IndexBatch = {
  readonly changes: readonly (readonly [StoreKey, IndexChange])[];
  /** Unix milliseconds. */
  readonly touches: readonly (readonly [StoreKey, number])[];
};

/** A queue with one entry a key, however often it changes or is asked for. */
export function createIndexQueue(): IndexQueue {
  const changes = new Map<StoreKey, IndexChange>();
  const touches = new Map<StoreKey, number>();
  const putBytes: Record<Keeping, number> = { files: 0, answers: 0, records: 0 };
  let overflow = false;
  const count = (key: StoreKey, change: IndexChange | undefined, sign: 1 | -1): void => {
    const keeping = change?.kind === 'put' ? keepingOf(key) : undefined;
    if (change?.kind !== 'put' || keeping === undefined) return;
    putBytes[keeping] += sign * weightOf(keeping, { files: 1, bytes: change.sizeBytes });
  };
  const forget = (key: StoreKey): void => {
    count(key, changes.get(key), -1);
    changes.delete(key);
  };
  return {
    putBytes: (keeping = 'files') => putBytes[keeping],
    size: () => changes.size + touches.size,
    touch(key, atMs) {
      touches.set(key, atMs);
      if (touches.size > MAX_WAITING) dropOldest(touches, (oldest) => touches.delete(oldest));
    },
    add(key, change) {
      // Changes are written before touches: a request from before the file came would make it older than it is.
      if (change.kind === 'put') touches.delete(key);
      const merged = merge(changes.get(key), change);
      forget(key);
      changes.set(key, merged);
      count(key, merged, 1);
      if (changes.size <= MAX_WAITING) return;
      overflow = true;
      dropOldest(changes, forget);
    },
    lastTouchMs: (key) => touches.get(key),
    takeOverflow() {
      const before = overflow;
      overflow = false;
      return before;
    },
    next(limit) {
      const first = firstOf(changes, limit);
      return { changes: first, touches: firstOf(touches, limit - first.length) };
    },
    done(batch) {
      for (const [key, change] of batch.changes) if (changes.get(key) === change) forget(key);
      for (const [key, atMs] of batch.touches) if (touches.get(key) === atMs) touches.delete(key);
    },
  };
}

/** Two changes of one file as one. */
function merge(before: IndexChange | undefined, change: IndexChange): IndexChange {
  // A file that is gone stays so when what was written down of it goes, too.
  if (before?.kind === 'gone' && change.kind === 'unproved') return before;
  if (before?.kind !== 'put') return change;
  if (change.kind === 'proved') {
    // A provenance of another file than the one that was put says nothing of it.
    return change.provenance.etag === before.etag ? { ...before, provenance: change.provenance } : before;
  }
  if (change.kind !== 'unproved') return change;
  const { provenance: _provenance, ...put } = before;
  return put;
}

function firstOf<V>(map: ReadonlyMap<StoreKey, V>, limit: number): [StoreKey, V][] {
  const entries: [StoreKey, V][] = [];
  if (limit <= 0) return entries;
  for (const entry of map) {
    entries.push(entry);
    if (entries.length >= limit) break;
  }
  return entries;
}

function dropOldest<V>(map: ReadonlyMap<StoreKey, V>, drop: (key: StoreKey) => void): void {
  for (const key of map.keys()) {
    drop(key);
    return;
  }
}
