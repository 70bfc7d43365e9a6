import type { LatencyQuantiles } from '../balance/latency-window.ts';
import type { Gate } from '../balance/mirror-state.ts';
import type { Cause } from '../balance/outcome.ts';
import { usualBytesPerS } from '../balance/pace.ts';
import type { Standing } from '../balance/standing.ts';
import { isUp } from '../balance/up-on-trial.ts';
import { explainCause, type Explanation } from '../upstream/explain-cause.ts';
import { baseWeight, type Mirror } from './mirror.ts';
import { weigh, type WeighContext } from './weights.ts';

/** One mirror as `/-/api/mirrors` and the metrics show it. Durations in milliseconds. */
export type MirrorView = {
  readonly name: string;
  readonly url: string;
  readonly tier: number;
  readonly match: string;
  readonly status: Standing['status'];
  readonly why: string;
  readonly eligible: boolean;
  /** Whether it works: it is healthy, or on trial and well by its probes. Absent for one that is left out for good. */
  readonly up?: boolean;
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
  /** As configured, or as somebody set it while the program runs. */
  readonly baseWeight: number;
  readonly configuredWeight: number;
  readonly score: number;
  /** What its speed leaves of its weight: for small files, and for zips. */
  readonly speed: { readonly small: number; readonly zip: number };
  /** Base weight x score x speed for small files. */
  readonly weight: number;
  /** Of its answers of the last five minutes, to requests and probes; absent where there were none. */
  readonly firstByte?: LatencyQuantiles;
  /** Bytes a second of its bodies lately; absent where there were none. */
  readonly bytesPerS?: number;
  /** For how long at least another mirror has had something newer; absent where nobody knows. */
  readonly syncLagMs?: number;
  /** Until when the certificate that its last health check met is valid, Unix milliseconds; absent without one. */
  readonly certificateUntilMs?: number;
  readonly inFlight: number;
  /** Attempts that wait for their first byte, up to the soft limit, and how many may. */
  readonly waiting: number;
  readonly slots: number;
  readonly connectionsOpen: number;
  readonly connectionsOpened: number;
};

/** How the mirrors look to people and programs now. */
export function viewsOf(context: WeighContext): MirrorView[] {
  const { roster } = context;
  const eligible = roster.mirrors.filter((mirror) => roster.standing(mirror).eligible);
  return roster.mirrors.map((mirror) => viewOf(mirror, eligible, context));
}

function viewOf(mirror: Mirror, eligible: readonly Mirror[], context: WeighContext): MirrorView {
  const { roster, clock, settings, sync } = context;
  const nowMs = clock.now();
  const { spec } = mirror;
  const standing = roster.standing(mirror);
  const { why, next } = roster.words(mirror);
  const firstByte = mirror.latency.quantiles(nowMs);
  const lagMs = sync.lagMs(mirror);
  const rate = usualBytesPerS(mirror.pace, nowMs, settings.pace.tauMs);
  const { open, opened } = mirror.upstream.connections();
  const compared = eligible.includes(mirror) ? eligible : [...eligible, mirror];
  const factor = (fileClass: 'small' | 'zip'): number =>
    weigh(compared, fileClass, context).find((each) => each.mirror === mirror)?.factor ?? 1;
  const speed = { small: factor('small'), zip: factor('zip') };
  return {
    name: mirror.name,
    url: spec.endpoint.url.href,
    tier: spec.tier,
    match: spec.match,
    status: standing.status,
    why,
    eligible: standing.eligible,
    ...(mirror.excluded === undefined && { up: isUp(standing.status, mirror.state) }),
    forMs: Math.round(nowMs - sinceMs(mirror, standing)),
    gate: gateOf(mirror, standing),
    next: {
      words: next.words,
      ...(next.atMs === undefined ? {} : { inMs: Math.max(0, Math.round(next.atMs - nowMs)) }),
    },
    ...lastFailure(mirror, nowMs),
    baseWeight: baseWeight(mirror),
    configuredWeight: spec.weight,
    score: standing.score,
    speed,
    weight: baseWeight(mirror) * standing.score * speed.small,
    ...(firstByte === undefined ? {} : { firstByte: roundedTimes(firstByte) }),
    ...(rate === undefined ? {} : { bytesPerS: Math.round(rate) }),
    ...(lagMs === undefined ? {} : { syncLagMs: Math.round(lagMs) }),
    ...(mirror.certificate !== undefined && { certificateUntilMs: mirror.certificate.untilMs }),
    inFlight: mirror.inFlight,
    waiting: mirror.waiting.size,
    slots: Math.floor(mirror.slots.limit),
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

/** Since when it stands so. The gate of one that is out for other reasons may turn as well, which changes nothing. */
function sinceMs({ state, standsSinceMs }: Mirror, { status }: Standing): number {
  const { gate } = state;
  if (status === 'OUTAGE' || status === 'DRAINED') return standsSinceMs;
  const isDue = gate.kind === 'open' && status === 'TRIAL';
  return Math.max(standsSinceMs, isDue ? gate.untilMs : state.sinceMs);
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
