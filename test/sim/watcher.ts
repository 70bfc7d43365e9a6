import type { GateStatus, RondoEvent } from '../../src/events/events.ts';
import type { Clock } from '../../src/kit/clock.ts';
import { BALANCE_DEFAULTS } from '../support/balance-defaults.ts';

const OPEN: ReadonlySet<GateStatus> = new Set(['UNHEALTHY', 'COOLING', 'QUARANTINED']);

/** How a probe ends that was answered. */
const REACHED: ReadonlySet<string> = new Set(['ok', 'neutral', 'rate-limited']);
/** A trial that is older than this is not waited for once a probe is answered. */
const OLD_MS = BALANCE_DEFAULTS.rescueEveryMs;
/** Times are sums of fractions: what ends after three seconds may end a little before that. */
const ROUNDING_MS = 0.001;

type Attempt = { readonly sinceMs: number };

/** Watches what mirrors are asked and what is told about it, and counts what may never happen. */
export class Watcher {
  /** What may never happen, by name, with how often it did. */
  readonly violations: Map<string, number> = new Map();
  readonly counts: Record<'attempts' | 'probes' | 'revisits' | 'hedges' | 'hedgesWon', number> = {
    attempts: 0,
    probes: 0,
    revisits: 0,
    hedges: 0,
    hedgesWon: 0,
  };
  /** Attempts of traffic, by mirror. */
  readonly asked: Map<string, number> = new Map();
  /** How often each mirror's gate opened. */
  readonly opened: Map<string, number> = new Map();
  /** When any of them did. */
  readonly #openedMs: number[] = [];
  readonly #clock: Clock;
  readonly #limits: { readonly slots: number; readonly softMs: number };
  /** Attempts that are not over, by mirror. */
  readonly #waiting = new Map<string, Set<Attempt>>();
  /** Of mirrors whose gate has opened and is not closed yet: attempts begun since that are not over. */
  readonly #trials = new Map<string, Set<Attempt>>();
  readonly #out = new Set<string>();
  readonly #visited = new Map<string, Set<string>>();
  #peak = 0;
  #duplicates = 0;

  /** `slots` is the most that may wait for one mirror; past `softMs` an attempt has failed, though it may still win. */
  constructor(clock: Clock, limits: { readonly slots: number; readonly softMs: number }) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** A mirror is asked; the returned function says that it has answered, or that nobody waits any more. */
  arrive(mirror: string, probe: boolean, request: string): () => void {
    if (probe) {
      this.counts.probes += 1;
      return () => undefined;
    }
    this.counts.attempts += 1;
    add(this.asked, mirror);
    this.#visit(mirror, request);
    if (this.#out.has(mirror)) add(this.violations, 'asked during an outage');
    const attempt = { sinceMs: this.#clock.now() };
    const waiting = this.#waiting.get(mirror) ?? new Set();
    this.#waiting.set(mirror, waiting.add(attempt));
    const trials = this.#trials.get(mirror);
    const count = this.#young(waiting);
    this.#peak = Math.max(this.#peak, count);
    // A trial is one more, whatever hangs there still.
    if (count > this.#limits.slots && trials === undefined) add(this.violations, 'more than its slots');
    if (trials !== undefined && this.#young(trials) > 0)
      add(this.violations, 'an open gate got more than its trial');
    trials?.add(attempt);
    return () => {
      waiting.delete(attempt);
      trials?.delete(attempt);
    };
  }

  /** What the core tells. */
  hear(event: RondoEvent): void {
    if (event.type === 'visit' && event.revisit) {
      this.counts.revisits += 1;
      this.#duplicates -= 1;
    }
    if (event.type === 'hedge') {
      this.counts.hedges += 1;
      if (event.won) this.counts.hedgesWon += 1;
    }
    if (event.type === 'visit' && event.probe && REACHED.has(event.outcome.class))
      this.#reached(event.mirror);
    if (event.type !== 'gate') return;
    const { mirror, to } = event;
    if (OPEN.has(to)) {
      add(this.opened, mirror);
      this.#openedMs.push(this.#clock.now());
      if (!this.#trials.has(mirror)) this.#trials.set(mirror, new Set());
    }
    if (to === 'HEALTHY') this.#trials.delete(mirror);
    if (to === 'OUTAGE') this.#out.add(mirror);
    else this.#out.delete(mirror);
  }

  /** How often a gate opened from then on. */
  openedSince(fromMs: number): number {
    return this.#openedMs.filter((atMs) => atMs >= fromMs).length;
  }

  /** The most that one mirror had to answer at a time since this was last asked. */
  takePeak(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  /** How often a mirror was asked again within a request without that being told as a revisit. */
  unaccounted(): number {
    return this.#duplicates;
  }

  #reached(mirror: string): void {
    for (const trial of this.#trials.get(mirror) ?? [])
      if (this.#clock.now() - trial.sinceMs >= OLD_MS) this.#trials.get(mirror)?.delete(trial);
  }

  #visit(mirror: string, request: string): void {
    const mirrors = this.#visited.get(request) ?? new Set();
    this.#visited.set(request, mirrors);
    if (mirrors.has(mirror)) this.#duplicates += 1;
    mirrors.add(mirror);
  }

  #young(attempts: ReadonlySet<Attempt>): number {
    const nowMs = this.#clock.now();
    const youngMs = this.#limits.softMs - ROUNDING_MS;
    return [...attempts].filter(({ sinceMs }) => nowMs - sinceMs < youngMs).length;
  }
}

function add(map: Map<string, number>, name: string): void {
  map.set(name, (map.get(name) ?? 0) + 1);
}
