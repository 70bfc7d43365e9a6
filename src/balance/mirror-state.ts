import type { Lies } from './lies.ts';
import type { Outcome } from './outcome.ts';
import type { Slice } from './success-window.ts';
import type { TrialAnswers } from './up-on-trial.ts';

/** Why a gate is open: what users see as UNHEALTHY, COOLING and QUARANTINED. */
export type OpenReason = 'unhealthy' | 'cooling' | 'quarantined';

/**
 * May this mirror be picked? An open gate whose time is over is half open without anybody turning it:
 * time is only ever compared, never waited for (standing.ts).
 */
export type Gate =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly reason: OpenReason; readonly untilMs: number; readonly why: string }
  /** `trialSinceMs` is set while one request is the trial. */
  | { readonly kind: 'half-open'; readonly sinceMs: number; readonly trialSinceMs?: number };

/** What is remembered of one mirror's health. Plain data; times are of the monotonic clock. */
export type MirrorState = {
  readonly gate: Gate;
  /** When the gate last changed. */
  readonly sinceMs: number;
  /** Failures in a row, counted apart: the score uses the greater. */
  readonly trafficFailures: number;
  /** Answers with other content than what was asked for. A trial does not wipe them: it may be for a file of another kind. */
  readonly lies?: Lies;
  readonly probeFailures: number;
  /** Files in a row that it, a Rondo, could not get itself: its weight falls by them, its gate stays as it is. */
  readonly unable: number;
  /** 503 in a row, seen by traffic. */
  readonly unavailable: number;
  /** The share of its visits that usually fail, 0 to 1: what the threshold adapts to (threshold.ts). */
  readonly usualFailureRate: number;
  /** Its visits of the last while (success-window.ts); empty after its gate turned. */
  readonly recent: readonly Slice[];
  /**
   * How often in a row it was opened, cooled, quarantined: the exponents of the doubling times. The first and the last
   * are forgotten after a whole climb, the other with the first success of a visit that began since its gate is closed.
   */
  readonly opens: number;
  readonly cools: number;
  readonly quarantines: number;
  /** When the last quarantine began. */
  readonly quarantinedMs?: number;
  /** Set while the score climbs after a passed trial. */
  readonly climbingSinceMs?: number;
  /** When it was last asked as a trial because nobody else was left to be asked. */
  readonly rescuedMs?: number;
  /** Of its trial while nobody asks it; absent where there were none, and where its gate is closed or shut. */
  readonly trialAnswers?: TrialAnswers;
  /** When traffic last succeeded: fresh traffic replaces probes. */
  readonly trafficOkMs?: number;
  /** The last failure, for people. */
  readonly lastFailure?: { readonly atMs: number; readonly outcome: Outcome; readonly probe: boolean };
};

/** Everybody starts eligible. */
export function newMirrorState(nowMs: number): MirrorState {
  return {
    gate: { kind: 'closed' },
    sinceMs: nowMs,
    trafficFailures: 0,
    probeFailures: 0,
    unable: 0,
    unavailable: 0,
    usualFailureRate: 0,
    recent: [],
    opens: 0,
    cools: 0,
    quarantines: 0,
  };
}
