import { lstat, open } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';

/** What SQLite may open for a database, by what follows its name. */
const SUFFIXES = ['', '-wal', '-shm', '-journal'] as const;

/**
 * Whether all that SQLite would open for a database at `path` is a plain file, or is not there. It would follow a link
 * and write to whatever that leads to, and it would wait for the other end of a pipe for ever, and everybody with it.
 */
export async function arePlainFiles(path: string): Promise<boolean> {
  const found = await Promise.all(SUFFIXES.map((suffix) => lstat(`${path}${suffix}`).catch(() => undefined)));
  return found.every((each) => each === undefined || each.isFile());
}

/** Makes an empty file where there is none: SQLite would let everybody read what it makes. */
export async function makePrivateFile(path: string): Promise<void> {
  await (await open(path, 'a', 0o600)).close();
}

/**
 * Whether a database has what these CREATE statements make, to the letter, and nothing else. A trigger, a view, an index
 * on an expression, a CHECK or a column that is worked out would be run by our own statements.
 */
export function isMadeBy(database: DatabaseSync, statements: readonly string[]): boolean {
  // SQLite keeps the text as it was written. An index without one belongs to a table's primary key.
  const found = database
    .prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL LIMIT ?')
    .all(statements.length + 1)
    .map(({ sql }) => String(sql));
  return found.length === statements.length && statements.every((each) => found.includes(each));
}
