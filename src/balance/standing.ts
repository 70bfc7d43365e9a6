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
};

/** How a mirror stands at `nowMs` (selection.md, "One gate a mirror"). */
export function standing(state: MirrorState, nowMs: number, settings: BalanceSettings): Standing {
  const { gate } = state;
  switch (gate.kind) {
    case 'closed': {
      const score = scoreOf(state, nowMs, settings);
      return { eligible: true, trial: false, status: 'HEALTHY', score, why: healthyWords(state, score) };
    }
    case 'open': {
      if (nowMs >= gate.untilMs) return trialStanding(settings, `open time over; ${gate.why}`);
      return {
        eligible: false,
        trial: false,
        status: OPEN_STATUS[gate.reason],
        score: settings.scoreFloor,
        why: gate.why,
        untilMs: gate.untilMs,
      };
    }
    case 'half-open': {
      if (gate.trialSinceMs === undefined) return trialStanding(settings, 'the next request is its trial');
      return { ...trialStanding(settings, 'a trial request is under way'), eligible: false, trial: false };
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

function trialStanding(settings: BalanceSettings, why: string): Standing {
  return { eligible: true, trial: true, status: 'TRIAL', score: settings.scoreFloor, why };
}

function healthyWords(state: MirrorState, score: number): string {
  const failures = Math.max(state.trafficFailures, state.probeFailures);
  if (failures > 0 && state.lastFailure !== undefined) {
    return `${failures} ${failures === 1 ? 'failure' : 'failures in a row'}: ${state.lastFailure.outcome.detail}`;
  }
  return score < 1 ? 'climbing back after a trial' : 'answers well';
}
