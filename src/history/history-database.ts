import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { inTransaction } from '../store/in-transaction.ts';
import type { Incident } from './incidents.ts';
import { mergeMinutes, type Minute } from './minute.ts';
import { parseSketch, sketchText } from './sketch.ts';
import type { Period } from './service-levels.ts';

/** What is written down at once. */
export type HistoryBatch = { readonly minutes: readonly Minute[]; readonly incidents: readonly Incident[] };

/**
 * The file of the history. All of it is synchronous and throws SQLite's errors: whoever writes keeps the batches small,
 * and tries again later where another process writes.
 */
export type HistoryDatabase = {
  /** All of it or nothing. A minute that is there already is added to; an incident replaces the one with its beginning. */
  write(batch: HistoryBatch): void;
  /** Minutes that begin within the period, the oldest first. */
  minutes(period: Period): Iterable<Minute>;
  /** Incidents of which a part lies within the period, the newest first. */
  incidents(period: Period): Incident[];
  /** Incidents that are open although nobody watches any more: they end when their mirror was last watched. */
  endLeftOpen(): void;
  /** Forgets what is older. */
  forget(beforeMs: number): void;
  close(): void;
};

/** `rhis`: SQLite shows with it whose file this is. */
const APPLICATION_ID = 0x72_68_69_73;
const SCHEMA_VERSION = 1;

// A reader never waits for the writer; what a power failure takes are the last minutes.
const CONNECTION = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;';

const SCHEMA = `
  CREATE TABLE minute (
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
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE incident (
    mirror TEXT NOT NULL,
    start INTEGER NOT NULL,
    until INTEGER,
    cause TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (start, mirror)
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** A trigger or a view would be run by our own statements. */
const STRANGERS = `SELECT count(*) AS count FROM sqlite_schema
  WHERE type NOT IN ('table', 'index') OR tbl_name NOT IN ('minute', 'incident')`;

/** The file is whole, and no history that this Rondo can use. */
export class ForeignHistory extends Error {
  constructor() {
    super('it is of another kind, or of a newer Rondo');
    this.name = 'ForeignHistory';
  }
}

/** How a history is opened: `read` makes nothing, and throws where there is none. */
export type HistoryAccess = 'read' | 'write';

/** Opens the history at `path`. Rejects with SQLite's error, or with ForeignHistory. */
export async function openHistoryDatabase(path: string, access: HistoryAccess): Promise<HistoryDatabase> {
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
    return wrap(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

type Row = Record<string, unknown>;

function isEmpty(database: DatabaseSync): boolean {
  return number(database.prepare('SELECT count(*) AS count FROM sqlite_schema').get(), 'count') === 0;
}

function isOurs(database: DatabaseSync): boolean {
  const pragma = (name: string): number => number(database.prepare(`PRAGMA ${name}`).get(), name);
  return (
    pragma('application_id') === APPLICATION_ID &&
    pragma('user_version') === SCHEMA_VERSION &&
    number(database.prepare(STRANGERS).get(), 'count') === 0
  );
}

function wrap(database: DatabaseSync): HistoryDatabase {
  const select = 'SELECT * FROM minute WHERE start >= ? AND start < ? ORDER BY start, mirror';
  return {
    write({ minutes, incidents }) {
      inTransaction(database, () => {
        for (const minute of minutes) putMinute(database, minute);
        for (const incident of incidents) putIncident(database, incident);
      });
    },
    *minutes({ sinceMs, untilMs }) {
      for (const row of database.prepare(select).iterate(sinceMs, untilMs)) yield minuteFrom(row);
    },
    incidents: ({ sinceMs, untilMs }) =>
      database
        .prepare(
          'SELECT * FROM incident WHERE start < ? AND (until IS NULL OR until > ?) ORDER BY start DESC, mirror',
        )
        .all(untilMs, sinceMs)
        .map(incidentFrom),
    endLeftOpen() {
      database.exec(`UPDATE incident SET until = coalesce(
        (SELECT max(start + watched) FROM minute WHERE minute.mirror = incident.mirror AND minute.start + watched >= incident.start),
        start) WHERE until IS NULL`);
    },
    forget(beforeMs) {
      inTransaction(database, () => {
        database.prepare('DELETE FROM minute WHERE start < ?').run(beforeMs);
        database.prepare('DELETE FROM incident WHERE until < ?').run(beforeMs);
      });
    },
    close: () => database.close(),
  };
}

function putMinute(database: DatabaseSync, minute: Minute): void {
  const known = database
    .prepare('SELECT * FROM minute WHERE start = ? AND mirror = ?')
    .get(minute.startMs, minute.mirror);
  const whole = known === undefined ? minute : mergeMinutes(minuteFrom(known), minute);
  const values: Record<string, SQLInputValue> = {
    mirror: whole.mirror,
    start: whole.startMs,
    watched: Math.round(whole.watchedMs),
    answered: whole.answered,
    failed: whole.failed,
    probes_answered: whole.probesAnswered,
    probes_failed: whole.probesFailed,
    first_byte: sketchText(whole.firstByte),
    bytes: whole.bytes,
    worst_lag: whole.worstLagMs === undefined ? null : Math.round(whole.worstLagMs),
  };
  database
    .prepare(
      `INSERT OR REPLACE INTO minute VALUES ($mirror, $start, $watched, $answered, $failed,
        $probes_answered, $probes_failed, $first_byte, $bytes, $worst_lag)`,
    )
    .run(values);
}

function putIncident(database: DatabaseSync, { mirror, startMs, endMs, cause, why }: Incident): void {
  database
    .prepare('INSERT OR REPLACE INTO incident VALUES (?, ?, ?, ?, ?)')
    .run(mirror, Math.round(startMs), endMs === undefined ? null : Math.round(endMs), cause, why);
}

function minuteFrom(row: Row): Minute {
  return {
    mirror: String(row['mirror']),
    startMs: number(row, 'start'),
    watchedMs: number(row, 'watched'),
    answered: number(row, 'answered'),
    failed: number(row, 'failed'),
    probesAnswered: number(row, 'probes_answered'),
    probesFailed: number(row, 'probes_failed'),
    firstByte: parseSketch(String(row['first_byte'])),
    bytes: number(row, 'bytes'),
    ...(row['worst_lag'] === null ? {} : { worstLagMs: number(row, 'worst_lag') }),
  };
}

function incidentFrom(row: Row): Incident {
  return {
    mirror: String(row['mirror']),
    startMs: number(row, 'start'),
    ...(row['until'] === null ? {} : { endMs: number(row, 'until') }),
    cause: String(row['cause']),
    why: String(row['why']),
  };
}

function number(row: Row | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}
