import type { DatabaseSync } from 'node:sqlite';
import { GONE_AFTER_MS, openHistoryDatabase } from './history-database.ts';
import type { Incident } from './incidents.ts';
import type { Minute } from './minute.ts';
import { incidentFrom, minuteFrom } from './rows.ts';
import type { Period } from './service-levels.ts';

/** The file of the history to read from. All of it is synchronous and throws SQLite's errors. */
export type HistoryReader = {
  /** Minutes that begin within the period, the oldest first: at most `rows` of those that come after `after`. */
  minutes(period: Period, rows: number, after?: Minute): Minute[];
  /** Incidents of which a part lies within the period, the newest first. At `nowMs` it is known who is gone. */
  incidents(period: Period, nowMs: number): Incident[];
  close(): void;
};

const MINUTES = `SELECT * FROM minute
  WHERE (start, mirror) > (?, ?) AND start < ? ORDER BY start, mirror LIMIT ?`;

/** What a writer that is gone has left open ended at its last sign of life. */
const INCIDENTS = `
  SELECT mirror, start, cause, why, CASE
      WHEN until IS NULL AND coalesce(abs($now - seen) > ${GONE_AFTER_MS}, TRUE)
      THEN max(start, min($now, coalesce(seen, start)))
      ELSE until
    END AS ended
  FROM incident LEFT JOIN writer ON writer.id = incident.writer
  WHERE start < $until AND (ended IS NULL OR ended > $since)
  ORDER BY start DESC, mirror`;

/** Opens the history at `path` to read from it. Rejects as openHistoryDatabase does. */
export async function openHistoryReader(path: string): Promise<HistoryReader> {
  return readerOn(await openHistoryDatabase(path, 'read'));
}

function readerOn(database: DatabaseSync): HistoryReader {
  return {
    minutes: ({ sinceMs, untilMs }, rows, after) =>
      database
        .prepare(MINUTES)
        // Every name comes after the empty one.
        .all(after?.startMs ?? sinceMs, after?.mirror ?? '', untilMs, rows)
        .map(minuteFrom),
    incidents: ({ sinceMs, untilMs }, nowMs) =>
      database
        .prepare(INCIDENTS)
        .all({ now: Math.round(nowMs), until: untilMs, since: sinceMs })
        .map(incidentFrom),
    close: () => database.close(),
  };
}
