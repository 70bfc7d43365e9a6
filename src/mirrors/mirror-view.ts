import type { LatencyQuantiles } from '../balance/latency-window.ts';
import type { Gate } from '../balance/mirror-state.ts';
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
  readonly gate: Gate['kind'];
  /** What would change its state, for people; `inMs` where time alone does. */
  readonly next: { readonly words: string; readonly inMs?: number };
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
  /** Of its answers of the last five minutes, to requests and probes; absent where there were none. */
  readonly firstByte?: LatencyQuantiles;
  readonly inFlight: number;
  readonly connectionsOpen: number;
  readonly connectionsOpened: number;
};

/** How `mirror` looks to people and programs at `nowMs` of the monotonic clock. */
export function viewOf(mirror: Mirror, standing: Standing, nowMs: number): MirrorView {
  const { spec, state } = mirror;
  const { status, why, eligible, score, next } = standing;
  const firstByte = mirror.latency.quantiles(nowMs);
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
    gate: gateOf(mirror, standing),
    next: {
      words: next.words,
      ...(next.atMs === undefined ? {} : { inMs: Math.max(0, Math.round(next.atMs - nowMs)) }),
    },
    ...lastFailure(mirror, nowMs),
    baseWeight: spec.weight,
    score,
    weight: spec.weight * score,
    ...(firstByte === undefined ? {} : { firstByte: roundedTimes(firstByte) }),
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

/** An open gate whose time is over is half open, without anybody turning it (mirror-state.ts). */
function gateOf({ state }: Mirror, { status }: Standing): Gate['kind'] {
  return status === 'TRIAL' ? 'half-open' : state.gate.kind;
}

function roundedTimes({ p50Ms, p95Ms, samples }: LatencyQuantiles): LatencyQuantiles {
  return { p50Ms: tenths(p50Ms), p95Ms: tenths(p95Ms), samples };
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
