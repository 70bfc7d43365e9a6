import type { Cause } from '../balance/outcome.ts';
import type { Standing } from '../balance/standing.ts';
import { explainCause, type Explanation } from '../upstream/explain-cause.ts';
import type { Mirror } from './roster.ts';

/** One mirror as `/-/api/mirrors` and the metrics show it. Durations in milliseconds. */
export type MirrorView = {
  readonly name: string;
  readonly url: string;
  readonly tier: number;
  readonly match: string;
  readonly status: Standing['status'];
  readonly why: string;
  readonly eligible: boolean;
  /** How long it has been in this state. */
  readonly forMs: number;
  /** When time alone would change it; absent where only an event can. */
  readonly changesInMs?: number;
  /** The last failure, for people: what it was, when it is likely to be over, who can mend it. */
  readonly lastFailure?: {
    readonly agoMs: number;
    readonly cause: Cause;
    readonly detail: string;
    readonly explanation: Explanation;
  };
  readonly baseWeight: number;
  readonly score: number;
  readonly weight: number;
  readonly inFlight: number;
  readonly connectionsOpen: number;
  readonly connectionsOpened: number;
};

/** How `mirror` looks to people and programs at `nowMs` of the monotonic clock. */
export function viewOf(mirror: Mirror, standing: Standing, nowMs: number): MirrorView {
  const { spec, state } = mirror;
  const { status, why, eligible, score, untilMs } = standing;
  const { open, opened } = mirror.upstream.connections();
  return {
    name: mirror.name,
    url: spec.endpoint.url.href,
    tier: spec.tier,
    match: spec.match,
    status,
    why,
    eligible,
    forMs: Math.round(nowMs - state.sinceMs),
    ...(untilMs === undefined ? {} : { changesInMs: Math.round(untilMs - nowMs) }),
    ...lastFailure(mirror, nowMs),
    baseWeight: spec.weight,
    score,
    weight: spec.weight * score,
    inFlight: mirror.inFlight,
    connectionsOpen: open,
    connectionsOpened: opened,
  };
}

function lastFailure({ state }: Mirror, nowMs: number): Pick<MirrorView, 'lastFailure'> {
  if (state.lastFailure === undefined) return {};
  const { atMs, outcome } = state.lastFailure;
  const { cause, detail } = outcome;
  return {
    lastFailure: { agoMs: Math.round(nowMs - atMs), cause, detail, explanation: explainCause(cause) },
  };
}
