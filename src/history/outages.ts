import type { Incident } from './incidents.ts';
import type { Period } from './period.ts';
import type { WatchedTime } from './watched-time.ts';

/** What the incidents of a mirror come to within a period, as far as it was watched. */
export type Outage = {
  readonly mirror: string;
  readonly incidents: number;
  readonly downMs: number;
  readonly longestMs: number;
};

/** The incidents of a period. */
export type OutagesFound = {
  /** By mirror: all of them count. */
  readonly outages: ReadonlyMap<string, Outage>;
  /** The newest first. */
  readonly newest: readonly Incident[];
  /** So many older ones are not among them. */
  readonly leftOut: number;
};

/** Adds up the incidents of a period, in memory that does not grow with their number. */
export type Outages = {
  /**
   * One of which a part lies within the period. Those of a mirror come in the order of their beginnings. What
   * several Rondos have seen of one outage is one incident: those that overlap, with the beginning and the cause of the
   * first and the end of the last.
   */
  add(incident: Incident): void;
  /** No more come. */
  end(): OutagesFound;
};

/** No incidents yet. All minutes of the period are known; so many of the newest incidents are remembered. */
export function createOutages(period: Period, watched: WatchedTime, atMost: number): Outages {
  const outages = new Map<string, Outage>();
  const newest = createNewest(atMost);
  /** What comes next may overlap with the last one of its mirror. */
  const last = new Map<string, Incident>();
  const count = (whole: Incident): void => {
    newest.add(whole);
    const { mirror, startMs, endMs = Infinity } = whole;
    const { sinceMs, untilMs } = period;
    const ms = watched.between(mirror, Math.max(sinceMs, startMs), Math.min(untilMs, endMs));
    const { incidents, downMs, longestMs } = outages.get(mirror) ?? NO_OUTAGE;
    outages.set(mirror, {
      mirror,
      incidents: incidents + 1,
      downMs: downMs + ms,
      longestMs: Math.max(longestMs, ms),
    });
  };
  return {
    add(incident) {
      const before = last.get(incident.mirror);
      const whole = before === undefined ? incident : unitedOf(before, incident);
      last.set(incident.mirror, whole ?? incident);
      if (before !== undefined && whole === undefined) count(before);
    },
    end() {
      for (const each of last.values()) count(each);
      return { outages, ...newest.end() };
    },
  };
}

/** What a mirror without incidents has. */
export const NO_OUTAGE: Omit<Outage, 'mirror'> = { incidents: 0, downMs: 0, longestMs: 0 };

/** The two as one; undefined where the next one begins after the end of the one before. */
function unitedOf(before: Incident, next: Incident): Incident | undefined {
  if (next.startMs >= endOf(before) && next.startMs > before.startMs) return undefined;
  return endOf(next) > endOf(before) ? { ...before, endMs: next.endMs } : before;
}

/** What lasts has no end yet. */
function endOf({ endMs = Infinity }: Incident): number {
  return endMs;
}

/** Remembers so many of the newest, and now and then some more. */
function createNewest(atMost: number): {
  add(incident: Incident): void;
  end(): Pick<OutagesFound, 'newest' | 'leftOut'>;
} {
  let kept: Incident[] = [];
  let added = 0;
  const sift = (): void => {
    kept = kept.toSorted((a, b) => b.startMs - a.startMs || (a.mirror < b.mirror ? -1 : 1)).slice(0, atMost);
  };
  return {
    add(incident) {
      kept.push(incident);
      added += 1;
      if (kept.length >= 2 * atMost) sift();
    },
    end() {
      sift();
      return { newest: kept, leftOut: added - kept.length };
    },
  };
}
