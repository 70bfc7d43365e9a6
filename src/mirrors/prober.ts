import type { Outcome } from '../balance/outcome.ts';
import type { Emit, RondoEvent } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { LagWatch } from '../kit/lag-watch.ts';
import type { Random } from '../kit/random.ts';
import type { FleetNow } from './fleet.ts';
import { learnFirstByte } from './learn.ts';
import { isFull, type Mirror } from './mirror.ts';
import { createMirrorTimers } from './mirror-timers.ts';
import { probe } from './probe.ts';
import type { Roster } from './roster.ts';
import type { MirrorsSettings } from './settings.ts';

/** Active health checks of every mirror, each at its own jittered pace. */
export type Prober = {
  start(): void;
  /** Asks every mirror once, side by side, whatever traffic there is. Never rejects. */
  probeAll(): Promise<void>;
  /** The fleet is another one: who is new is probed soon, who is gone no more, and all at the new pace. */
  replaced(): void;
  /** Stops at once; probes under way are dropped without charging anybody. */
  stop(): void;
};

/** What probing needs of its surroundings. */
export type ProberContext = {
  readonly fleet: FleetNow;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
  readonly lag: LagWatch;
};

/** How soon a mirror is probed after its gate turned, and how often while nobody may be asked. */
const SOON_MS = 1000;
/** A busy mirror's certificate is looked at so often. */
const CERTIFICATE_EVERY_MS = 3_600_000;

/**
 * Probes (selection.md, "Probes"): skipped while traffic succeeds, sooner after a change of state, once a
 * second while no mirror is eligible, or while one leaves questions open that may be to blame themselves.
 */
export function createProber(roster: Roster, context: ProberContext): Prober {
  const { fleet, clock } = context;
  const timers = createMirrorTimers(roster, clock);
  const stopped = new AbortController();
  /** Who is in doubt since his last round, and when that was. */
  const [doubted, lastMs] = [new WeakSet<Mirror>(), new WeakMap<Mirror, number>()];
  let started = false;
  let paceMs = 0;

  const schedule = (mirror: Mirror, delayMs: number): void =>
    timers.set(mirror, delayMs, () => void round(mirror));
  const probeOne = (mirror: Mirror): Promise<void> => probeMirror(mirror, roster, context, stopped.signal);
  const round = async (mirror: Mirror): Promise<void> => {
    if (mirror.excluded !== undefined) return;
    const own = timers.get(mirror);
    const { settings } = fleet();
    lastMs.set(mirror, clock.now());
    if (doubted.delete(mirror) || !isAnybodyThere(roster)) {
      // Every second, although the last probe may still hang: the network may come back behind its back.
      schedule(mirror, Math.min(SOON_MS, settings.probe.intervalMs));
      return probeOne(mirror);
    }
    if (!isFresh(mirror, clock.now(), settings)) await probeOne(mirror);
    // If the gate turned meanwhile, the next probe is set already, and sooner.
    if (timers.get(mirror) === own) schedule(mirror, isAnybodyThere(roster) ? jittered(context) : SOON_MS);
  };
  const hurry = (mirror: Mirror): void => {
    if (doubted.has(mirror)) return;
    doubted.add(mirror);
    schedule(mirror, Math.max(0, (lastMs.get(mirror) ?? -Infinity) + SOON_MS - clock.now()));
  };
  /** Not all in step. */
  const begin = (mirrors: readonly Mirror[]): void => {
    paceMs = fleet().settings.probe.intervalMs;
    for (const mirror of mirrors) schedule(mirror, jittered(context) * context.random());
  };

  return {
    start() {
      started = true;
      begin(roster.mirrors);
      roster.onTurn((mirror) => schedule(mirror, SOON_MS));
      roster.onDoubt(hurry);
    },
    replaced() {
      timers.replaced();
      if (!started) return;
      const isSame = paceMs === fleet().settings.probe.intervalMs;
      begin(isSame ? roster.mirrors.filter((mirror) => timers.get(mirror) === undefined) : roster.mirrors);
    },
    async probeAll() {
      const asked = roster.mirrors.filter(({ excluded }) => excluded === undefined);
      await Promise.all(asked.map(probeOne));
    },
    stop() {
      stopped.abort(new Error('stopped'));
      timers.close();
    },
  };
}

/** Nothing is learnt any more once `stopped` aborts, nor of a mirror that is gone by then. */
async function probeMirror(
  mirror: Mirror,
  roster: Roster,
  { fleet, clock, lag, emit }: ProberContext,
  stopped: AbortSignal,
): Promise<void> {
  // Of a full one it would only find out that it is: what runs there tells how it stands.
  if (isFull(mirror)) return;
  const startedMs = clock.now();
  const { upstream, spec } = mirror;
  const { settings } = fleet();
  const endWatch = lag.begin();
  const limit = { limitMs: settings.probe.timeoutMs, clock };
  const { outcome, timing } = await probe(upstream, spec.probePath, limit, stopped);
  if (!stopped.aborted && roster.mirrors.includes(mirror)) {
    if (timing.firstByteMs !== undefined) {
      const seen = { outcome, ms: timing.firstByteMs };
      learnFirstByte(mirror, 'small', seen, { nowMs: clock.now(), settings });
    }
    const untilMs = timing.tls?.validUntilMs;
    if (untilMs !== undefined) mirror.certificate = { untilMs, seenMs: clock.now() };
    roster.observe(mirror, outcome, 'probe');
    const { firstByteMs } = timing;
    const durationMs = clock.now() - startedMs;
    emit(probeEvent(mirror, { outcome, durationMs, ...(firstByteMs !== undefined && { firstByteMs }) }));
  }
  endWatch();
}

function jittered({ fleet, random }: ProberContext): number {
  const { intervalMs, jitter } = fleet().settings.probe;
  return intervalMs * (1 + jitter * (2 * random() - 1));
}

function isAnybodyThere(roster: Roster): boolean {
  return roster.mirrors.some((mirror) => roster.standing(mirror).eligible);
}

/** Fresh traffic replaces probes, except that one looks at the certificate now and then. */
function isFresh(mirror: Mirror, nowMs: number, settings: MirrorsSettings): boolean {
  const { trafficOkMs, gate } = mirror.state;
  const { seenMs = -Infinity } = mirror.certificate ?? {};
  if (mirror.spec.endpoint.url.protocol === 'https:' && nowMs - seenMs >= CERTIFICATE_EVERY_MS) return false;
  return (
    trafficOkMs !== undefined && gate.kind === 'closed' && nowMs - trafficOkMs < settings.probe.intervalMs
  );
}

type Probed = { readonly outcome: Outcome; readonly durationMs: number; readonly firstByteMs?: number };

function probeEvent({ name }: Mirror, probed: Probed): RondoEvent {
  return { type: 'visit', mirror: name, kind: 'other', probe: true, revisit: false, ...probed, bytes: 0 };
}
