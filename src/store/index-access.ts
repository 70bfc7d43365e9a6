import { say } from '../words/text.ts';
import { notice } from '../events/notice.ts';
import { stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import { type Clock, sleep } from '../kit/clock.ts';
import type { FolderLock } from './folder-lock.ts';
import { type IndexDatabase, isBusy, isDamaged, openIndexDatabase } from './index-database.ts';
import { makeFolder } from './make-folder.ts';
import { errnoOf, explain } from './store-error.ts';

/** Another process writes for milliseconds: whoever finds it busy for 2 s comes again with the next batch. */
const BUSY_TRIES = 40;
const BUSY_AGAIN_MS = 50;
/** How long an index that failed is left alone. */
const RETRY_AFTER_MS = 60_000;

/** The files of an index: SQLite makes the two others beside it. Removed in this order. */
const SUFFIXES = ['-wal', '-shm', ''] as const;

/** The index file as it is used: opened when first needed, made anew when it is damaged or lost. */
export type IndexAccess = {
  /**
   * Runs a task on the index; `undefined` where it does not work now, which people are told once. Never
   * rejects for what SQLite says.
   */
  readonly use: <T>(task: (database: IndexDatabase) => T) => Promise<T | undefined>;
  /** The open index, where there is one: for what may not wait. */
  readonly current: () => IndexDatabase | undefined;
  /** Lets go of an index whose file was removed or replaced: the next use makes or opens another. */
  readonly check: () => Promise<void>;
  /** Gives up the file. Later uses are `undefined`. */
  readonly close: () => void;
};

/** What access to an index needs. */
export type IndexAccessSettings = {
  /** Where the index is; made if it is missing. */
  readonly folder: string;
  readonly lock: FolderLock;
  readonly clock: Clock;
  readonly emit: Emit;
  /**
   * Called with each index that was opened, before its first use; may throw what SQLite throws. Then that index is not
   * used, unless the disk is full: then it is called again with the next uses.
   */
  readonly onOpen: (database: IndexDatabase) => void;
};

/** Access to the index in `folder`. Nothing is opened before the first use. */
export function createIndexAccess(settings: IndexAccessSettings): IndexAccess {
  const { clock, emit } = settings;
  const failures = createFailures(clock, emit);
  const file = createIndexFile(settings);
  let lastError: unknown;

  /** Whether another try at once may do better. */
  const fail = async (error: unknown): Promise<boolean> => {
    if (isBusy(error)) {
      await sleep(clock, BUSY_AGAIN_MS);
      return true;
    }
    // All who waited for the same opening hear of it.
    if (error !== lastError) {
      lastError = error;
      failures.add(error, await file.failed(error));
    }
    return file.isDamaged() && !failures.areRecent();
  };

  return {
    async use(task) {
      for (let tries = 1; tries <= BUSY_TRIES; tries += 1) {
        try {
          file.enterAgain();
          const opened = file.current() ?? (failures.areRecent() ? undefined : await file.open());
          if (opened === undefined) return undefined;
          const result = task(opened);
          failures.end();
          return result;
        } catch (error) {
          if (!(await fail(error))) return undefined;
        }
      }
      return undefined;
    },
    current: () => file.current(),
    async check() {
      const opened = file.current();
      const inPlace = await opened?.isInPlace().catch(() => true);
      if (inPlace === false && opened === file.current()) file.letGo();
    },
    close: () => file.close(),
  };
}

/** The file behind it. */
type IndexFile = {
  current(): IndexDatabase | undefined;
  /** Opens it, after a new one has been made where it is damaged; `undefined` once closed. */
  open(): Promise<IndexDatabase | undefined>;
  /** Has onOpen called again where that has not succeeded yet. */
  enterAgain(): void;
  /** A use has failed. Resolves to whether a new file is the cure. */
  failed(error: unknown): Promise<boolean>;
  isDamaged(): boolean;
  letGo(): void;
  close(): void;
};

function createIndexFile({ folder, lock, onOpen }: IndexAccessSettings): IndexFile {
  const path = join(folder, 'index.sqlite');
  let database: IndexDatabase | undefined;
  const entry = createEntry(onOpen);
  let opening: Promise<IndexDatabase | undefined> | undefined;
  let damaged: { readonly ino: bigint | undefined } | undefined;
  let closed = false;

  const letGo = (): void => {
    try {
      database?.close();
    } catch {
      // What cannot be closed is gone anyway.
    }
    database = undefined;
  };
  const open = async (): Promise<IndexDatabase | undefined> => {
    await makeFolder(folder);
    if (damaged !== undefined) await lock.run(() => removeIndex(path, damaged?.ino));
    damaged = undefined;
    const opened = await openIndexDatabase(path);
    if (closed) {
      opened.close();
      return undefined;
    }
    try {
      entry.enter(opened);
    } catch (error) {
      opened.close();
      throw error;
    }
    database = opened;
    return opened;
  };
  return {
    current: () => database,
    open: async () => (closed ? undefined : (opening ??= open().finally(() => (opening = undefined)))),
    enterAgain: () => entry.enterAgain(database),
    async failed(error) {
      if (isDamaged(error)) damaged = { ino: await inodeOf(path) };
      // On a full disk it cannot be written, but what may be given up can be read from it all the same.
      if (!isFull(error)) letGo();
      return damaged !== undefined;
    },
    isDamaged: () => damaged !== undefined,
    letGo,
    close() {
      closed = true;
      letGo();
    },
  };
}

/** Has `onOpen` called once with success for each index. */
function createEntry(onOpen: IndexAccessSettings['onOpen']): {
  /** Throws what onOpen does, unless the index can be read all the same. */
  enter(opened: IndexDatabase): void;
  /** For an index in use. */
  enterAgain(opened: IndexDatabase | undefined): void;
} {
  let entered: IndexDatabase | undefined;
  const enter = (opened: IndexDatabase): void => {
    onOpen(opened);
    entered = opened;
  };
  return {
    enter(opened) {
      try {
        enter(opened);
      } catch (error) {
        // On a full disk nothing can be entered, but what may be given up can be read from it.
        if (!isFull(error)) throw error;
      }
    },
    enterAgain(opened) {
      if (opened === undefined || opened === entered) return;
      try {
        enter(opened);
      } catch {
        // The next use tries again. What else is wrong with it, this one finds out.
      }
    },
  };
}

/** What people are told of an index that fails: once when it begins, once when it is over. */
function createFailures(
  clock: Clock,
  emit: Emit,
): { add(error: unknown, mayMend: boolean): void; end(): void; areRecent(): boolean } {
  let failing = false;
  let quietUntilMs = -Infinity;
  let mendedAtMs = -Infinity;
  return {
    add(error, mayMend) {
      emit({ type: 'index', state: 'failed' });
      const nowMs = clock.now();
      // Made anew at once, but not again and again: then something else is wrong with it.
      if (mayMend && nowMs - mendedAtMs >= RETRY_AFTER_MS) {
        mendedAtMs = nowMs;
        const why = messageOf(error);
        emit(
          notice(
            'warn',
            say('the index of the copy is made anew, for this one is of no use: {why}', { why }),
          ),
        );
        return;
      }
      quietUntilMs = nowMs + RETRY_AFTER_MS;
      if (failing) return;
      failing = true;
      const why = 'errcode' in Object(error) ? messageOf(error) : explain(error).says;
      emit(
        notice(
          'warn',
          say('the index of the copy does not work, and its size is not kept in bounds: {why}', { why }),
        ),
      );
    },
    end() {
      // On a full disk reading goes on; writing it is tried again and again.
      if (!failing || clock.now() < quietUntilMs) return;
      failing = false;
      emit(notice('info', say('the index of the copy works again')));
    },
    areRecent: () => clock.now() < quietUntilMs,
  };
}

/** Removes an index, unless another process has replaced it already. */
async function removeIndex(path: string, ino: bigint | undefined): Promise<void> {
  if ((await inodeOf(path)) !== ino) return;
  for (const suffix of SUFFIXES) {
    await unlink(`${path}${suffix}`).catch((error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw error;
    });
  }
}

async function inodeOf(path: string): Promise<bigint | undefined> {
  return stat(path, { bigint: true }).then(
    ({ ino }) => ino,
    () => undefined,
  );
}

/** SQLITE_FULL. */
function isFull(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 13;
}
