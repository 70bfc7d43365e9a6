import type { MirrorState } from './mirror-state.ts';
import type { BalanceSettings } from './settings.ts';

/** The names that users see: of the gate, of an outage of this machine's own network, and of what was asked for. */
export type Status =
  | 'HEALTHY'
  | 'UNHEALTHY'
  | 'COOLING'
  | 'QUARANTINED'
  | 'TRIAL'
  /** No mirror can be reached from here (outage.ts): all of them are in this state, and none is charged. */
  | 'OUTAGE'
  /** Somebody took it out for a while (`rondo mirrors drain`). */
  | 'DRAINED';

/** The answer to the one question that the rest of the program asks of a mirror's health. */
export type Standing = {
  /** May be picked now. */
  readonly eligible: boolean;
  /** Picking it makes that request its trial. */
  readonly trial: boolean;
  readonly status: Status;
  /** Between the floor and 1; the weight in the round robin is base weight x score x latency factor. */
  readonly score: number;
  /** Until when it stays like this at least; absent where only an event can change it. */
  readonly untilMs?: number;
};

/** How a mirror stands at `nowMs` (selection.md, "One gate a mirror"). Why, and what would change it: standing-words.ts. */
export function standing(state: MirrorState, nowMs: number, settings: BalanceSettings): Standing {
  const { gate } = state;
  const score = settings.scoreFloor;
  switch (gate.kind) {
    case 'closed':
      return { eligible: true, trial: false, status: 'HEALTHY', score: scoreOf(state, nowMs, settings) };
    case 'open':
      if (nowMs >= gate.untilMs) return { eligible: true, trial: true, status: 'TRIAL', score };
      return {
        eligible: false,
        trial: false,
        status: OPEN_STATUS[gate.reason],
        score,
        untilMs: gate.untilMs,
      };
    case 'half-open': {
      const free = gate.trialSinceMs === undefined;
      return { eligible: free, trial: free, status: 'TRIAL', score };
    }
  }
}

/** `max(floor, 1 - step x failures)`, what a Rondo could not get being one, and no more than the climb allows after a trial. */
export function scoreOf(state: MirrorState, nowMs: number, settings: BalanceSettings): number {
  const failures = Math.max(state.trafficFailures, state.probeFailures, state.unable);
  const score = Math.max(settings.scoreFloor, 1 - settings.scoreStep * failures);
  if (state.climbingSinceMs === undefined) return score;
  const climbed = Math.min(1, (nowMs - state.climbingSinceMs) / settings.climbMs);
  return Math.min(score, settings.scoreFloor + (1 - settings.scoreFloor) * climbed);
}

const OPEN_STATUS = { unhealthy: 'UNHEALTHY', cooling: 'COOLING', quarantined: 'QUARANTINED' } as const;
