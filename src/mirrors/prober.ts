import type { Outcome } from '../balance/outcome.ts';
import type { Emit, RondoEvent } from '../events/events.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { LagWatch } from '../kit/lag-watch.ts';
import type { Random } from '../kit/random.ts';
import { learnFirstByte } from './learn.ts';
import type { Mirror } from './mirror.ts';
import { probe } from './probe.ts';
import type { Roster } from './roster.ts';
import type { MirrorsSettings } from './settings.ts';

/** Active health checks of every mirror, each at its own jittered pace. */
export type Prober = {
  start(): void;
  /** Asks every mirror once, side by side, whatever traffic there is. Never rejects. */
  probeAll(): Promise<void>;
  /** Stops at once; probes under way are dropped without charging anybody. */
  stop(): void;
};

/** What probing needs of its surroundings. */
export type ProberContext = {
  readonly settings: MirrorsSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
  readonly lag: LagWatch;
};

/** How soon a mirror is probed after its gate turned, and how often while nobody may be asked. */
const SOON_MS = 1000;

/**
 * Probes (selection.md, "Probes"): skipped while traffic succeeds, sooner after a change of state, once a
 * second while no mirror is eligible.
 */
export function createProber(roster: Roster, context: ProberContext): Prober {
  const { settings, clock, emit, lag } = context;
  const timers = new Map<Mirror, Timer>();
  const stopped = new AbortController();

  const schedule = (mirror: Mirror, delayMs: number): void => {
    if (stopped.signal.aborted) return;
    timers.get(mirror)?.cancel();
    timers.set(
      mirror,
      clock.after(delayMs, () => void round(mirror), { background: true }),
    );
  };
  const probeOne = async (mirror: Mirror): Promise<void> => {
    const startedMs = clock.now();
    const { upstream, spec } = mirror;
    const { timeoutMs } = settings.probe;
    const endWatch = lag.begin();
    const limit = { limitMs: timeoutMs, clock };
    const { outcome, timing } = await probe(upstream, spec.probePath, limit, stopped.signal);
    if (!stopped.signal.aborted) {
      if (timing.firstByteMs !== undefined) {
        const seen = { outcome, ms: timing.firstByteMs };
        learnFirstByte(mirror, 'small', seen, { nowMs: clock.now(), settings });
      }
      roster.observe(mirror, outcome, 'probe');
      emit(probeEvent(mirror, outcome, clock.now() - startedMs));
    }
    endWatch();
  };
  const round = async (mirror: Mirror): Promise<void> => {
    if (mirror.excluded !== undefined) return;
    const own = timers.get(mirror);
    if (!isAnybodyThere(roster)) {
      // Every second, although the last probe may still hang: the network may come back behind its back.
      schedule(mirror, Math.min(SOON_MS, settings.probe.intervalMs));
      return probeOne(mirror);
    }
    if (!isFresh(mirror, clock.now(), settings)) await probeOne(mirror);
    if (stopped.signal.aborted) return;
    // If the gate turned meanwhile, the next probe is set already, and sooner.
    if (timers.get(mirror) === own) schedule(mirror, isAnybodyThere(roster) ? jittered(context) : SOON_MS);
  };

  return {
    start() {
      for (const mirror of roster.mirrors) schedule(mirror, jittered(context) * context.random());
      roster.onTurn((mirror) => schedule(mirror, SOON_MS));
    },
    async probeAll() {
      const asked = roster.mirrors.filter(({ excluded }) => excluded === undefined);
      await Promise.all(asked.map(probeOne));
    },
    stop() {
      stopped.abort(new Error('stopped'));
      for (const timer of timers.values()) timer.cancel();
    },
  };
}

function jittered({ settings, random }: ProberContext): number {
  const { intervalMs, jitter } = settings.probe;
  return intervalMs * (1 + jitter * (2 * random() - 1));
}

function isAnybodyThere(roster: Roster): boolean {
  return roster.mirrors.some((mirror) => roster.standing(mirror).eligible);
}

/** Fresh traffic replaces probes. */
function isFresh({ state }: Mirror, nowMs: number, settings: MirrorsSettings): boolean {
  const { trafficOkMs, gate } = state;
  return (
    trafficOkMs !== undefined && gate.kind === 'closed' && nowMs - trafficOkMs < settings.probe.intervalMs
  );
}

function probeEvent(mirror: Mirror, outcome: Outcome, durationMs: number): RondoEvent {
  const { name } = mirror;
  return {
    type: 'visit',
    mirror: name,
    kind: 'other',
    probe: true,
    revisit: false,
    outcome,
    durationMs,
    bytes: 0,
  };
}
