import { liesAtOnce } from './lies.ts';
import type { MirrorState, OpenReason } from './mirror-state.ts';
import type { BalanceSettings } from './settings.ts';
import { scoreOf } from './standing.ts';
import { successOf } from './success-window.ts';
import { failuresThatOpen } from './threshold.ts';

/** How a mirror stands, for people. */
export type StandingWords = {
  /** One line. */
  readonly why: string;
  readonly next: NextChange;
};

/** What would change how a mirror stands. */
export type NextChange = {
  /** One line for people. */
  readonly words: string;
  /** When time alone brings it about, on the monotonic clock; absent where only an event can. */
  readonly atMs?: number;
};

/** Why a mirror stands as standing.ts says, and what would change that. */
export function standingWords(state: MirrorState, nowMs: number, settings: BalanceSettings): StandingWords {
  const { gate } = state;
  switch (gate.kind) {
    case 'closed': {
      const score = scoreOf(state, nowMs, settings);
      return { why: healthyWords(state, score), next: nextOfClosed(state, score, nowMs, settings) };
    }
    case 'open':
      if (nowMs >= gate.untilMs) return trialWords(state, settings, `open time over; ${gate.why}`);
      return {
        why: gate.why,
        next: { words: openWords(state, gate.reason, nowMs, settings), atMs: gate.untilMs },
      };
    case 'half-open': {
      const free = gate.trialSinceMs === undefined;
      return trialWords(
        state,
        settings,
        free ? 'the next request is its trial' : 'a trial request is under way',
      );
    }
  }
}

function openWords(state: MirrorState, reason: OpenReason, nowMs: number, settings: BalanceSettings): string {
  const lied = reason === 'unhealthy' && liesAtOnce(state, nowMs, settings) >= settings.failuresToOpen;
  return OPEN_NEXT[lied ? 'quarantined' : reason];
}

const OPEN_NEXT = {
  unhealthy: 'one trial request when its time is over, or sooner if a probe succeeds',
  cooling: 'one trial request when the time that it asked for is over',
  quarantined: 'one trial request when its time is over: successful probes do not count',
} as const;

function trialWords(state: MirrorState, settings: BalanceSettings, why: string): StandingWords {
  const openMs = Math.min(settings.openMinMs * 2 ** state.opens, settings.openMaxMs);
  const words = `the trial decides: an answer closes the gate, a failure opens it for ${openMs / 2000} to ${openMs / 1000} s`;
  return { why, next: { words } };
}

function healthyWords(state: MirrorState, score: number): string {
  const failures = Math.max(state.trafficFailures, state.probeFailures);
  if (failures > 0 && state.lastFailure !== undefined) {
    return `${countOf(failures, 'failure')}${failures === 1 ? '' : ' in a row'}: ${state.lastFailure.outcome.detail}`;
  }
  if (state.unable > 0) return `well, but could not get ${countOf(state.unable, 'file')} in a row itself`;
  return score < 1 ? 'climbing back after a trial' : 'answers well';
}

/** What would open its gate, counted from where it stands now, and what would bring its score back. */
function nextOfClosed(
  state: MirrorState,
  score: number,
  nowMs: number,
  settings: BalanceSettings,
): NextChange {
  const { trafficFailures, probeFailures, unable, climbingSinceMs } = state;
  const failures = trafficFailures + probeFailures + unable;
  if (climbingSinceMs !== undefined && score < 1 && failures === 0) {
    return { words: 'its score is back at 1', atMs: climbingSinceMs + settings.climbMs };
  }
  const { failuresToOpen: min, failuresToOpenMax: max } = settings;
  const limit = failuresThatOpen(state.usualFailureRate, { min, max });
  const traffic = left(limit, trafficFailures);
  const unavailable = left(settings.unavailableToOpen, state.unavailable);
  const probes = left(settings.probeFailuresToOpen, probeFailures);
  const by503 = unavailable < traffic ? `, ${unavailable} by 503,` : '';
  const opens = `${countOf(traffic, 'failed request')} in a row${by503} or ${countOf(probes, 'failed probe')} would open its gate`;
  const also = `${oftenWords(state, nowMs, settings)}${liesWords(state, nowMs, settings)}`;
  if (failures === 0) return { words: opens + also };
  const mender = probeFailures > trafficFailures ? 'a probe' : 'a request';
  // More failures than open a gate, and it is closed: so it is with the last hope of what it broke off (observe.ts).
  const isSpared = trafficFailures >= limit || state.unavailable >= settings.unavailableToOpen;
  return { words: `${mender} that succeeds brings its score back; ${opens}${also}${isSpared ? SPARED : ''}` };
}

const SPARED = '; a body that breaks does not while no other mirror could go on with it';

/** The rule or the numbers may have changed since, or it was the last hope: one more is what it takes at least. */
function left(limit: number, count: number): number {
  return Math.max(1, limit - count);
}

/** How near it is to the rule for content that is not what was asked for, which need not come in a row. */
function liesWords(state: MirrorState, nowMs: number, settings: BalanceSettings): string {
  const count = liesAtOnce(state, nowMs, settings);
  if (count === 0) return '';
  const more = countOf(left(settings.failuresToOpen, count), 'more answer');
  return `, and so would ${more} with other content than was asked for, ${settings.successWindowMs / 1000} s from the first at the latest`;
}

/** How near it is to the gate's other rule, for those mirrors that fail now and then. */
function oftenWords(
  { recent }: MirrorState,
  nowMs: number,
  { successShare, successWindowMs, successVisits }: BalanceSettings,
): string {
  const { visits, share } = successOf(recent, nowMs, successWindowMs);
  if (share === 1) return '';
  const percent = (value: number): string => `${Math.round(value * 100)}%`;
  return `, and so would under ${percent(successShare)} of ${successVisits} requests in ${successWindowMs / 1000} s (now ${percent(share)} of ${visits})`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
