import { lstat } from 'node:fs/promises';
import { messageOf, RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';
import type { HistoryBatch } from './history-database.ts';
import { openHistoryReader, type HistoryReader } from './history-reader.ts';
import { incidentKey, type Incident } from './incidents.ts';
import type { Minute } from './minute.ts';
import { createOutages } from './outages.ts';
import { createParts } from './parts.ts';
import { overlaps, type Period } from './period.ts';
import { seriesOf, type Series } from './series.ts';
import { compareLevels, serviceLevels, type ServiceLevel } from './service-levels.ts';
import { createWatchedTime } from './watched-time.ts';

/** What was recorded of a period; as `rondo report --json` prints it, with `version` 1. Times are Unix milliseconds. */
export type Report = {
  readonly version: 1;
  readonly period: Period;
  readonly mirrors: readonly ServiceLevel[];
  /** The newest 1000, or all where so asked; the newest first. */
  readonly incidents: readonly Incident[];
  /** So many older ones are not among them; they count in the sums of the mirrors. */
  readonly incidentsLeftOut: number;
};

/** The same with what charts need. */
export type HistoryReport = Report & { readonly series: Series[] };

/** How a history is read. */
export type ReadOptions = {
  /** Into how many parts the charts divide the period. */
  readonly parts: number;
  /** Unix milliseconds: by then it is known who writes no more. */
  readonly nowMs: number;
  /** All of them, however many: in memory that grows with them. */
  readonly allIncidents?: boolean;
  /** What is not written down yet, asked when that which is is settled. */
  readonly pending?: () => HistoryBatch;
  /** Called between steps of a few milliseconds, for who has other things to do. */
  readonly pause?: () => Promise<void>;
};

/** So many rows are read at once, and so many mirrors added up. */
const ROWS_AT_ONCE = 500;
const MIRRORS_AT_ONCE = 5;
/** More than people read, and little to send. */
const NEWEST_INCIDENTS = 1000;

/**
 * What was recorded of a period, step by step, in memory that grows neither with its length nor with its incidents. Where
 * there is no file yet, all there is is pending.
 * @throws RondoError E_STORE
 */
export async function readHistory(
  path: string,
  period: Period,
  { parts, nowMs, pending = () => NOTHING, pause, allIncidents = false }: ReadOptions,
): Promise<HistoryReport> {
  const sums = createParts(period, parts);
  const watched = createWatchedTime();
  const outages = createOutages(period, watched, allIncidents ? Infinity : NEWEST_INCIDENTS);
  await readKept(path, async (file) => {
    // Nothing can be written between the two.
    file?.hold();
    const left = pending();
    for (const minutes of minutesOf(file, left, period)) {
      for (const minute of minutes) {
        sums.add(minute);
        watched.add(minute);
      }
      await pause?.();
    }
    for (const incidents of incidentsOf(file, left, period, nowMs)) {
      for (const incident of incidents) outages.add(incident);
      await pause?.();
    }
  });
  const { outages: outageOf, newest, leftOut } = outages.end();
  const minutesByMirror = sums.mirrors();
  const mirrors: ServiceLevel[] = [];
  const series: Series[] = [];
  for (const [nth, mirror] of [...new Set([...minutesByMirror.keys(), ...outageOf.keys()])]
    .toSorted()
    .entries()) {
    if (nth % MIRRORS_AT_ONCE === MIRRORS_AT_ONCE - 1) await pause?.();
    const minutes = minutesByMirror.get(mirror) ?? [];
    const outage = outageOf.get(mirror);
    mirrors.push(...serviceLevels(minutes, outage === undefined ? [] : [outage], period));
    series.push(...seriesOf(minutes, period, parts));
  }
  return {
    version: 1,
    period,
    mirrors: mirrors.toSorted(compareLevels),
    incidents: newest,
    incidentsLeftOut: leftOut,
    series,
  };
}

const NOTHING: HistoryBatch = { minutes: [], incidents: [] };

/** Reads from the file; from none where there is none. */
async function readKept(
  path: string,
  read: (file: HistoryReader | undefined) => Promise<void>,
): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) === undefined) return read(undefined);
  try {
    const file = await openHistoryReader(path);
    try {
      await read(file);
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

/** The minutes of the period, a step each time: those that are written down, the oldest first, and those that are not. */
function* minutesOf(
  file: HistoryReader | undefined,
  left: HistoryBatch,
  period: Period,
): Iterable<readonly Minute[]> {
  let last: Minute | undefined;
  do {
    const minutes = file?.minutes(period, ROWS_AT_ONCE, last) ?? [];
    yield minutes;
    last = minutes.length < ROWS_AT_ONCE ? undefined : minutes.at(-1);
  } while (last !== undefined);
  yield* inSteps(left.minutes.filter(({ startMs }) => startMs >= period.sinceMs && startMs < period.untilMs));
}

/**
 * The incidents of the period in the order of their beginnings, a step each time. One of which more is known by now than
 * is written down takes the place of the one with its beginning.
 */
function* incidentsOf(
  file: HistoryReader | undefined,
  left: HistoryBatch,
  period: Period,
  nowMs: number,
): Iterable<readonly Incident[]> {
  const known = new Map(left.incidents.map((each) => [incidentKey(each), each]));
  let waiting = inOrder([...known.values()].filter((each) => overlaps(each, period)));
  for (const page of file?.incidents(period, nowMs, ROWS_AT_ONCE) ?? []) {
    const kept = page.filter((each) => !known.has(incidentKey(each)));
    const lastMs = kept.at(-1)?.startMs ?? -Infinity;
    const later = waiting.findIndex(({ startMs }) => startMs > lastMs);
    const due = later < 0 ? waiting : waiting.slice(0, later);
    waiting = waiting.slice(due.length);
    yield due.length === 0 ? kept : inOrder([...kept, ...due]);
  }
  yield* inSteps(waiting);
}

function inOrder(incidents: readonly Incident[]): readonly Incident[] {
  return incidents.toSorted((a, b) => a.startMs - b.startMs);
}

function* inSteps<T>(all: readonly T[]): Iterable<readonly T[]> {
  for (let from = 0; from < all.length; from += ROWS_AT_ONCE) yield all.slice(from, from + ROWS_AT_ONCE);
}
