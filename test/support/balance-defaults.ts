import type { Outcome } from '../../src/balance/outcome.ts';
import type { BalanceSettings } from '../../src/balance/settings.ts';
import type { RaceSettings } from '../../src/balance/slow-body.ts';

/** The defaults of the gate and the score (selection.md). */
export const BALANCE_DEFAULTS: BalanceSettings = {
  scoreStep: 0.3,
  scoreFloor: 0.1,
  climbMs: 30_000,
  failuresToOpen: 3,
  failuresToOpenMax: 10,
  successShare: 0.8,
  successWindowMs: 30_000,
  successVisits: 5,
  unavailableToOpen: 3,
  probeFailuresToOpen: 3,
  openMinMs: 1000,
  openMaxMs: 32_000,
  coolMaxMs: 300_000,
  quarantineMs: 600_000,
  rescueEveryMs: 1000,
};

/** The defaults of the race (selection.md, "Body"). */
export const RACE_DEFAULTS: RaceSettings = {
  afterMs: 1000,
  share: 0.25,
  assumedBytesPerS: 256 * 1024,
  leftBytes: 256 * 1024,
};

/** One outcome of each kind that the state machines tell apart. */
export const OUTCOMES: Readonly<Record<OutcomeName, Outcome>> = {
  ok: { class: 'ok', cause: 'ok', status: 200, detail: '200' },
  reset: { class: 'http', cause: 'reset', detail: 'connection reset' },
  unavailable: { class: 'http', cause: 'overload', status: 503, detail: '503' },
  notFound: { class: 'neutral', cause: 'not-found', status: 404, detail: '404' },
  unable: {
    class: 'neutral',
    cause: 'unable',
    status: 503,
    detail: '503, from a Rondo that could not get it',
  },
  clientGone: { class: 'neutral', cause: 'superseded', detail: 'not needed any more' },
  rateLimited: { class: 'rate-limited', cause: 'rate-limited', status: 429, detail: '429' },
  wrong: { class: 'integrity', cause: 'wrong-content', detail: 'h1 differs' },
  local: { class: 'local', cause: 'network-down', detail: 'ENETUNREACH' },
};

type OutcomeName =
  | 'ok'
  | 'reset'
  | 'unavailable'
  | 'notFound'
  | 'unable'
  | 'clientGone'
  | 'rateLimited'
  | 'wrong'
  | 'local';
