import { stat } from 'node:fs/promises';
import { inTransaction } from './in-transaction.ts';
import type { DatabaseSync } from 'node:sqlite';
import type { IndexBatch } from './index-queue.ts';
import {
  type Amount,
  type CopyTotals,
  type IndexChange,
  type IndexQuery,
  type IndexRow,
  type Keeping,
  provenBy,
} from './index-row.ts';
import { CONNECTION, ORDERS, SCHEMA, schemaOf, SQL } from './index-schema.ts';
import {
  amountFrom,
  candidateFrom,
  knownFrom,
  provedValues,
  putValues,
  rowFrom,
  rowValues,
  totalsFrom,
  WRITTEN,
} from './index-values.ts';
import { arePlainFiles } from './own-database.ts';
import type { StoreKey } from './store.ts';
import { saysAbsent } from './store-error.ts';

/** Which file a row speaks of. */
export type KnownFile = { readonly key: StoreKey; readonly etag: string };

/** A file that may be given up. */
export type Candidate = KnownFile & {
  readonly sizeBytes: number;
  readonly lastRequestS: number;
  /** It is a checksum record of a version of which the copy has a file. */
  readonly isNeeded: boolean;
};

/** Where to go on in the order of requests, whom to spare, and how many are wanted. */
export type CandidateQuery = {
  readonly keeping: Keeping;
  readonly after: { readonly lastRequestS: number; readonly key: StoreKey };
  /** Not those asked for between these, Unix seconds. */
  readonly recentS: number;
  readonly nowS: number;
  readonly limit: number;
};

/**
 * The index file. All of it is synchronous and waits for nobody: whoever calls it keeps the amounts small, and
 * tries again later where `isBusy` says that another process is writing. All methods throw SQLite's errors.
 */
export type IndexDatabase = {
  write(batch: IndexBatch): void;
  /** Rows of files that a walk has found, where there is none or one of another file. */
  found(rows: readonly IndexRow[]): void;
  gone(files: readonly KnownFile[]): void;
  get(key: StoreKey): IndexRow | undefined;
  list(query: IndexQuery): IndexRow[];
  totals(): CopyTotals;
  /** What there is of one bound. */
  amount(keeping: Keeping): Amount;
  /** Oldest request first. */
  candidates(query: CandidateQuery): Candidate[];
  /** Rows in the order of their keys. */
  page(after: StoreKey, limit: number): KnownFile[];
  /** When all of the folder was last compared with the rows, Unix seconds. */
  walkedAtS(): number | undefined;
  setWalkedAtS(atS: number | undefined): void;
  enter(name: string): void;
  leave(names: readonly string[]): void;
  users(): string[];
  /** Whether the file at the path is still this one. */
  isInPlace(): Promise<boolean>;
  close(): void;
};

/** The file is whole, and no index that this Rondo can use. */
export class ForeignIndex extends Error {
  /** A newer Rondo made it, and may be using it. */
  readonly newer: boolean;

  constructor(newer: boolean) {
    super(newer ? 'it is one of a newer Rondo' : 'it is of another kind or of an older Rondo');
    this.name = 'ForeignIndex';
    this.newer = newer;
  }
}

/** Opens the index at `path`, or makes an empty one. Rejects with SQLite's or the system's error, or with ForeignIndex. */
export async function openIndexDatabase(path: string): Promise<IndexDatabase> {
  // Whoever put it there may want it: it is left alone.
  if (!(await arePlainFiles(path))) throw new Error('it, or a file beside it, is no plain file');
  // Who only reads a copy does not need it; it takes a few milliseconds to load.
  const { DatabaseSync: Database } = await import('node:sqlite');
  const database = new Database(path, { timeout: 0 });
  try {
    database.exec(CONNECTION);
    prepareSchema(database);
    const { ino } = await stat(path, { bigint: true });
    return wrap(database, path, ino);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** SQLITE_BUSY or SQLITE_LOCKED: another process writes (https://sqlite.org/rescode.html). */
export function isBusy(error: unknown): boolean {
  return [5, 6].includes(primaryCode(error));
}

/** Whether a new file is the cure: SQLITE_ERROR (a table is missing), SQLITE_CORRUPT, SQLITE_NOTADB, not ours. */
export function isDamaged(error: unknown): boolean {
  return [1, 11, 26].includes(primaryCode(error)) || (error instanceof ForeignIndex && !error.newer);
}

function primaryCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
}

function prepareSchema(database: DatabaseSync): void {
  if (schemaOf(database) === 'same') return;
  inTransaction(database, () => {
    // Another process may have been faster.
    const state = schemaOf(database);
    if (state === 'empty') database.exec(SCHEMA);
    else if (state !== 'same') throw new ForeignIndex(state === 'newer');
  });
}

type Statement = ReturnType<DatabaseSync['prepare']>;
type Statements = Record<keyof typeof SQL, Statement>;

function wrap(database: DatabaseSync, path: string, ino: bigint): IndexDatabase {
  const statements = Object.fromEntries(
    Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]),
  ) as Statements;
  const isThere = (key: StoreKey): boolean => statements.has.get(key) !== undefined;
  return {
    ...writesOf(database, statements),
    get(key) {
      const row = statements.get.get(key);
      return row === undefined ? undefined : rowFrom(row);
    },
    list: (query) => listRows(database, query),
    totals: () => totalsFrom(statements.totals.all()),
    amount: (keeping) => amountFrom(statements.totals.all(), WRITTEN[keeping]),
    candidates: ({ keeping, after: { lastRequestS: last, key }, recentS: recent, nowS: now, limit }) =>
      statements.candidates
        .all({ written: WRITTEN[keeping], last, key, recent, now, limit })
        .map(candidateFrom)
        .map((found) => ({ ...found, isNeeded: provenBy(found.key).some((each) => isThere(each)) })),
    page: (after, limit) => statements.page.all(after, limit).map(knownFrom),
    walkedAtS() {
      const row = statements.getFact.get('walked');
      return row === undefined ? undefined : Number(row['value']);
    },
    users: () => statements.users.all().map((row) => String(row['name'])),
    isInPlace: () => hasInode(path, ino),
    close: () => database.close(),
  };
}

type Writes = Pick<IndexDatabase, 'write' | 'found' | 'gone' | 'setWalkedAtS' | 'enter' | 'leave'>;

function writesOf(database: DatabaseSync, statements: Statements): Writes {
  return {
    write: ({ changes, touches }) =>
      inTransaction(database, () => {
        for (const [key, change] of changes) apply(statements, key, change);
        for (const [key, atMs] of touches) statements.touch.run(Math.floor(atMs / 1000), key);
      }),
    found: (rows) =>
      inTransaction(database, () => {
        for (const row of rows) statements.found.run(rowValues(row));
      }),
    gone: (files) =>
      inTransaction(database, () => {
        for (const { key, etag } of files) statements.goneIf.run(key, etag);
      }),
    setWalkedAtS(atS) {
      if (atS === undefined) statements.removeFact.run('walked');
      else statements.setFact.run('walked', atS);
    },
    enter: (name) => void statements.enter.run(name),
    leave: (names) =>
      inTransaction(database, () => {
        for (const name of names) statements.leave.run(name);
      }),
  };
}

function apply(statements: Statements, key: StoreKey, change: IndexChange): void {
  switch (change.kind) {
    case 'put':
      statements.put.run(putValues(key, change));
      return;
    case 'proved':
      statements.proved.run(provedValues(key, change.provenance));
      return;
    case 'unproved':
    case 'gone':
      statements[change.kind].run(key);
      return;
  }
}

async function hasInode(path: string, ino: bigint): Promise<boolean> {
  try {
    return (await stat(path, { bigint: true })).ino === ino;
  } catch (error) {
    if (saysAbsent(error)) return false;
    throw error;
  }
}

function listRows(
  database: DatabaseSync,
  { prefix = '', orderBy = 'key', limit = 1000 }: IndexQuery,
): IndexRow[] {
  // U+10FFFF is above all that a key may have, also in UTF-8, in which SQLite compares.
  return database
    .prepare(`SELECT * FROM file WHERE key BETWEEN ? AND ? ORDER BY ${ORDERS[orderBy]} LIMIT ?`)
    .all(prefix, `${prefix}\u{10FFFF}`, limit)
    .map(rowFrom);
}
