import { addMinute, createTally, type Minute, type Tally } from './minute.ts';
import type { Period } from './period.ts';
import { quantileMs } from './sketch.ts';

/** One part of a period, of one mirror. */
export type SeriesPoint = {
  /** Its beginning, Unix milliseconds. */
  readonly startMs: number;
  readonly watchedMs: number;
  /** Requests and probes. */
  readonly answered: number;
  readonly failed: number;
  /** Time to the first byte; absent where nothing was answered. */
  readonly p95Ms?: number;
};

/** A mirror's points, the oldest first; every part of the period has one. */
export type Series = { readonly mirror: string; readonly points: readonly SeriesPoint[] };

/** The period in so many equal parts, a mirror each, in the order of their names. Pure. */
export function seriesOf(minutes: Iterable<Minute>, { sinceMs, untilMs }: Period, parts: number): Series[] {
  const partMs = (untilMs - sinceMs) / parts;
  const mirrors = new Map<string, Tally[]>();
  for (const minute of minutes) {
    const part = Math.min(parts - 1, Math.max(0, Math.floor((minute.startMs - sinceMs) / partMs)));
    const sums =
      mirrors.get(minute.mirror) ?? Array.from({ length: parts }, () => createTally(minute.mirror, sinceMs));
    mirrors.set(minute.mirror, sums);
    const own = sums[part];
    if (own !== undefined) addMinute(own, minute);
  }
  return [...mirrors]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([mirror, sums]) => ({
      mirror,
      points: sums.map((own, index) => pointOf(own, Math.round(sinceMs + index * partMs))),
    }));
}

function pointOf(sums: Tally, startMs: number): SeriesPoint {
  const p95Ms = quantileMs(sums.firstByte, 0.95);
  return {
    startMs,
    watchedMs: sums.watchedMs,
    answered: sums.answered + sums.probesAnswered,
    failed: sums.failed + sums.probesFailed,
    ...(p95Ms === undefined ? {} : { p95Ms }),
  };
}
