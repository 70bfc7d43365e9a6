import { stat } from 'node:fs/promises';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';
import type { HistoryBatch } from './history-database.ts';
import { openHistoryReader } from './history-reader.ts';
import { incidentKey, type Incident } from './incidents.ts';
import { MINUTE_MS, type Minute } from './minute.ts';
import { createParts } from './parts.ts';
import { seriesOf, type Series } from './series.ts';
import { compareLevels, serviceLevels, type Period, type ServiceLevel } from './service-levels.ts';
import { unitedIncidents } from './united-incidents.ts';
import { createWatchedTime } from './watched-time.ts';

/** What was recorded of a period; as `rondo report --json` prints it, with `version` 1. Times are Unix milliseconds. */
export type Report = {
  readonly version: 1;
  readonly period: Period;
  readonly mirrors: readonly ServiceLevel[];
  /** The newest first. */
  readonly incidents: readonly Incident[];
};

/** The same with what charts need. */
export type HistoryReport = Report & { readonly series: Series[] };

/** How a history is read. */
export type ReadOptions = {
  /** Into how many parts the charts divide the period. */
  readonly parts: number;
  /** Unix milliseconds: by then it is known who writes no more. */
  readonly nowMs: number;
  /** What is not written down yet, asked once the last of what is was read. */
  readonly pending?: () => HistoryBatch;
  /** Called between steps of a few milliseconds, for who has other things to do. */
  readonly pause?: () => Promise<void>;
};

/** So many minutes are read at once, and so many mirrors added up. */
const ROWS_AT_ONCE = 500;
const MIRRORS_AT_ONCE = 5;
/** Of the last minutes parts may still be added to rows: between them and what is pending there is no pause. */
const TAIL_MS = 2 * MINUTE_MS;

/**
 * What was recorded of a period, step by step, in memory that does not grow with its length. Where there is no file yet,
 * all there is is pending.
 * @throws RondoError E_STORE
 */
export async function readHistory(
  path: string,
  period: Period,
  { parts, nowMs, pending = () => NOTHING, pause }: ReadOptions,
): Promise<HistoryReport> {
  const sums = createParts(period, parts);
  const watched = createWatchedTime();
  const add = (minute: Minute): void => {
    sums.add(minute);
    watched.add(minute);
  };
  const [kept, left] = await readKept(path, period, { nowMs, pause, pending, add });
  for (const minute of left.minutes) if (isWithin(minute, period)) add(minute);
  const incidents = withPending(kept, left.incidents, period);
  const incidentsOf = Map.groupBy(incidents, ({ mirror }) => mirror);
  const minutesOf = sums.mirrors();
  const mirrors: ServiceLevel[] = [];
  const series: Series[] = [];
  for (const [nth, mirror] of [...new Set([...minutesOf.keys(), ...incidentsOf.keys()])]
    .toSorted()
    .entries()) {
    if (nth % MIRRORS_AT_ONCE === MIRRORS_AT_ONCE - 1) await pause?.();
    const minutes = minutesOf.get(mirror) ?? [];
    mirrors.push(...serviceLevels(minutes, incidentsOf.get(mirror) ?? [], period, watched));
    series.push(...seriesOf(minutes, period, parts));
  }
  return { version: 1, period, mirrors: mirrors.toSorted(compareLevels), incidents, series };
}

type Reading = {
  readonly nowMs: number;
  readonly pause: (() => Promise<void>) | undefined;
  readonly pending: () => HistoryBatch;
  readonly add: (minute: Minute) => void;
};

const NOTHING: HistoryBatch = { minutes: [], incidents: [] };

/** The incidents that are written down, and what is not. Nothing can be written between the two. */
async function readKept(
  path: string,
  period: Period,
  { nowMs, pause, pending, add }: Reading,
): Promise<[kept: readonly Incident[], left: HistoryBatch]> {
  if ((await stat(path).catch(() => undefined)) === undefined) return [[], pending()];
  try {
    const file = await openHistoryReader(path);
    try {
      let last: Minute | undefined;
      for (;;) {
        const minutes = file.minutes(period, ROWS_AT_ONCE, last);
        minutes.forEach(add);
        last = minutes.at(-1);
        if (last === undefined || minutes.length < ROWS_AT_ONCE) break;
        if (last.startMs < period.untilMs - TAIL_MS) await pause?.();
      }
      return [file.incidents(period, nowMs), pending()];
    } finally {
      file.close();
    }
  } catch (error) {
    throw new RondoError(
      'E_STORE',
      say('cannot read the history at {path}: {why}', { path, why: messageOf(error) }),
      { cause: error },
    );
  }
}

function isWithin({ startMs }: Minute, { sinceMs, untilMs }: Period): boolean {
  return startMs >= sinceMs && startMs < untilMs;
}

/** An incident of which more is known by now takes the place of the one with its beginning. */
function withPending(kept: readonly Incident[], pending: readonly Incident[], period: Period): Incident[] {
  const all = new Map([...kept, ...pending].map((each) => [incidentKey(each), each]));
  const within = [...all.values()].filter(
    ({ startMs, endMs = Infinity }) => startMs < period.untilMs && endMs > period.sinceMs,
  );
  return unitedIncidents(within);
}
