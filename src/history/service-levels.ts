import { addMinute, createTally, type Minute, type Tally } from './minute.ts';
import { NO_OUTAGE, type Outage } from './outages.ts';
import type { Period } from './period.ts';
import { quantileMs } from './sketch.ts';

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
 * The service levels of a period, the best mirror first. The minutes and the outages are those of the period; a minute is
 * taken as a whole.
 */
export function serviceLevels(
  minutes: Iterable<Minute>,
  outages: Iterable<Outage>,
  { sinceMs }: Period,
): ServiceLevel[] {
  const sums = new Map<string, Tally>();
  const sumsOf = (mirror: string): Tally => {
    const known = sums.get(mirror) ?? createTally(mirror, sinceMs);
    sums.set(mirror, known);
    return known;
  };
  const outageOf = new Map([...outages].map((each) => [each.mirror, each]));
  for (const minute of minutes) addMinute(sumsOf(minute.mirror), minute);
  for (const mirror of outageOf.keys()) sumsOf(mirror);
  return [...sums]
    .map(([mirror, all]) => levelOf(all, outageOf.get(mirror) ?? { ...NO_OUTAGE, mirror }))
    .toSorted(compareLevels);
}

function levelOf(all: Tally, { mirror, incidents, downMs: total, longestMs }: Outage): ServiceLevel {
  const { watchedMs, answered, failed, probesAnswered, probesFailed, bytes, worstLagMs, firstByte } = all;
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
    incidents,
    longestIncidentMs: longestMs,
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p95Ms === undefined ? {} : { p95Ms }),
    ...(worstLagMs === undefined ? {} : { worstLagMs }),
  };
}

/** The best first: by uptime, then by its 95th percentile. Pure. */
export function compareLevels(a: ServiceLevel, b: ServiceLevel): number {
  return (
    (b.uptime ?? -1) - (a.uptime ?? -1) ||
    (a.p95Ms ?? Infinity) - (b.p95Ms ?? Infinity) ||
    (a.mirror < b.mirror ? -1 : 1)
  );
}
