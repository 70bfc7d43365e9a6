import type { DatabaseSync } from 'node:sqlite';
import { isMadeBy } from './own-database.ts';

/** Marks the file as ours: `rndo`. */
const APPLICATION_ID = 0x726e646f;

/** Raised whenever the tables change. An index of an older one is made anew, one of a newer one is left alone. */
export const SCHEMA_VERSION: number = 2;

/**
 * Settings of a connection. Nothing is flushed to the disk: a flush may take a second on a busy one, in the
 * middle of everybody's requests, and what a power failure spoils can be made anew from the folder. WAL, so that
 * reading and writing processes do not wait for each other; checkpoints are small, so that none takes long.
 */
export const CONNECTION: string = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
PRAGMA wal_autocheckpoint = 250;
PRAGMA cache_size = -2048;
`;

/** To the letter what a file must have; another text is another version. */
const TABLES = [
  `CREATE TABLE file (
  key TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  last INTEGER NOT NULL,
  written INTEGER NOT NULL,
  mirror TEXT,
  h1 TEXT,
  verified TEXT,
  at INTEGER
) WITHOUT ROWID, STRICT`,
  // What may be given up, by its bound (index-values.ts), in the order in which it is.
  'CREATE INDEX by_request ON file (written, last, key) WHERE written > 0',
  // Sums that cost nothing to read, by `written`.
  `CREATE TABLE total (
  written INTEGER PRIMARY KEY,
  files INTEGER NOT NULL,
  bytes INTEGER NOT NULL
) STRICT`,
  `CREATE TRIGGER file_added AFTER INSERT ON file BEGIN
  UPDATE total SET files = files + 1, bytes = bytes + new.size WHERE written = new.written;
END`,
  `CREATE TRIGGER file_gone AFTER DELETE ON file BEGIN
  UPDATE total SET files = files - 1, bytes = bytes - old.size WHERE written = old.written;
END`,
  `CREATE TRIGGER file_changed AFTER UPDATE OF size, written ON file BEGIN
  UPDATE total SET files = files - 1, bytes = bytes - old.size WHERE written = old.written;
  UPDATE total SET files = files + 1, bytes = bytes + new.size WHERE written = new.written;
END`,
  // `walked`: when the whole folder was last compared with the rows, Unix seconds.
  'CREATE TABLE fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID, STRICT',
  // Who uses the index, by a name of own-file-name.ts; one that ended without a word may have left files without rows.
  'CREATE TABLE user (name TEXT PRIMARY KEY) WITHOUT ROWID, STRICT',
] as const;

/** Makes the tables in an empty database. */
export const SCHEMA: string = `
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
${TABLES.join(';\n')};
INSERT INTO total VALUES (0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0);
`;

/** The statements of index-database.ts. */
export const SQL = {
  put: `
    INSERT INTO file (key, size, etag, last, written, mirror, h1, verified, at)
    VALUES (:key, :size, :etag, :last, :written, :mirror, :h1, :verified, :at)
    ON CONFLICT (key) DO UPDATE SET
      size = excluded.size, etag = excluded.etag, last = excluded.last, written = excluded.written,
      mirror = excluded.mirror, h1 = excluded.h1, verified = excluded.verified, at = excluded.at`,
  proved: `
    INSERT INTO file (key, size, etag, last, written, mirror, h1, verified, at)
    VALUES (:key, :size, :etag, :last, :written, :mirror, :h1, :verified, :at)
    ON CONFLICT (key) DO UPDATE SET
      size = excluded.size, etag = excluded.etag,
      written = CASE WHEN etag = excluded.etag THEN max(written, excluded.written) ELSE excluded.written END,
      mirror = excluded.mirror, h1 = excluded.h1, verified = excluded.verified, at = excluded.at`,
  /** What the folder says, where there is no row or one of another file. */
  found: `
    INSERT INTO file (key, size, etag, last, written, mirror, h1, verified, at)
    VALUES (:key, :size, :etag, :last, :written, :mirror, :h1, :verified, :at)
    ON CONFLICT (key) DO UPDATE SET
      size = excluded.size, etag = excluded.etag, written = excluded.written,
      mirror = excluded.mirror, h1 = excluded.h1, verified = excluded.verified, at = excluded.at
    WHERE etag <> excluded.etag`,
  unproved: 'UPDATE file SET mirror = NULL, h1 = NULL, verified = NULL, at = NULL WHERE key = ?',
  gone: 'DELETE FROM file WHERE key = ?',
  /** Only that file: another one may have taken its place. */
  goneIf: 'DELETE FROM file WHERE key = ? AND etag = ?',
  touch: 'UPDATE file SET last = max(last, ?) WHERE key = ?',
  get: 'SELECT * FROM file WHERE key = ?',
  has: 'SELECT 1 FROM file WHERE key = ?',
  totals: 'SELECT written, files, bytes FROM total',
  /**
   * A request in the future is one of a wall clock that was wrong. Without `written > 0`, which says nothing new, SQLite
   * does not see that `by_request` has all of these rows, and reads the whole table.
   */
  candidates: `
    SELECT key, size, etag, last FROM file
    WHERE written > 0 AND written = :written AND (last, key) > (:last, :key)
      AND NOT last BETWEEN :recent AND :now
    ORDER BY last, key LIMIT :limit`,
  page: 'SELECT key, etag FROM file WHERE key > ? ORDER BY key LIMIT ?',
  getFact: 'SELECT value FROM fact WHERE name = ?',
  setFact: 'INSERT OR REPLACE INTO fact VALUES (?, ?)',
  removeFact: 'DELETE FROM fact WHERE name = ?',
  enter: 'INSERT OR REPLACE INTO user VALUES (?)',
  leave: 'DELETE FROM user WHERE name = ?',
  users: 'SELECT name FROM user',
} as const;

/** The order of a list, by IndexQuery. */
export const ORDERS = { key: 'key', size: 'size DESC, key', last: 'last, key' } as const;

/** What is in a database: nothing, an index of ours and of which version, or something else. */
export function schemaOf(database: DatabaseSync): 'empty' | 'same' | 'older' | 'newer' | 'foreign' {
  const { count } = one(database, 'SELECT count(*) AS count FROM sqlite_schema');
  if (count === 0) return 'empty';
  const { application_id: id } = one(database, 'PRAGMA application_id');
  const { user_version: version } = one(database, 'PRAGMA user_version');
  if (id !== APPLICATION_ID) return 'foreign';
  if (version === SCHEMA_VERSION) return isMadeBy(database, TABLES) ? 'same' : 'foreign';
  return Number(version) < SCHEMA_VERSION ? 'older' : 'newer';
}

function one(database: DatabaseSync, sql: string): Record<string, unknown> {
  return database.prepare(sql).get() ?? {};
}
