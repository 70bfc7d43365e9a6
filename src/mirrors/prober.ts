import type { Outcome } from '../balance/outcome.ts';
import type { Emit, RondoEvent } from '../events/events.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { Random } from '../kit/random.ts';
import { probe } from './probe.ts';
import type { Mirror, Roster } from './roster.ts';
import type { MirrorsSettings } from './settings.ts';

/** Active health checks of every mirror, each at its own jittered pace. */
export type Prober = {
  start(): void;
  /** Asks every mirror once, side by side, whatever traffic there is. Never rejects. */
  probeAll(): Promise<void>;
  /** Stops at once; probes under way are dropped without charging anybody. */
  stop(): void;
};

/** How soon a mirror is probed after its gate turned, and how often while nobody may be asked. */
const SOON_MS = 1000;

/**
 * Probes (selection.md, "Probes"): skipped while traffic succeeds, sooner after a change of state, once a
 * second while no mirror is eligible.
 */
export function createProber(
  roster: Roster,
  { settings, clock, random, emit }: { settings: MirrorsSettings; clock: Clock; random: Random; emit: Emit },
): Prober {
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
  const jittered = (): number => {
    const { intervalMs, jitter } = settings.probe;
    return intervalMs * (1 + jitter * (2 * random() - 1));
  };
  const nextMs = (): number => {
    const anybody = roster.mirrors.some((mirror) => roster.standing(mirror).eligible);
    return anybody ? jittered() : Math.min(SOON_MS, settings.probe.intervalMs);
  };
  const probeOne = async (mirror: Mirror): Promise<void> => {
    const startedMs = clock.now();
    const { upstream, spec } = mirror;
    const { timeoutMs } = settings.probe;
    const { outcome, timing } = await probe(upstream, spec.probePath, timeoutMs, stopped.signal);
    if (stopped.signal.aborted) return;
    const nowMs = clock.now();
    roster.timed(mirror, outcome, timing.firstByteMs);
    roster.observe(mirror, outcome, 'probe', false);
    emit(probeEvent(mirror, outcome, nowMs - startedMs));
  };
  const round = async (mirror: Mirror): Promise<void> => {
    if (mirror.excluded !== undefined) return;
    const own = timers.get(mirror);
    if (!isFresh(mirror, clock.now(), settings)) await probeOne(mirror);
    if (stopped.signal.aborted) return;
    // If the gate turned meanwhile, the next probe is set already, and sooner.
    if (timers.get(mirror) === own) schedule(mirror, nextMs());
  };

  return {
    start() {
      for (const mirror of roster.mirrors) schedule(mirror, jittered() * random());
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
