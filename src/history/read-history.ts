import { stat } from 'node:fs/promises';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';
import { openHistoryDatabase, type HistoryBatch } from './history-database.ts';
import type { Incident } from './incidents.ts';
import type { Minute } from './minute.ts';
import { createParts } from './parts.ts';
import { seriesOf, type Series } from './series.ts';
import { serviceLevels, type Period, type ServiceLevel } from './service-levels.ts';
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
  /** What is not written down yet, asked once the last of what is was read. */
  readonly pending?: () => HistoryBatch;
  /** There may be no file yet: then all there is is pending. */
  readonly mayBeMissing?: true;
  /** Called between slices, for who has other things to do. */
  readonly pause?: () => Promise<void>;
};

/** As much of a period is read at once: some ten milliseconds for ten mirrors. */
const SLICE_MS = 3 * 3_600_000;

/**
 * What was recorded of a period, slice by slice, in memory that does not grow with its length.
 * @throws RondoError E_NO_HISTORY, E_STORE
 */
export async function readHistory(
  path: string,
  period: Period,
  { parts, pending, mayBeMissing, pause }: ReadOptions,
): Promise<HistoryReport> {
  const sums = createParts(period, parts);
  const watched = createWatchedTime();
  const add = (minute: Minute): void => {
    sums.add(minute);
    watched.add(minute);
  };
  const [kept, left] = await readKept(path, period, { mayBeMissing, pause, pending, add });
  for (const minute of left.minutes) if (isWithin(minute, period)) add(minute);
  const incidents = withPending(kept, left.incidents, period);
  const minutes = sums.minutes();
  return {
    version: 1,
    period,
    mirrors: serviceLevels(minutes, incidents, period, watched),
    incidents,
    series: seriesOf(minutes, period, parts),
  };
}

type Reading = {
  readonly mayBeMissing: true | undefined;
  readonly pause: (() => Promise<void>) | undefined;
  readonly pending: (() => HistoryBatch) | undefined;
  readonly add: (minute: Minute) => void;
};

const NOTHING: HistoryBatch = { minutes: [], incidents: [] };

/** The incidents that are written down, and what is not. Nothing can be written between the two. */
async function readKept(
  path: string,
  period: Period,
  { mayBeMissing, pause, pending = () => NOTHING, add }: Reading,
): Promise<[kept: readonly Incident[], left: HistoryBatch]> {
  if ((await stat(path).catch(() => undefined)) === undefined) {
    if (mayBeMissing === true) return [[], pending()];
    throw new RondoError('E_NO_HISTORY', say('there is no history at {path}', { path }), {
      hint: say('rondo serve writes one, a row a minute; a copy elsewhere: --cache-dir'),
    });
  }
  try {
    const database = await openHistoryDatabase(path, 'read');
    try {
      for (let sinceMs = period.sinceMs; sinceMs < period.untilMs; sinceMs += SLICE_MS) {
        if (sinceMs > period.sinceMs) await pause?.();
        const untilMs = Math.min(period.untilMs, sinceMs + SLICE_MS);
        for (const minute of database.minutes({ sinceMs, untilMs })) add(minute);
      }
      return [database.incidents(period), pending()];
    } finally {
      database.close();
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
  const all = new Map([...kept, ...pending].map((each) => [`${each.startMs} ${each.mirror}`, each]));
  return [...all.values()]
    .filter(({ startMs, endMs = Infinity }) => startMs < period.untilMs && endMs > period.sinceMs)
    .toSorted((a, b) => b.startMs - a.startMs || (a.mirror < b.mirror ? -1 : 1));
}
