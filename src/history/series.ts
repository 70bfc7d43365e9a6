import type { Minute } from './minute.ts';
import type { Period } from './service-levels.ts';
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
  const mirrors = new Map<string, PartSums[]>();
  for (const minute of minutes) {
    const part = Math.min(parts - 1, Math.max(0, Math.floor((minute.startMs - sinceMs) / partMs)));
    const sums = mirrors.get(minute.mirror) ?? Array.from({ length: parts }, noSums);
    mirrors.set(minute.mirror, sums);
    const own = sums[part];
    if (own !== undefined) add(own, minute);
  }
  return [...mirrors]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([mirror, sums]) => ({
      mirror,
      points: sums.map((own, index) => pointOf(own, Math.round(sinceMs + index * partMs))),
    }));
}

type PartSums = {
  watchedMs: number;
  answered: number;
  failed: number;
  readonly firstByte: Map<number, number>;
};

function noSums(): PartSums {
  return { watchedMs: 0, answered: 0, failed: 0, firstByte: new Map() };
}

function add(sums: PartSums, minute: Minute): void {
  sums.watchedMs += minute.watchedMs;
  sums.answered += minute.answered + minute.probesAnswered;
  sums.failed += minute.failed + minute.probesFailed;
  for (const [bucket, count] of minute.firstByte)
    sums.firstByte.set(bucket, (sums.firstByte.get(bucket) ?? 0) + count);
}

function pointOf({ firstByte, ...counts }: PartSums, startMs: number): SeriesPoint {
  const p95Ms = quantileMs(firstByte, 0.95);
  return { startMs, ...counts, ...(p95Ms === undefined ? {} : { p95Ms }) };
}
