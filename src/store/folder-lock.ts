import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { RondoError } from '../errors/rondo-error.ts';
import { sleep, type Clock } from '../kit/clock.ts';
import { createInTurn } from '../kit/in-turn.ts';
import { makeFolder } from './make-folder.ts';
import { arePlainFiles } from './own-database.ts';
import { say } from '../words/text.ts';

/** What is done under the lock takes milliseconds: whoever waits longer than this waits for something broken. */
const LIMIT_MS = 10_000;
const AGAIN_MS = 10;

/** A lock that all processes which use one folder share. */
export type FolderLock = {
  /**
   * Runs `task` while nobody else holds the lock. Rejects with RondoError E_STORE when it is not free within
   * 10 s, with the system's error when the folder cannot be written, else settles as `task` does.
   */
  run<T>(task: () => Promise<T>): Promise<T>;
  /**
   * Gives up the file behind it, once nobody holds it or waits for it. Who comes later still gets it, for as long as
   * their task takes: a write that nobody waits for may outlive what began it. Never rejects.
   */
  close(): Promise<void>;
};

/**
 * A lock in `folder`, by the write lock of an otherwise empty SQLite file: the system takes it away from a
 * process that ends, however it ends, so that none is ever left behind (a lock file of our own would be).
 */
export function createFolderLock(folder: string, clock: Clock): FolderLock {
  const turns = createInTurn();
  let database: DatabaseSync | undefined;
  let isClosed = false;
  const letGo = (): void => {
    database?.close();
    database = undefined;
  };
  const open = async (): Promise<DatabaseSync> => {
    if (database !== undefined) return database;
    await makeFolder(folder);
    const path = join(folder, 'lock');
    if (!(await arePlainFiles(path))) throw new Error('its lock, or a file beside it, is no plain file');
    // Only who writes needs it: loading it costs a reader nothing.
    const { DatabaseSync: Database } = await import('node:sqlite');
    const opened = new Database(path, { timeout: 0 });
    // Nothing is ever written, but a journal would be made beside it: needing room, and left by a killed process.
    opened.exec('PRAGMA journal_mode = MEMORY');
    database = opened;
    return database;
  };
  return {
    run: (task) =>
      turns.run('', async () => {
        try {
          const held = await open();
          await take(held, clock);
          try {
            return await task();
          } finally {
            held.exec('ROLLBACK');
          }
        } finally {
          if (isClosed) letGo();
        }
      }),
    async close() {
      isClosed = true;
      await turns.idle();
      letGo();
    },
  };
}

async function take(database: DatabaseSync, clock: Clock): Promise<void> {
  const endMs = clock.now() + LIMIT_MS;
  for (;;) {
    try {
      database.exec('BEGIN IMMEDIATE');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (clock.now() >= endMs) {
        throw new RondoError('E_STORE', say('another process holds the lock of the cache folder'), {
          hint: say('end the other rondo that uses the same folder, if it hangs'),
          cause: error,
        });
      }
    }
    await sleep(clock, AGAIN_MS);
  }
}

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === 5;
}
