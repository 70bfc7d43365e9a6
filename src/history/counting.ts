import type { GateStatus, RondoEvent } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import { countVisit, createTally, MINUTE_MS, type Minute, type Tally } from './minute.ts';

/** A mirror that is watched, how it stands, and how far it lags behind, milliseconds, where that is known. */
export type Watched = {
  readonly name: string;
  readonly status: GateStatus;
  readonly syncLagMs?: number | undefined;
};

/** Counts what happens, a minute and mirror, until it is taken to be written down. */
export type Counting = {
  count(event: RondoEvent): void;
  /** These mirrors were watched for so long until now, at most a minute. */
  watched(mirrors: readonly Watched[], elapsedMs: number): void;
  /** What was counted since it was last taken. A minute that goes on is taken in parts, which add up. */
  take(): readonly Minute[];
  /** What `take` would give, which stays. */
  peek(): readonly Minute[];
};

/** Nothing was counted yet. */
export function createCounting(clock: Clock): Counting {
  const tallies = new Map<string, Tally>();
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
  return {
    count(event) {
      if (event.type === 'visit') countVisit(tallyOf(event.mirror, minuteOf(clock.wallMs())), event);
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
    },
    take() {
      const minutes = [...tallies.values()];
      tallies.clear();
      return minutes;
    },
    peek: () => [...tallies.values()],
  };
}

function minuteOf(wallMs: number): number {
  return Math.floor(wallMs / MINUTE_MS) * MINUTE_MS;
}
