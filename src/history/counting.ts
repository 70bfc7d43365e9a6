import type { RondoEvent } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { HistoryBatch } from './history-database.ts';
import { afterEvent, endOthers, NO_COURSES, type Courses, type Incident } from './incidents.ts';
import { countVisit, createTally, MINUTE_MS, type Tally } from './minute.ts';

/** A mirror that is watched, and how far it lags behind, milliseconds, where that is known. */
export type Watched = { readonly name: string; readonly syncLagMs?: number | undefined };

/** Counts what happens, a minute and mirror, until it is taken to be written down. */
export type Counting = {
  count(event: RondoEvent): void;
  /** These mirrors were watched for so long until now, at most a minute; any others are not watched any more. */
  watched(mirrors: readonly Watched[], elapsedMs: number): void;
  /** What was counted since it was last taken. A minute that goes on is taken in parts, which add up. */
  take(): HistoryBatch;
  /** What `take` would give, which stays. */
  peek(): HistoryBatch;
  /** Nobody watches from now on: what lasts still is ended. */
  end(): void;
};

/** Nothing was counted yet. */
export function createCounting(clock: Clock): Counting {
  const tallies = new Map<string, Tally>();
  let courses: Courses = NO_COURSES;
  let incidents: Incident[] = [];

  const tallyOf = (mirror: string, startMs: number): Tally => {
    const key = `${startMs} ${mirror}`;
    const tally = tallies.get(key) ?? createTally(mirror, startMs);
    tallies.set(key, tally);
    return tally;
  };
  const addTime = ({ name, syncLagMs }: Watched, startMs: number, ms: number): void => {
    const tally = tallyOf(name, startMs);
    tally.watchedMs = Math.min(MINUTE_MS, tally.watchedMs + ms);
    if (syncLagMs !== undefined) tally.worstLagMs = Math.max(tally.worstLagMs ?? 0, syncLagMs);
  };
  const watchOnly = (mirrors: readonly Watched[]): void => {
    const step = endOthers(courses, new Set(mirrors.map(({ name }) => name)), clock.wallMs());
    ({ courses } = step);
    incidents.push(...step.ended);
  };
  return {
    count(event) {
      const nowMs = clock.wallMs();
      if (event.type === 'visit') countVisit(tallyOf(event.mirror, minuteOf(nowMs)), event);
      const step = afterEvent(courses, event, nowMs);
      ({ courses } = step);
      if (step.changed !== undefined) incidents.push(step.changed);
    },
    watched(mirrors, elapsedMs) {
      const wallMs = clock.wallMs();
      const startMs = minuteOf(wallMs);
      const inThis = Math.min(elapsedMs, wallMs - startMs);
      const inLast = Math.min(MINUTE_MS, elapsedMs) - inThis;
      for (const mirror of mirrors) {
        if (inLast > 0) addTime(mirror, startMs - MINUTE_MS, inLast);
        if (inThis > 0) addTime(mirror, startMs, inThis);
      }
      watchOnly(mirrors);
    },
    take() {
      const batch = { minutes: [...tallies.values()], incidents };
      tallies.clear();
      incidents = [];
      return batch;
    },
    peek: () => ({ minutes: [...tallies.values()], incidents: [...incidents] }),
    end: () => watchOnly([]),
  };
}

function minuteOf(wallMs: number): number {
  return Math.floor(wallMs / MINUTE_MS) * MINUTE_MS;
}
