import type { Incident } from './incidents.ts';
import { addMinute, createTally, type Minute, type Tally } from './minute.ts';
import { quantileMs } from './sketch.ts';
import type { WatchedTime } from './watched-time.ts';

/** From when to when, Unix milliseconds. */
export type Period = { readonly sinceMs: number; readonly untilMs: number };

/** How well one mirror served within a period. Shares are 0 to 1, times milliseconds. */
export type ServiceLevel = {
  readonly mirror: string;
  /** For how long Rondo watched it. */
  readonly watchedMs: number;
  /** The share of that time in which no incident lasted; absent where it was not watched. */
  readonly uptime?: number;
  /** For how long of that time an incident lasted. */
  readonly downMs: number;
  readonly incidents: number;
  /** As far as it was watched. */
  readonly longestIncidentMs: number;
  /** Clients' requests that it answered, and those that it failed. */
  readonly answered: number;
  readonly failed: number;
  readonly probes: number;
  readonly probesFailed: number;
  /** Time to the first byte of what it answered, to 2%; absent where it answered nothing. */
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly bytes: number;
  /** Absent where nobody knew. */
  readonly worstLagMs?: number;
};

/**
 * The service levels of a period, the best mirror first. The minutes and incidents are those of the period; a minute is
 * taken as a whole, an incident as far as it lies within and was watched. Those of one mirror do not overlap
 * (unitedIncidents).
 */
export function serviceLevels(
  minutes: Iterable<Minute>,
  incidents: readonly Incident[],
  period: Period,
  watched: WatchedTime,
): ServiceLevel[] {
  const sums = new Map<string, Sums>();
  const sumsOf = (mirror: string): Sums => {
    const known = sums.get(mirror) ?? { all: createTally(mirror, period.sinceMs), down: [] };
    sums.set(mirror, known);
    return known;
  };
  for (const minute of minutes) addMinute(sumsOf(minute.mirror).all, minute);
  for (const incident of incidents) {
    const part = partWithin(incident, period);
    if (part.untilMs >= part.sinceMs) sumsOf(incident.mirror).down.push(part);
  }
  return [...sums].map(([mirror, each]) => levelOf(mirror, each, watched)).toSorted(compareLevels);
}

type Sums = {
  readonly all: Tally;
  /** When it was out, an incident each. */
  readonly down: Period[];
};

function levelOf(mirror: string, { all, down }: Sums, watched: WatchedTime): ServiceLevel {
  const { watchedMs, answered, failed, probesAnswered, probesFailed, bytes, worstLagMs, firstByte } = all;
  const within = ({ sinceMs, untilMs }: Period): number => watched.between(mirror, sinceMs, untilMs);
  const total = down.reduce((sum, each) => sum + within(each), 0);
  const downMs = Math.min(watchedMs, total);
  const [p50Ms, p95Ms] = [quantileMs(firstByte, 0.5), quantileMs(firstByte, 0.95)];
  return {
    mirror,
    watchedMs,
    answered,
    failed,
    probes: probesAnswered + probesFailed,
    probesFailed,
    bytes,
    ...(watchedMs === 0 ? {} : { uptime: 1 - downMs / watchedMs }),
    downMs,
    incidents: down.length,
    longestIncidentMs: down.reduce((longest, each) => Math.max(longest, within(each)), 0),
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p95Ms === undefined ? {} : { p95Ms }),
    ...(worstLagMs === undefined ? {} : { worstLagMs }),
  };
}

/** It ends before it begins where the incident lies outside. */
function partWithin({ startMs, endMs }: Incident, { sinceMs, untilMs }: Period): Period {
  return { sinceMs: Math.max(sinceMs, startMs), untilMs: Math.min(untilMs, endMs ?? untilMs) };
}

/** The best first: by uptime, then by its 95th percentile. Pure. */
export function compareLevels(a: ServiceLevel, b: ServiceLevel): number {
  return (
    (b.uptime ?? -1) - (a.uptime ?? -1) ||
    (a.p95Ms ?? Infinity) - (b.p95Ms ?? Infinity) ||
    (a.mirror < b.mirror ? -1 : 1)
  );
}
