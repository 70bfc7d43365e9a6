import { FILE_CLASSES, type FileClass } from '../balance/file-class.ts';
import { LatencyWindow } from '../balance/latency-window.ts';
import { newMirrorState, type MirrorState } from '../balance/mirror-state.ts';
import { NO_PACE, type Pace } from '../balance/pace.ts';
import { fullSlots, type Slots } from '../balance/slots.ts';
import type { Clock } from '../kit/clock.ts';
import type { Upstream } from '../upstream/attempt.ts';
import type { MirrorSpec, MirrorsSettings } from './settings.ts';

/**
 * A mirror of the running program: what it is, its connections, its health, its speed and its load. It is the same
 * one as long as its base URL is.
 */
export type Mirror = {
  /** This and the next two: as configured; another configuration replaces them (fleet.ts). */
  name: string;
  spec: MirrorSpec;
  upstream: Upstream;
  /** Changed by the roster alone. */
  state: MirrorState;
  /** When its status was last turned: by its gate, an outage or an order. Changed by the roster alone. */
  standsSinceMs: number;
  /** Set when it must never be asked: Rondo itself. */
  excluded: string | undefined;
  /** What somebody asked for while it runs (mirrors/orders.ts). */
  orders: Orders;
  /** Visits that are not over, bodies and losers of hedges among them, and slots that are held for one (load.ts). */
  inFlight: number;
  /** Attempts that wait for their first byte, up to the soft limit, oldest first; and how many may (load.ts). */
  readonly waiting: Set<Waiting>;
  slots: Slots;
  pace: Pace;
  /** Time to first byte of its answers, to visits and probes, all together and by class of file. */
  readonly latency: LatencyWindow;
  readonly latencyOf: Readonly<Record<FileClass, LatencyWindow>>;
  /** Until when the certificate that its last probe met is valid, Unix milliseconds; and when that was. */
  certificate: { readonly untilMs: number; readonly seenMs: number } | undefined;
};

/** An attempt that waits for its first byte, or a slot that is held for one. */
export type Waiting = {
  readonly sinceMs: number;
  /** Its age tells of the mirror: not that of a slot that is held for an attempt. */
  readonly tells: boolean;
};

/** What somebody asked for while the program runs. */
export type Orders = {
  /** Replaces the configured weight. */
  readonly weight?: number;
  /** No client's request goes to it; health checks go on. When that will be taken back, on the monotonic clock; Infinity: when somebody says so. */
  readonly drainedUntilMs?: number;
};

/** Makes the record of a mirror that nobody has asked yet. */
export function newMirror(
  spec: MirrorSpec,
  upstream: Upstream,
  { clock, settings }: { readonly clock: Clock; readonly settings: MirrorsSettings },
): Mirror {
  const windows = FILE_CLASSES.map((each) => [each, new LatencyWindow()] as const);
  return {
    name: spec.endpoint.name,
    spec,
    upstream,
    state: newMirrorState(clock.now()),
    standsSinceMs: clock.now(),
    excluded: undefined,
    orders: {},
    inFlight: 0,
    waiting: new Set(),
    slots: fullSlots(settings.slots),
    pace: NO_PACE,
    latency: new LatencyWindow(),
    certificate: undefined,
    latencyOf: Object.fromEntries(windows) as Record<FileClass, LatencyWindow>,
  };
}

/** Its weight before health and speed are looked at. */
export function baseWeight({ spec, orders }: Mirror): number {
  return orders.weight ?? spec.weight;
}

/**
 * Whether its connections are all in use. What is sent to it then waits for one unseen, which would be taken for its
 * slowness.
 */
export function isFull({ inFlight, upstream }: Mirror): boolean {
  return inFlight >= upstream.maxConnections;
}

/** How long its oldest attempt has been waiting for an answer; 0 where none is. */
export function unansweredMs({ waiting }: Mirror, nowMs: number): number {
  for (const { sinceMs, tells } of waiting) if (tells) return nowMs - sinceMs;
  return 0;
}
