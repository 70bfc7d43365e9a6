import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from '../store/in-transaction.ts';
import { GONE_AFTER_MS, openHistoryDatabase, type HistoryBatch } from './history-database.ts';
import type { Incident } from './incidents.ts';
import { mergeMinutes, type Minute } from './minute.ts';
import { minuteFrom, minuteValues, numberIn } from './rows.ts';

/** One Rondo of those that write, and what its clock says, Unix milliseconds. */
export type Writer = { readonly id: string; readonly nowMs: number };

/**
 * The file of the history to write to. All of it is synchronous and throws SQLite's errors: whoever writes keeps the
 * batches small, and tries again later where another process writes.
 */
export type HistoryWriter = {
  /**
   * All of it or nothing, and it is a sign of life. A minute that is there already is added to; an incident replaces the
   * one of this writer with its beginning. What writers that are gone have left open is ended.
   */
  write(batch: HistoryBatch, writer: Writer): void;
  /** This writer ends, and whatever it still has open. */
  leave(writer: Writer): void;
  /** Forgets at most FORGOTTEN_AT_ONCE rows of what is older; whether there may be more of them. */
  forget(beforeMs: number): boolean;
  close(): void;
};

/** Some milliseconds. */
export const FORGOTTEN_AT_ONCE = 1000;

/** Opens the history at `path` to write to it, and makes it where there is none. Rejects as openHistoryDatabase does. */
export async function openHistoryWriter(path: string): Promise<HistoryWriter> {
  const database = await openHistoryDatabase(path, 'write');
  try {
    return writerOn(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function writerOn(database: DatabaseSync): HistoryWriter {
  const minutes = minutesOf(database);
  const putIncident = incidentsOf(database);
  const writers = writersOf(database);
  const forgetMinutes = database.prepare(`DELETE FROM minute WHERE (start, mirror) IN
    (SELECT start, mirror FROM minute WHERE start < ? ORDER BY start, mirror LIMIT ${FORGOTTEN_AT_ONCE})`);
  // It began before it ended: by its beginning it is found.
  const forgetIncidents = database.prepare(`DELETE FROM incident WHERE (start, mirror, writer) IN
    (SELECT start, mirror, writer FROM incident WHERE start < $before AND until < $before LIMIT ${FORGOTTEN_AT_ONCE})`);
  return {
    write(batch, writer) {
      inTransaction(database, () => {
        writers.seen(writer);
        for (const minute of batch.minutes) minutes.put(minute);
        for (const incident of batch.incidents) putIncident(incident, writer.id);
      });
    },
    leave: (writer) => inTransaction(database, () => writers.end(writer)),
    forget(beforeMs) {
      let changes = 0;
      inTransaction(database, () => {
        changes = Number(forgetMinutes.run(beforeMs).changes);
        if (changes === 0) changes = Number(forgetIncidents.run({ before: beforeMs }).changes);
      });
      return changes > 0;
    },
    close: () => database.close(),
  };
}

function minutesOf(database: DatabaseSync): { put(minute: Minute): void } {
  const values = `VALUES ($mirror, $start, $watched, $answered, $failed,
    $probes_answered, $probes_failed, $first_byte, $bytes, $worst_lag)`;
  const insert = database.prepare(`INSERT OR IGNORE INTO minute ${values}`);
  const replace = database.prepare(`INSERT OR REPLACE INTO minute ${values}`);
  const select = database.prepare('SELECT * FROM minute WHERE start = ? AND mirror = ?');
  return {
    put(minute) {
      if (insert.run(minuteValues(minute)).changes > 0) return;
      const known = select.get(minute.startMs, minute.mirror);
      if (known !== undefined) replace.run(minuteValues(mergeMinutes(minuteFrom(known), minute)));
    },
  };
}

function incidentsOf(database: DatabaseSync): (incident: Incident, writer: string) => void {
  const put = database.prepare('INSERT OR REPLACE INTO incident VALUES (?, ?, ?, ?, ?, ?)');
  return ({ mirror, startMs, endMs, cause, why }, writer) =>
    void put.run(
      mirror,
      Math.round(startMs),
      endMs === undefined ? null : Math.round(endMs),
      cause,
      why,
      writer,
    );
}

function writersOf(database: DatabaseSync): { seen(writer: Writer): void; end(writer: Writer): void } {
  const put = database.prepare('INSERT OR REPLACE INTO writer VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM writer WHERE id = ?');
  // A clock that was set back leaves a sign of life in the future.
  const gone = database.prepare('SELECT id, seen FROM writer WHERE abs(? - seen) > ?');
  const endOpen = database.prepare(
    'UPDATE incident SET until = max(start, ?) WHERE until IS NULL AND writer = ?',
  );
  const end = ({ id, nowMs }: Writer): void => {
    endOpen.run(Math.round(nowMs), id);
    remove.run(id);
  };
  return {
    seen({ id, nowMs }) {
      put.run(id, Math.round(nowMs));
      for (const row of gone.all(Math.round(nowMs), GONE_AFTER_MS))
        end({ id: String(row['id']), nowMs: Math.min(nowMs, numberIn(row, 'seen')) });
    },
    end,
  };
}
