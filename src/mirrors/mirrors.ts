import { createPins } from '../balance/pins.ts';
import { createRetryBudget } from '../balance/retry-budget.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { Random } from '../kit/random.ts';
import type { Upstream } from '../upstream/attempt.ts';
import type { Found, Question } from './answer.ts';
import { ask, type AskContext } from './ask.ts';
import { createGivingUp, type GivingUp } from './give-up.ts';
import { viewOf, type MirrorView } from './mirror-view.ts';
import { type Pool, poolFor } from './pool.ts';
import { createProber } from './prober.ts';
import { createRoster, newMirror } from './roster.ts';
import type { MirrorSpec, MirrorsSettings } from './settings.ts';

/** All mirrors behind one question. */
export type Mirrors = {
  /**
   * Asks whoever is best until one answers 200. See ask.ts for what it throws; E_PRIVATE where the path
   * may go to no mirror.
   */
  ask(question: Question, signal: AbortSignal): Promise<Found>;
  /** What a mirror gave, and was settled as complete, has turned out to be wrong: quarantine. */
  charge(name: string, why: string): void;
  views(): MirrorView[];
  /** Leaves a mirror out for good: it is Rondo itself. */
  exclude(name: string, why: string): void;
  startProbes(): void;
  /** Probes every mirror once, side by side. Never rejects. */
  probeAll(): Promise<void>;
  /** Drops all connections. */
  close(): Promise<void>;
};

/** Builds the mirrors; `openUpstream` makes the connections of one. */
export function createMirrors(options: {
  readonly specs: readonly MirrorSpec[];
  readonly settings: MirrorsSettings;
  readonly openUpstream: (spec: MirrorSpec) => Upstream;
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
  /** For work without clients: mirrors that cannot be reached are given up, and people are told this. Default: never. */
  readonly adviceUnreachable?: string | undefined;
}): Mirrors {
  const { settings, clock, random, adviceUnreachable: advice } = options;
  const givingUp = advice === undefined ? undefined : createGivingUp(options.emit, advice);
  const emit = givingUp?.emit ?? options.emit;
  const mirrors = options.specs.map((spec) => newMirror(spec, options.openUpstream(spec), clock));
  const roster = createRoster(mirrors, options);
  const prober = createProber(roster, options);
  const { retry } = settings;
  const context: AskContext = {
    roster,
    settings,
    clock,
    random,
    emit,
    pins: createPins(settings.pinMs),
    budget: createRetryBudget({ ratio: retry.budgetRatio, perSecond: retry.budgetPerSecond }, clock.now()),
    currents: new Map(),
  };
  const askAll = createAsking(context, givingUp);
  return {
    ask: async (question, signal) => {
      const allowed = mirrors.filter((mirror) => mirror.excluded === undefined);
      const pool = poolFor(question.file, allowed, settings.privatePatterns);
      const { except } = question;
      if (except === undefined || except.size === 0) return askAll(pool, question, signal);
      const others = pool.mirrors.filter(({ name }) => !except.has(name));
      if (others.length === 0) throw new RondoError('E_NO_MIRROR', 'no other mirror is left to ask');
      return askAll({ ...pool, mirrors: others }, question, signal);
    },
    charge(name, why) {
      const mirror = mirrors.find((each) => each.name === name);
      const outcome = { class: 'integrity', cause: 'wrong-content', detail: why } as const;
      if (mirror !== undefined) roster.observe(mirror, outcome, 'traffic', false);
    },
    views: () => mirrors.map((mirror) => viewOf(mirror, roster.standing(mirror), clock.now())),
    exclude(name, why) {
      for (const mirror of mirrors) {
        if (mirror.name !== name || mirror.excluded !== undefined) continue;
        mirror.excluded = why;
        emit({ type: 'notice', level: 'warn', message: `mirror ${name} is left out: ${why}` });
      }
    },
    startProbes: () => prober.start(),
    probeAll: () => prober.probeAll(),
    async close() {
      prober.stop();
      await Promise.all(mirrors.map((mirror) => mirror.upstream.close()));
    },
  };
}

type Asking = (pool: Pool, question: Question, signal: AbortSignal) => Promise<Found>;

function createAsking(context: AskContext, givingUp: GivingUp | undefined): Asking {
  if (givingUp === undefined) return (pool, question, signal) => ask(pool, question, signal, context);
  return async (pool, question, signal) => {
    const names = pool.mirrors.map(({ name }) => name);
    return givingUp.run(names, signal, () => ask(pool, question, signal, context));
  };
}
