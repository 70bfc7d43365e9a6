import type { Outcome } from '../balance/outcome.ts';
import type { Emit, RondoEvent } from '../events/events.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { Random } from '../kit/random.ts';
import { BodyError } from '../upstream/attempt.ts';
import type { Mirror, Roster } from './roster.ts';
import type { MirrorsSettings } from './settings.ts';

/** Active health checks of every mirror, each at its own jittered pace. */
export type Prober = {
  start(): void;
  /** Stops at once; probes under way are dropped without charging anybody. */
  stop(): void;
};

/** A probe's answer is a small file; more than this is not read. */
const MAX_PROBE_BYTES = 64 * 1024;
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
  const round = async (mirror: Mirror): Promise<void> => {
    if (mirror.excluded !== undefined) return;
    const own = timers.get(mirror);
    if (!isFresh(mirror, clock.now(), settings)) {
      const startedMs = clock.now();
      const outcome = await probe(mirror, settings, stopped.signal);
      if (stopped.signal.aborted) return;
      roster.observe(mirror, outcome, 'probe');
      emit(probeEvent(mirror, outcome, clock.now() - startedMs));
    }
    // If the gate turned meanwhile, the next probe is set already, and sooner.
    if (timers.get(mirror) === own) schedule(mirror, nextMs());
  };

  return {
    start() {
      for (const mirror of roster.mirrors) schedule(mirror, jittered() * random());
      roster.onTurn((mirror) => schedule(mirror, SOON_MS));
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

/** The bytes of the default probe; of other paths only the mirror's owner knows what is right. */
const KNOWN_ANSWERS: ReadonlyMap<string, string> = new Map([
  ['/golang.org/x/text/@v/v0.3.0.mod', 'module golang.org/x/text\n'],
]);

function judgeProbe(path: string, text: string, status: number): Outcome {
  if ((KNOWN_ANSWERS.get(path) ?? text) === text)
    return { class: 'ok', cause: 'ok', status, detail: String(status) };
  return { class: 'http', cause: 'bad-content', status, detail: 'the probe was answered with other bytes' };
}

/** Asks one mirror its probe path once; never rejects. */
async function probe(mirror: Mirror, settings: MirrorsSettings, signal: AbortSignal): Promise<Outcome> {
  try {
    const answer = await mirror.upstream.attempt(
      {
        method: 'GET',
        path: mirror.spec.probePath,
        headerLimitMs: settings.probe.timeoutMs,
        maxBodyBytes: MAX_PROBE_BYTES,
      },
      signal,
    );
    if (answer.kind === 'other') return answer.outcome;
    const chunks: Buffer[] = [];
    const drop = (): void => answer.cancel();
    signal.addEventListener('abort', drop, { once: true });
    try {
      for await (const chunk of answer.body) chunks.push(chunk);
    } finally {
      signal.removeEventListener('abort', drop);
    }
    return judgeProbe(mirror.spec.probePath, Buffer.concat(chunks).toString('utf8'), answer.status);
  } catch (error) {
    if (error instanceof BodyError) return error.outcome;
    return { class: 'neutral', cause: 'client-gone', detail: 'probe stopped' };
  }
}
