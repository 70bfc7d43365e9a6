import type { DatabaseSync } from 'node:sqlite';
import { GONE_AFTER_MS, openHistoryDatabase } from './history-database.ts';
import type { Incident } from './incidents.ts';
import type { Minute } from './minute.ts';
import { overlaps, type Period } from './period.ts';
import { incidentFrom, minuteFrom } from './rows.ts';

/** The file of the history to read from. All of it is synchronous and throws SQLite's errors. */
export type HistoryReader = {
  /** From now on it shows what is written now, and nothing that comes later. Who writes does not wait for it. */
  hold(): void;
  /** Minutes that begin within the period, the oldest first: at most `rows` of those that come after `after`. */
  minutes(period: Period, rows: number, after?: Minute): Minute[];
  /**
   * Incidents of which a part lies within the period, the oldest first, a page at a time: each has those of `rows` rows,
   * or none. At `nowMs` it is known who is gone.
   */
  incidents(period: Period, nowMs: number, rows: number): Iterable<readonly Incident[]>;
  close(): void;
};

const MINUTES = `SELECT * FROM minute
  WHERE (start, mirror) > (?, ?) AND start < ? ORDER BY start, mirror LIMIT ?`;

/**
 * What a writer that is gone has left open ended at its last sign of life. In the order of the table's key, without
 * a look at the ends: SQLite would go through all that are too old in one step.
 */
const INCIDENTS = `
  SELECT mirror, start, cause, why, CASE
      WHEN until IS NULL AND coalesce(abs($now - seen) > ${GONE_AFTER_MS}, TRUE)
      THEN max(start, min($now, coalesce(seen, start)))
      ELSE until
    END AS ended
  FROM incident LEFT JOIN writer ON writer.id = incident.writer
  WHERE start < $until
  ORDER BY start, incident.mirror, incident.writer`;

/** Opens the history at `path` to read from it. Rejects as openHistoryDatabase does. */
export async function openHistoryReader(path: string): Promise<HistoryReader> {
  return readerOn(await openHistoryDatabase(path, 'read'));
}

function readerOn(database: DatabaseSync): HistoryReader {
  return {
    hold() {
      database.exec('BEGIN');
      // What is seen is settled by the first look.
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
    },
    minutes: ({ sinceMs, untilMs }, rows, after) =>
      database
        .prepare(MINUTES)
        // Every name comes after the empty one.
        .all(after?.startMs ?? sinceMs, after?.mirror ?? '', untilMs, rows)
        .map(minuteFrom),
    *incidents(period, nowMs, rows) {
      let page: Incident[] = [];
      let read = 0;
      const found = database.prepare(INCIDENTS);
      for (const row of found.iterate({ now: Math.round(nowMs), until: period.untilMs })) {
        const incident = incidentFrom(row);
        if (overlaps(incident, period)) page.push(incident);
        read += 1;
        if (read % rows !== 0) continue;
        yield page;
        page = [];
      }
      yield page;
    },
    close: () => database.close(),
  };
}
