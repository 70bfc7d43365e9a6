import type { Clock, Timer } from '../kit/clock.ts';
import { createInTurn } from '../kit/in-turn.ts';
import { nextRound } from '../kit/next-round.ts';
import type { IndexAccess } from './index-access.ts';
import { createIndexQueue } from './index-queue.ts';
import type { IndexChange, Keeping } from './index-row.ts';
import type { StoreKey } from './store.ts';

/** Last requests wait so long before they are written down, */
const TOUCHES_AFTER_MS = 30_000;
/** files that came or went only so long. */
const CHANGES_AFTER_MS = 1_000;
/** So many at once: a few milliseconds, in which the process does nothing else. */
const BATCH = 100;

/** Gathers what the index is to know, and writes it in batches. */
export type IndexWriter = {
  readonly touch: (key: StoreKey, atMs: number) => void;
  readonly note: (key: StoreKey, change: IndexChange) => void;
  /** When `key` was asked for since the last batch, Unix milliseconds. */
  readonly lastTouchMs: (key: StoreKey) => number | undefined;
  /** IndexQueue.putBytes. */
  readonly putBytes: (keeping?: Keeping) => number;
  /** Writes down what waits; false where the index does not take it now. What is not written waits on. */
  readonly flush: () => Promise<boolean>;
  /** Writes down what waits, if it can be, and ends. */
  readonly close: () => Promise<void>;
};

/** A writer over `access`; nothing of it keeps a process alive. */
export function createIndexWriter(access: IndexAccess, clock: Clock): IndexWriter {
  const queue = createIndexQueue();
  const turns = createInTurn();
  let planned: { readonly atMs: number; readonly timer: Timer } | undefined;
  let closed = false;

  const writeAll = async (): Promise<boolean> => {
    if (queue.size() > 0) await access.check();
    while (queue.size() > 0) {
      const batch = queue.next(BATCH);
      const written = await access.use((database) => {
        database.write(batch);
        // What was forgotten is found again in the folder.
        if (queue.takeOverflow()) database.setWalkedAtS(undefined);
        return true;
      });
      if (written !== true) return false;
      queue.done(batch);
      await nextRound();
    }
    return true;
  };
  const flush = (): Promise<boolean> => turns.run('', writeAll);
  const plan = (delayMs: number): void => {
    const atMs = clock.now() + delayMs;
    if (closed || (planned !== undefined && planned.atMs <= atMs)) return;
    planned?.timer.cancel();
    planned = { atMs, timer: clock.after(delayMs, () => void tick(), { background: true }) };
  };
  const tick = async (): Promise<void> => {
    planned = undefined;
    if (!(await flush())) plan(TOUCHES_AFTER_MS);
  };

  return {
    touch(key, atMs) {
      queue.touch(key, atMs);
      if (planned === undefined) plan(TOUCHES_AFTER_MS);
    },
    note(key, change) {
      queue.add(key, change);
      plan(CHANGES_AFTER_MS);
    },
    lastTouchMs: (key) => queue.lastTouchMs(key),
    putBytes: (keeping) => queue.putBytes(keeping),
    flush,
    async close() {
      closed = true;
      planned?.timer.cancel();
      await flush();
    },
  };
}
