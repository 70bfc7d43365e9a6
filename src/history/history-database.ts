import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../store/in-transaction.ts';
import { arePlainFiles, isMadeBy, makePrivateFile } from '../store/own-database.ts';
import type { Incident } from './incidents.ts';
import type { Minute } from './minute.ts';
import { numberIn } from './rows.ts';

/** What is written down at once. */
export type HistoryBatch = { readonly minutes: readonly Minute[]; readonly incidents: readonly Incident[] };

/**
 * Every Rondo that runs writes once a minute. One that has not done so for longer is gone, or asleep: what it has open
 * counts as ended at its last sign of life, until it writes again.
 */
export const GONE_AFTER_MS: number = 3 * 60_000;

/** `rhis`: SQLite shows with it whose file this is. */
const APPLICATION_ID = 0x72_68_69_73;
const SCHEMA_VERSION = 1;

// A reader never waits for the writer; what a power failure takes are the last minutes.
const CONNECTION = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;';

/** To the letter what a file must have; another text is another version. */
const TABLES = [
  `CREATE TABLE minute (
    mirror TEXT NOT NULL,
    start INTEGER NOT NULL,
    watched INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    probes_answered INTEGER NOT NULL,
    probes_failed INTEGER NOT NULL,
    first_byte TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    worst_lag INTEGER,
    PRIMARY KEY (start, mirror)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE incident (
    mirror TEXT NOT NULL,
    start INTEGER NOT NULL,
    until INTEGER,
    cause TEXT NOT NULL,
    why TEXT NOT NULL,
    writer TEXT NOT NULL,
    PRIMARY KEY (start, mirror, writer)
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX open_incident ON incident (writer) WHERE until IS NULL',
  `CREATE TABLE writer (
    id TEXT NOT NULL,
    seen INTEGER NOT NULL,
    PRIMARY KEY (id)
  ) STRICT, WITHOUT ROWID`,
] as const;

const SCHEMA = `
  ${TABLES.join(';\n')};
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** The file is whole, and no history that this Rondo can use. */
export class ForeignHistory extends Error {
  constructor() {
    super('it is of another kind, or of a newer Rondo');
    this.name = 'ForeignHistory';
  }
}

/** How a history is opened: `read` makes nothing, and throws where there is none. */
export type HistoryAccess = 'read' | 'write';

/** Opens the file of the history at `path`. Rejects with SQLite's or the system's error, or with ForeignHistory. */
export async function openHistoryDatabase(path: string, access: HistoryAccess): Promise<DatabaseSync> {
  if (!(await arePlainFiles(path))) throw new ForeignHistory();
  if (access === 'write') await makePrivateFile(path);
  // It takes a few milliseconds to load, which no other command waits for.
  const { DatabaseSync: Database } = await import('node:sqlite');
  const database = new Database(path, { timeout: access === 'read' ? 2000 : 0, readOnly: access === 'read' });
  try {
    // Before anything is done to it: whoever put it there may have put more there.
    if (!isEmpty(database) && !isOurs(database)) throw new ForeignHistory();
    if (access === 'write') {
      database.exec(CONNECTION);
      inTransaction(database, () => {
        if (isEmpty(database)) database.exec(SCHEMA);
      });
    }
    if (!isOurs(database)) throw new ForeignHistory();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isEmpty(database: DatabaseSync): boolean {
  return numberIn(database.prepare('SELECT count(*) AS count FROM sqlite_schema').get(), 'count') === 0;
}

function isOurs(database: DatabaseSync): boolean {
  const pragma = (name: string): number => numberIn(database.prepare(`PRAGMA ${name}`).get(), name);
  return (
    pragma('application_id') === APPLICATION_ID &&
    pragma('user_version') === SCHEMA_VERSION &&
    isMadeBy(database, TABLES)
  );
}
