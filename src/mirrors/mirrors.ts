import { createHedgeTokens } from '../balance/hedge.ts';
import { createPins } from '../balance/pins.ts';
import { createRetryBudget } from '../balance/retry-budget.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import type { Clock } from '../kit/clock.ts';
import { createLagWatch } from '../kit/lag-watch.ts';
import type { Random } from '../kit/random.ts';
import type { Upstream } from '../upstream/attempt.ts';
import type { Found, Question } from './answer.ts';
import { ask, type AskContext } from './ask.ts';
import { createLoad } from './load.ts';
import { newMirror, type Mirror } from './mirror.ts';
import { viewsOf, type MirrorView } from './mirror-view.ts';
import { createOrderDesk, type MirrorOrder } from './orders.ts';
import { poolFor, type Pool } from './pool.ts';
import { createProber } from './prober.ts';
import { createRoster } from './roster.ts';
import type { MirrorSpec, MirrorsSettings } from './settings.ts';
import { createSyncWatch, type SyncWatch } from './sync-watch.ts';
import { warnOfLoops } from './warn-of-loops.ts';

/** All mirrors behind one question. */
export type Mirrors = {
  /**
   * Asks whoever is best until one answers 200. See ask.ts for what it throws; E_PRIVATE where the path
   * may go to no mirror.
   */
  ask(question: Question, signal: AbortSignal): Promise<Found>;
  /** How many mirrors there are for `file`, whether they may be asked now or not; 0 where it may go to none. */
  poolSize(file: RemoteFile): number;
  /** What a mirror gave, and was settled as complete, has turned out to be wrong: quarantine. */
  charge(name: string, why: string): void;
  /** Takes an order for one mirror while the program runs; false where there is none of that name. */
  order(name: string, order: MirrorOrder): boolean;
  views(): MirrorView[];
  /** Requests that wait for a slot, and hedges that may be begun at once. */
  load(): { readonly queued: number; readonly hedgeTokens: number };
  /** A mirror gave a list without versions that had been known for `forMs`. */
  tellBehind(name: string, forMs: number): void;
  /** Leaves a mirror out for good: it is Rondo itself. */
  exclude(name: string, why: string): void;
  startProbes(): void;
  /** Probes every mirror once, side by side. Never rejects. */
  probeAll(): Promise<void>;
  /** Drops all connections. */
  close(): Promise<void>;
};

/** What the mirrors are made of; `openUpstream` makes the connections of one. */
export type MirrorsOptions = {
  readonly specs: readonly MirrorSpec[];
  readonly settings: MirrorsSettings;
  readonly openUpstream: (spec: MirrorSpec) => Upstream;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
};

/** Builds the mirrors. Nothing is asked yet. */
export function createMirrors(given: MirrorsOptions): Mirrors {
  const { settings, emit } = given;
  const options = { ...given, emit: warnOfLoops(emit) };
  const mirrors = options.specs.map((spec) => newMirror(spec, options.openUpstream(spec), options));
  const context = openContext(mirrors, options);
  const { roster, lag, lost, sync } = context;
  const desk = createOrderDesk(roster, options.clock);
  const prober = createProber(roster, { ...options, lag });
  const poolOf = (file: RemoteFile): Pool => {
    const allowed = mirrors.filter((mirror) => mirror.excluded === undefined);
    return poolFor(file, allowed, settings.privatePatterns);
  };
  return {
    ask: async (question, signal) => {
      const pool = poolOf(question.file);
      const { except } = question;
      if (except === undefined || except.size === 0) return ask(pool, question, signal, context);
      const others = pool.mirrors.filter(({ name }) => !except.has(name));
      if (others.length === 0) throw new RondoError('E_NO_MIRROR', 'no other mirror is left to ask');
      return ask({ ...pool, mirrors: others }, question, signal, context);
    },
    poolSize: (file) => poolSize(() => poolOf(file)),
    charge(name, why) {
      const mirror = mirrors.find((each) => each.name === name);
      const outcome = { class: 'integrity', cause: 'wrong-content', detail: why } as const;
      if (mirror !== undefined) roster.observe(mirror, outcome, 'traffic');
    },
    order: (name, order) => desk.take(name, order),
    views: () => viewsOf(context),
    load: () => ({ queued: context.load.queued(), hedgeTokens: context.hedges.left() }),
    exclude(name, why) {
      for (const mirror of mirrors) {
        if (mirror.name !== name || mirror.excluded !== undefined) continue;
        mirror.excluded = why;
        emit({ type: 'notice', level: 'warn', message: `mirror ${name} is left out: ${why}` });
      }
    },
    tellBehind(name, forMs) {
      const mirror = mirrors.find((each) => each.name === name);
      if (mirror !== undefined) sync.tell(mirror, forMs);
    },
    startProbes() {
      prober.start();
      sync.start();
    },
    probeAll: () => prober.probeAll(),
    async close() {
      prober.stop();
      sync.stop();
      desk.close();
      for (const visit of lost) visit.cancel();
      await Promise.all(mirrors.map((mirror) => mirror.upstream.close()));
    },
  };
}

function poolSize(poolOf: () => Pool): number {
  try {
    return poolOf().mirrors.length;
  } catch {
    return 0;
  }
}

/** What all requests share: health, load, pins, budgets, whose turn it is. */
function openContext(
  mirrors: readonly Mirror[],
  options: MirrorsOptions,
): AskContext & { readonly sync: SyncWatch } {
  const { settings, clock, random, emit } = options;
  const lag = createLagWatch(clock, settings.lagMs);
  const roster = createRoster(mirrors, { ...options, lagging: () => lag.lagging() });
  const { budgetRatio: ratio, budgetPerSecond: perSecond } = settings.retry;
  return {
    roster,
    load: createLoad(roster, options),
    sync: createSyncWatch(mirrors, options),
    settings,
    clock,
    random,
    emit,
    lag,
    lost: new Set(),
    pins: createPins(settings.pins.lastMs),
    hedges: createHedgeTokens(settings.hedge),
    budget: createRetryBudget({ ratio, perSecond }, clock.now()),
    currents: { small: new Map(), mutable: new Map(), zip: new Map(), database: new Map() },
  };
}
