import type { MirrorState } from './mirror-state.ts';
import type { BalanceSettings } from './settings.ts';

/** The names that users see. */
export type Status = 'HEALTHY' | 'UNHEALTHY' | 'COOLING' | 'QUARANTINED' | 'TRIAL';

/** The answer to the one question that the rest of the program asks of a mirror's health. */
export type Standing = {
  /** May be picked now. */
  readonly eligible: boolean;
  /** Picking it makes that request its trial. */
  readonly trial: boolean;
  readonly status: Status;
  /** Between the floor and 1; the weight in the round robin is base weight x score. */
  readonly score: number;
  /** One line for people. */
  readonly why: string;
  /** Until when it stays like this at least; absent where only an event can change it. */
  readonly untilMs?: number;
  readonly next: NextChange;
};

/** What would change how a mirror stands. */
export type NextChange = {
  /** One line for people. */
  readonly words: string;
  /** When time alone brings it about, on the monotonic clock; absent where only an event can. */
  readonly atMs?: number;
};

/** How a mirror stands at `nowMs` (selection.md, "One gate a mirror"). */
export function standing(state: MirrorState, nowMs: number, settings: BalanceSettings): Standing {
  const { gate } = state;
  switch (gate.kind) {
    case 'closed': {
      const score = scoreOf(state, nowMs, settings);
      const next = nextOfClosed(state, score, settings);
      return {
        eligible: true,
        trial: false,
        status: 'HEALTHY',
        score,
        why: healthyWords(state, score),
        next,
      };
    }
    case 'open': {
      if (nowMs >= gate.untilMs) return trialStanding(state, settings, `open time over; ${gate.why}`);
      return {
        eligible: false,
        trial: false,
        status: OPEN_STATUS[gate.reason],
        score: settings.scoreFloor,
        why: gate.why,
        untilMs: gate.untilMs,
        next: { words: OPEN_NEXT[gate.reason], atMs: gate.untilMs },
      };
    }
    case 'half-open': {
      if (gate.trialSinceMs === undefined)
        return trialStanding(state, settings, 'the next request is its trial');
      return {
        ...trialStanding(state, settings, 'a trial request is under way'),
        eligible: false,
        trial: false,
      };
    }
  }
}

/** `max(floor, 1 - step x failures)`, and no more than the climb allows after a trial. */
export function scoreOf(state: MirrorState, nowMs: number, settings: BalanceSettings): number {
  const failures = Math.max(state.trafficFailures, state.probeFailures);
  const score = Math.max(settings.scoreFloor, 1 - settings.scoreStep * failures);
  if (state.climbingSinceMs === undefined) return score;
  const climbed = Math.min(1, (nowMs - state.climbingSinceMs) / settings.climbMs);
  return Math.min(score, settings.scoreFloor + (1 - settings.scoreFloor) * climbed);
}

const OPEN_STATUS = { unhealthy: 'UNHEALTHY', cooling: 'COOLING', quarantined: 'QUARANTINED' } as const;

const OPEN_NEXT = {
  unhealthy: 'the end of its time, or a probe that succeeds, makes the next request its trial',
  cooling: 'the end of the time that it asked for makes the next request its trial',
  quarantined: 'only the end of its time makes a request its trial: probes do not count',
} as const;

function trialStanding(state: MirrorState, settings: BalanceSettings, why: string): Standing {
  const openMs = Math.min(settings.openMinMs * 2 ** state.opens, settings.openMaxMs);
  const words = `the trial decides: an answer closes the gate, a failure opens it for ${openMs / 2000} to ${openMs / 1000} s`;
  return { eligible: true, trial: true, status: 'TRIAL', score: settings.scoreFloor, why, next: { words } };
}

function healthyWords(state: MirrorState, score: number): string {
  const failures = Math.max(state.trafficFailures, state.probeFailures);
  if (failures > 0 && state.lastFailure !== undefined) {
    return `${countOf(failures, 'failure')}${failures === 1 ? '' : ' in a row'}: ${state.lastFailure.outcome.detail}`;
  }
  return score < 1 ? 'climbing back after a trial' : 'answers well';
}

/** What would open its gate, counted from where it stands now, and what would bring its score back. */
function nextOfClosed(state: MirrorState, score: number, settings: BalanceSettings): NextChange {
  const { trafficFailures, probeFailures, climbingSinceMs } = state;
  if (climbingSinceMs !== undefined && score < 1 && trafficFailures + probeFailures === 0) {
    return { words: 'its score is back at 1', atMs: climbingSinceMs + settings.climbMs };
  }
  const traffic = settings.failuresToOpen - trafficFailures;
  const unavailable = settings.unavailableToOpen - state.unavailable;
  const probes = settings.probeFailuresToOpen - probeFailures;
  const by503 = unavailable < traffic ? `, ${unavailable} by 503,` : '';
  const opens = `${countOf(traffic, 'failed request')} in a row${by503} or ${countOf(probes, 'failed probe')} would open its gate`;
  if (trafficFailures + probeFailures === 0) return { words: opens };
  const mender = probeFailures > trafficFailures ? 'a probe' : 'a request';
  return { words: `${mender} that succeeds brings its score back; ${opens}` };
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
