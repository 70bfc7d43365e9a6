import type { SQLInputValue } from 'node:sqlite';
import type { Incident } from './incidents.ts';
import type { Minute } from './minute.ts';
import { parseSketch, sketchText } from './sketch.ts';

/** A row as SQLite gives it. */
type Row = Record<string, unknown>;

/** The minute of a row. */
export function minuteFrom(row: Row): Minute {
  return {
    mirror: String(row['mirror']),
    startMs: numberIn(row, 'start'),
    watchedMs: numberIn(row, 'watched'),
    answered: numberIn(row, 'answered'),
    failed: numberIn(row, 'failed'),
    probesAnswered: numberIn(row, 'probes_answered'),
    probesFailed: numberIn(row, 'probes_failed'),
    firstByte: parseSketch(String(row['first_byte'])),
    bytes: numberIn(row, 'bytes'),
    ...(row['worst_lag'] === null ? {} : { worstLagMs: numberIn(row, 'worst_lag') }),
  };
}

/** The row of a minute, a value a column. */
export function minuteValues(minute: Minute): Record<string, SQLInputValue> {
  return {
    mirror: minute.mirror,
    start: minute.startMs,
    watched: Math.round(minute.watchedMs),
    answered: minute.answered,
    failed: minute.failed,
    probes_answered: minute.probesAnswered,
    probes_failed: minute.probesFailed,
    first_byte: sketchText(minute.firstByte),
    bytes: minute.bytes,
    worst_lag: minute.worstLagMs === undefined ? null : Math.round(minute.worstLagMs),
  };
}

/** The incident of a row. */
export function incidentFrom(row: Row): Incident {
  return {
    mirror: String(row['mirror']),
    startMs: numberIn(row, 'start'),
    ...(row['ended'] === null ? {} : { endMs: numberIn(row, 'ended') }),
    cause: String(row['cause']),
    why: String(row['why']),
  };
}

/** A number of a row; 0 where there is none. */
export function numberIn(row: Row | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}
