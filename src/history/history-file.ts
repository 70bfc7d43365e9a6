import { lstatSync } from 'node:fs';
import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import { notice } from '../events/notice.ts';
import { sleep, type Clock } from '../kit/clock.ts';
import { say, type Text } from '../words/text.ts';
import { ForeignHistory } from './history-database.ts';
import { openHistoryWriter, type HistoryWriter } from './history-writer.ts';

/** Where the history of the Rondos over one copy lies. */
export function historyPath(cacheDir: string): string {
  return join(cacheDir, 'rondo', 'history.sqlite');
}

/** The history file as a Rondo that runs uses it. */
export type HistoryFile = {
  /**
   * Runs a task on it: opened when first needed, put aside and made anew where it is damaged. Resolves to whether it
   * ran; people are told once where it did not, and again only after it has. Never rejects.
   */
  use(task: (database: HistoryWriter) => void): Promise<boolean>;
  close(): void;
};

/** A history that is open, and which file it was then. */
type OpenHistory = { readonly database: HistoryWriter; readonly dev: bigint; readonly ino: bigint };

/** Another process writes for milliseconds. */
const TRIES = 20;
const BUSY_AGAIN_MS = 50;

async function openOwn(path: string): Promise<OpenHistory> {
  await mkdir(dirname(path), { recursive: true });
  const database = await openHistoryWriter(path);
  const { dev, ino } = await lstat(path, { bigint: true });
  return { database, dev, ino };
}

/**
 * Whether another file lies at `path` than when it was opened, or none: SQLite would go on with the one that nobody finds.
 * At once, as all that is done to the file.
 */
function hasMoved({ dev, ino }: OpenHistory, path: string): boolean {
  const now = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return now?.dev !== dev || now.ino !== ino;
}

/** The one connection to the file. */
type Opening = {
  /** To the file that lies at the path now. Rejects as openOwn does. */
  database(): Promise<HistoryWriter>;
  letGo(): void;
};

function createOpening(path: string, emit: Emit): Opening {
  let opened: OpenHistory | undefined;
  let told = false;
  const letGo = (): void => {
    letClose(opened?.database);
    opened = undefined;
  };
  return {
    async database() {
      if (opened !== undefined) {
        const moved = hasMoved(opened, path);
        if (moved) letGo();
        // Where no two looks find the same file, once is enough.
        if (moved && !told) emit(movedNotice(path));
        told = moved;
      }
      opened ??= await openOwn(path);
      return opened.database;
    },
    letGo,
  };
}

function movedNotice(path: string): ReturnType<typeof notice> {
  return notice(
    'warn',
    say(
      'the history of the mirrors was removed or replaced under a running Rondo; it goes on in a new file at {path}',
      { path },
    ),
  );
}

/** The history at `path`. Nothing is opened before the first use. */
export function createHistoryFile(path: string, clock: Clock, emit: Emit): HistoryFile {
  const opening = createOpening(path, emit);
  let told = false;
  const tell = (said: Text): void => {
    if (!told) emit(notice('warn', said));
    told = true;
  };
  /** Whether another try may do better. */
  const mend = async (error: unknown): Promise<boolean> => {
    if (isBusy(error)) {
      await sleep(clock, BUSY_AGAIN_MS);
      return true;
    }
    opening.letGo();
    if (!isDamaged(error)) return false;
    try {
      const aside = await putAside(path);
      const why = messageOf(error);
      tell(
        say('the history of the mirrors is of no use ({why}); a new one begins, the old one is {aside}', {
          why,
          aside,
        }),
      );
      return true;
    } catch {
      return false;
    }
  };
  return {
    async use(task) {
      for (let tries = 1; ; tries += 1) {
        try {
          task(await opening.database());
          told = false;
          return true;
        } catch (error) {
          if (tries < TRIES && (await mend(error))) continue;
          tell(
            say(
              'the history of the mirrors cannot be written ({why}); what is seen waits for the next minute',
              {
                why: messageOf(error),
              },
            ),
          );
          return false;
        }
      }
    },
    close: () => opening.letGo(),
  };
}

function letClose(database: HistoryWriter | undefined): void {
  try {
    database?.close();
  } catch {
    // What cannot be closed is gone anyway.
  }
}

async function putAside(path: string): Promise<string> {
  const aside = `${path}.damaged`;
  await rename(path, aside);
  for (const suffix of ['-wal', '-shm']) await rm(`${path}${suffix}`, { force: true });
  return aside;
}

/** SQLITE_BUSY or SQLITE_LOCKED (https://sqlite.org/rescode.html). */
function isBusy(error: unknown): boolean {
  return [5, 6].includes(primaryCode(error));
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, or a table that is missing: SQLITE_ERROR. One of a newer Rondo is left alone. */
function isDamaged(error: unknown): boolean {
  return [1, 11, 26].includes(primaryCode(error)) && !(error instanceof ForeignHistory);
}

function primaryCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}
