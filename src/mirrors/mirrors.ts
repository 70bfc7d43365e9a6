import { knownWords } from '../words/known-words.ts';
import { notice } from '../events/notice.ts';
import { createHedgeTokens } from '../balance/hedge.ts';
import { createPins } from '../balance/pins.ts';
import { createRetryBudget } from '../balance/retry-budget.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { Emit, RondoEvent } from '../events/events.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import type { Clock } from '../kit/clock.ts';
import { createLagWatch } from '../kit/lag-watch.ts';
import type { Random } from '../kit/random.ts';
import type { Found, Question } from './answer.ts';
import { ask, type AskContext } from './ask.ts';
import { reassemble, type Fleet, type FleetNow, type FleetOrders } from './fleet.ts';
import { createGivingUp, type GivingUp } from './give-up.ts';
import { createLoad } from './load.ts';
import { viewsOf, type MirrorView } from './mirror-view.ts';
import { createOrderDesk, type MirrorOrder } from './orders.ts';
import { poolFor, poolId, type Pool } from './pool.ts';
import { createProber } from './prober.ts';
import { createRoster } from './roster.ts';
import { createSyncWatch, type SyncWatch, type SyncWatchContext } from './sync-watch.ts';
import { warnOfLoops } from './warn-of-loops.ts';
import { say, type Text } from '../words/text.ts';

/** All mirrors behind one question. */
export type Mirrors = {
  /**
   * Asks whoever is best until one answers 200. See ask.ts for what it throws; E_PRIVATE where the path
   * may go to no mirror.
   */
  ask(question: Question, signal: AbortSignal): Promise<Found>;
  /** How many mirrors there are for `file`, whether they may be asked now or not; 0 where it may go to none. */
  poolSize(file: RemoteFile): number;
  /** Which mirrors these are (pool.ts); undefined where it may go to none. */
  poolId(file: RemoteFile): string | undefined;
  /** What a mirror gave, and was settled as complete, has turned out to be wrong: quarantine. */
  charge(name: string, why: string): void;
  /** Takes an order for one mirror while the program runs; false where there is none of that name. */
  order(name: string, order: MirrorOrder): boolean;
  views(): MirrorView[];
  /** Requests that wait for a slot or a trial, and hedges and revisits that may be begun at once. */
  load(): { readonly queued: number; readonly hedgeTokens: number; readonly retryTokens: number };
  /** A mirror gave a list without versions that had been known for `forMs`. */
  tellBehind(name: string, forMs: number): void;
  /** Leaves a mirror out for good: it is Rondo itself. */
  exclude(name: string, why: string): void;
  startProbes(): void;
  /** Probes every mirror once, side by side. Never rejects. */
  probeAll(): Promise<void>;
  /**
   * Goes on with other mirrors and other numbers, all at once. A question that was asked before keeps those that it
   * began with; what runs ends well, and then the connections of mirrors that are gone are closed. Health, speed,
   * pins, budgets and orders stay (fleet.ts). Throws what `openUpstream` throws, and then nothing has changed.
   */
  replace(orders: FleetOrders): void;
  /** Drops all connections. */
  close(): Promise<void>;
};

/** What the mirrors are made of; `openUpstream` makes the connections of one. */
export type MirrorsOptions = Omit<FleetOrders, 'reconnect'> & {
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
  /** Whether it is certain that a version exists (sync-watch.ts). Default: what one mirror alone lists never is. */
  readonly exists?: SyncWatchContext['exists'] | undefined;
  /** For work without clients: mirrors that cannot be reached are given up, and people are told this. Default: never. */
  readonly adviceUnreachable?: Text | string | undefined;
};

/** Builds the mirrors. Nothing is asked yet. */
export function createMirrors(given: MirrorsOptions): Mirrors {
  const { clock, emit, adviceUnreachable: advice } = given;
  const givingUp = advice === undefined ? undefined : createGivingUp(emit, advice);
  const options = { ...given, emit: warnOfLoops(givingUp?.emit ?? emit) };
  const nobody = { mirrors: [], settings: options.settings };
  let fleet: Fleet = reassemble(nobody, { ...options, reconnect: false }, clock).fleet;
  const context = openContext(() => fleet, options);
  const { roster, lag, lost, sync } = context;
  const desk = createOrderDesk(roster, clock);
  const prober = createProber(roster, { ...options, fleet: () => fleet, lag });
  const askOf = createAsking(context, givingUp);
  const named = (name: string): Fleet['mirrors'][number] | undefined =>
    fleet.mirrors.find((mirror) => mirror.name === name);
  return {
    // Read once: whatever comes, the question keeps what it begins with.
    ask: async (question, signal) => askOf(fleet, question, signal),
    poolSize: (file) => poolIfAny(fleet, file)?.mirrors.length ?? 0,
    poolId: (file) => idIfAny(poolIfAny(fleet, file)),
    charge(name, why) {
      const mirror = named(name);
      const outcome = { class: 'integrity', cause: 'wrong-content', detail: why } as const;
      if (mirror !== undefined) roster.observe(mirror, outcome, 'traffic');
    },
    order: (name, order) => desk.take(name, order),
    views: () => viewsOf({ ...context, settings: fleet.settings }),
    load: () => loadOf(context, clock),
    exclude(name, why) {
      const mirror = named(name);
      if (mirror === undefined || mirror.excluded !== undefined) return;
      mirror.excluded = why;
      emit(leftOut(name, why));
    },
    tellBehind(name, forMs) {
      const mirror = named(name);
      if (mirror !== undefined) sync.tell(mirror, forMs);
    },
    startProbes() {
      prober.start();
      sync.start();
    },
    probeAll: () => prober.probeAll(),
    replace(orders) {
      const change = reassemble(fleet, orders, clock);
      fleet = change.fleet;
      forget(context, change.names);
      for (const part of [desk, prober]) part.replaced();
      context.load.serve();
      for (const upstream of change.closing) void upstream.close();
    },
    async close() {
      prober.stop();
      sync.stop();
      desk.close();
      for (const visit of lost) visit.cancel();
      await Promise.all(fleet.mirrors.map((mirror) => mirror.upstream.close()));
    },
  };
}

function loadOf({ load, hedges, budget }: Shared, clock: Clock): ReturnType<Mirrors['load']> {
  return { queued: load.queued(), hedgeTokens: hedges.left(), retryTokens: budget.left(clock.now()) };
}

/** The mirrors that may be asked this question. */
function poolOf({ mirrors, settings }: Fleet, { file, except }: Pick<Question, 'file' | 'except'>): Pool {
  const allowed = mirrors.filter((mirror) => mirror.excluded === undefined);
  const pool = poolFor(file, allowed, settings.privatePatterns);
  if (except === undefined || except.size === 0) return pool;
  const others = pool.mirrors.filter(({ name }) => !except.has(name));
  if (others.length === 0) throw new RondoError('E_NO_MIRROR', say('no other mirror is left to ask'));
  return { ...pool, mirrors: others };
}

type Asking = (fleet: Fleet, question: Question, signal: AbortSignal) => Promise<Found>;

function createAsking(context: Shared, givingUp: GivingUp | undefined): Asking {
  return (fleet, question, signal) => {
    const pool = poolOf(fleet, question);
    const start = (): Promise<Found> => ask(pool, question, signal, { ...context, settings: fleet.settings });
    if (givingUp === undefined) return start();
    return givingUp.run(
      pool.mirrors.map(({ name }) => name),
      signal,
      start,
    );
  };
}

function poolIfAny(fleet: Fleet, file: RemoteFile): Pool | undefined {
  try {
    return poolOf(fleet, { file });
  } catch {
    return undefined;
  }
}

function idIfAny(pool: Pool | undefined): string | undefined {
  return pool && poolId(pool);
}

/** What is remembered by name is of no use but for mirrors of these names. */
function forget({ roster, sync, currents }: Shared, names: ReadonlySet<string>): void {
  for (const current of Object.values(currents))
    for (const name of current.keys()) if (!names.has(name)) current.delete(name);
  roster.replaced(names);
  sync.replaced(names);
}

type Shared = Omit<AskContext, 'settings'> & { readonly sync: SyncWatch };

/** What all requests share, whatever they began with: health, load, pins, budgets, whose turn it is. */
function openContext(fleet: FleetNow, { clock, random, emit, exists }: MirrorsOptions): Shared {
  const lag = createLagWatch(clock, () => fleet().settings.lagMs);
  const roster = createRoster(fleet, { clock, random, emit, lagging: () => lag.lagging() });
  return {
    roster,
    load: createLoad(roster, fleet, clock),
    sync: createSyncWatch(fleet, { clock, random, exists: exists ?? (() => Promise.resolve(false)) }),
    clock,
    random,
    emit,
    lag,
    lost: new Set(),
    pins: createPins(() => fleet().settings.pins.lastMs),
    hedges: createHedgeTokens(() => fleet().settings.hedge),
    budget: createRetryBudget(() => fleet().settings.retry, clock.now()),
    currents: { small: new Map(), mutable: new Map(), zip: new Map(), database: new Map() },
  };
}

function leftOut(name: string, why: string): RondoEvent {
  return notice(
    'warn',
    say('mirror {name} is left out: {why}', { name, why: knownWords(why, ['it is this Rondo itself']) }),
  );
}
