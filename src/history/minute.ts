import { judgeVisit } from '../balance/judge-visit.ts';
import type { Outcome } from '../balance/outcome.ts';
import { addSketch, bucketOf, type Sketch } from './sketch.ts';

/** A minute, milliseconds. */
export const MINUTE_MS = 60_000;

/** What was seen of one mirror within one minute of the wall clock. */
export type Minute = {
  readonly mirror: string;
  /** Its beginning, Unix milliseconds, a multiple of MINUTE_MS. */
  readonly startMs: number;
  /** For how long of it Rondo ran, milliseconds. */
  readonly watchedMs: number;
  /** Visits that it answered, be it with a 404, and those that failed; of clients' requests. */
  readonly answered: number;
  readonly failed: number;
  /** The same of probes. */
  readonly probesAnswered: number;
  readonly probesFailed: number;
  /** First bytes of what it answered, probes among them. */
  readonly firstByte: Sketch;
  /** Bytes of bodies. */
  readonly bytes: number;
  /** How far it lagged behind at most, milliseconds; absent where nobody knew. */
  readonly worstLagMs?: number | undefined;
};

/** One visit, as far as a minute counts it. */
export type CountedVisit = {
  readonly mirror: string;
  readonly probe: boolean;
  readonly outcome: Outcome;
  readonly firstByteMs?: number | undefined;
  readonly bytes: number;
};

/** A minute while it is counted, or the sums of several. */
export type Tally = { -readonly [Key in keyof Minute]: Minute[Key] } & {
  readonly firstByte: Map<number, number>;
};

/** A minute of which nothing is known yet. */
export function createTally(mirror: string, startMs: number): Tally {
  return {
    mirror,
    startMs,
    watchedMs: 0,
    answered: 0,
    failed: 0,
    probesAnswered: 0,
    probesFailed: 0,
    firstByte: new Map(),
    bytes: 0,
  };
}

/** Counts one more visit. */
export function countVisit(tally: Tally, { probe, outcome, firstByteMs, bytes }: CountedVisit): void {
  tally.bytes += bytes;
  const judged = judgeVisit(outcome);
  if (judged === undefined) return;
  if (probe) tally[judged === 'answered' ? 'probesAnswered' : 'probesFailed'] += 1;
  else tally[judged] += 1;
  if (judged === 'failed' || firstByteMs === undefined) return;
  const bucket = bucketOf(firstByteMs);
  tally.firstByte.set(bucket, (tally.firstByte.get(bucket) ?? 0) + 1);
}

/** Adds another minute to the sums of several. */
export function addMinute(sums: Tally, minute: Minute): void {
  sums.watchedMs += minute.watchedMs;
  sums.answered += minute.answered;
  sums.failed += minute.failed;
  sums.probesAnswered += minute.probesAnswered;
  sums.probesFailed += minute.probesFailed;
  sums.bytes += minute.bytes;
  if (minute.worstLagMs !== undefined) sums.worstLagMs = Math.max(sums.worstLagMs ?? 0, minute.worstLagMs);
  addSketch(sums.firstByte, minute.firstByte);
}

/** Two records of one minute of one mirror, of two Rondos over one copy for instance, as one. */
export function mergeMinutes(a: Minute, b: Minute): Minute {
  const both = createTally(a.mirror, a.startMs);
  addMinute(both, a);
  addMinute(both, b);
  both.watchedMs = Math.min(MINUTE_MS, both.watchedMs);
  return both;
}
