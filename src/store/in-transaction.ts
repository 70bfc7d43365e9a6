import type { DatabaseSync } from 'node:sqlite';

/** Runs `task` in a transaction that writes: all of it counts, or nothing. Throws what `task` or SQLite throws. */
export function inTransaction(database: DatabaseSync, task: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    task();
    database.exec('COMMIT');
  } catch (error) {
    // SQLite itself may have ended it: then there is nothing to roll back.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
