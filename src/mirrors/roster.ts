import type { Gate } from '../balance/mirror-state.ts';
import { nextTrialMs } from '../balance/next-trial.ts';
import { beginRescue, beginTrial, observe } from '../balance/observe.ts';
import { afterOutcome, NO_OUTAGE, remembering, restored, type Outage } from '../balance/outage.ts';
import { TIME_OUTS, type Cause, type Outcome } from '../balance/outcome.ts';
import type { Standing, Status } from '../balance/standing.ts';
import type { StandingWords } from '../balance/standing-words.ts';
import { successOf } from '../balance/success-window.ts';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { Random } from '../kit/random.ts';
import type { FleetNow } from './fleet.ts';
import { isFull, type Mirror, type Orders } from './mirror.ts';
import { isForAll } from './route.ts';
import type { MirrorsSettings } from './settings.ts';
import { standingOf, wordsOf } from './standing-of.ts';

/**
 * The mirrors and the only place where their health changes. One that is not among them any more, but was when a
 * request began, may still be asked by that, and has its health, too; nobody is told of it.
 */
export type Roster = {
  readonly mirrors: readonly Mirror[];
  standing(mirror: Mirror): Standing;
  /** Why it stands so, and what would change that. */
  words(mirror: Mirror): StandingWords;
  /** Set while no mirror can be reached from here. */
  outage(): { readonly sinceMs: number; readonly why: string } | undefined;
  /** Says how a visit or probe ended. */
  observe(mirror: Mirror, outcome: Outcome, visit: 'probe' | 'traffic' | 'trial', beside?: Beside): void;
  /** It has left a question open that others may not be able to answer either: a probe is to say how it is. */
  doubt(mirror: Mirror): void;
  /** Calls `listener` with each mirror that is in doubt. */
  readonly onDoubt: (listener: (mirror: Mirror) => void) => () => void;
  /** A request goes to it now, at `begunMs`. Whether that is its trial, whose end is told with the same time. */
  begin(mirror: Mirror, rescue: boolean, begunMs: number): boolean;
  /** A mirror of `among` that may be tried although its gate is open, if there is one now. */
  rescuable(among: readonly Mirror[]): Mirror | undefined;
  /**
   * When a mirror that may not be asked is tried next, on the monotonic clock; undefined where no trial can come. During
   * an outage its probes are its trials.
   */
  nextTrialMs(mirror: Mirror): number | undefined;
  /** Takes what somebody asked for. */
  order(mirror: Mirror, orders: Orders): void;
  /** Calls `listener` with each mirror whose gate has just changed, until the returned function is called. */
  readonly onTurn: (listener: (mirror: Mirror) => void) => () => void;
  /**
   * The same for each mirror whose trial has just failed, and the time of which that tells: a time-out tells of when
   * the trial began.
   */
  readonly onFailedTrial: (listener: (mirror: Mirror, asOfMs: number) => void) => () => void;
  /** The fleet is another one; mirrors of these names are the same as before. */
  replaced(names: ReadonlySet<string>): void;
};

/** What else the end of a visit is judged by. */
export type Beside = {
  /** The mirrors that its request may use: nobody else could have stood in. Default: this one alone. */
  readonly pool?: readonly Mirror[];
  /** When it began, on the monotonic clock: of a trial that of `begin`. Default: nobody knows. */
  readonly begunMs?: number;
  /** The mirror is about to be asked for the rest of what it broke off. */
  readonly goesOn?: boolean;
};

/** What the roster is made of. */
export type RosterContext = {
  readonly clock: Clock;
  readonly random: Random;
  readonly emit: Emit;
  /** Whether this process is so late that time-outs may be its own doing. */
  readonly lagging: () => boolean;
};

/** Health of the mirrors of `fleet`; every change of a gate is told as an event. */
export function createRoster(fleet: FleetNow, context: RosterContext): Roster {
  const { clock, random } = context;
  let outage: Outage = NO_OUTAGE;
  const at = (): Now => ({ outage, nowMs: clock.now(), settings: fleet().settings });
  const stand = (mirror: Mirror): Standing => standingOf(mirror, at());
  const { change, onTurn } = createTurns(fleet, at, context);
  const failedTrials = createListeners<[mirror: Mirror, asOfMs: number]>();
  const doubts = createListeners<[mirror: Mirror]>();
  return {
    get mirrors() {
      return fleet().mirrors;
    },
    standing: stand,
    words: (mirror) => wordsOf(mirror, at()),
    outage: () => (outage.kind === 'outage' ? outage : undefined),
    observe(mirror, heard, visit, { pool = [], begunMs = -Infinity, goesOn = false } = {}) {
      const { mirrors, settings } = fleet();
      const others = pool.filter((each) => each !== mirror);
      const nowMs = clock.now();
      const outcome = context.lagging() && isLateness(heard) ? NOTHING_HEARD : heard;
      const seen = {
        probe: visit === 'probe',
        trial: visit === 'trial',
        alone: isAlone(mirror, others, at()),
        lastHope: goesOn && !others.some((each) => stand(each).eligible),
        begunMs,
        nowMs,
      };
      const count = (counted: Outcome): void => {
        mirror.state = observe(mirror.state, { ...seen, outcome: counted }, random, settings.balance);
      };
      const { gate } = mirror.state;
      change(mirror, outcome.cause, () => {
        if (!mirrors.includes(mirror)) return count(outcome);
        const names = mirrors.filter(({ excluded }) => excluded === undefined).map(({ name }) => name);
        const step = afterOutcome(outage, { name: mirror.name, state: mirror.state, outcome, names, nowMs });
        outage = step.outage;
        count(step.counts ? outcome : NOTHING_HEARD);
        for (const each of mirrors) each.state = restored(each.state, step.restored.get(each.name));
      });
      if (hasFailedTrial(mirror, outcome, visit, outage))
        failedTrials.tell(mirror, TIME_OUTS.has(outcome.cause) ? trialSinceMs(gate) : nowMs);
    },
    doubt: doubts.tell,
    onDoubt: doubts.listen,
    begin(mirror, rescue, begunMs) {
      if (!rescue && !stand(mirror).trial) return false;
      const begin = rescue ? beginRescue : beginTrial;
      change(mirror, undefined, () => (mirror.state = begin(mirror.state, begunMs)));
      return true;
    },
    rescuable: (among) => firstRescuable(among, at()),
    nextTrialMs: (mirror) => nextTrialOf(mirror, at()),
    order: (mirror, orders) => change(mirror, undefined, () => (mirror.orders = orders)),
    onTurn,
    onFailedTrial: failedTrials.listen,
    replaced: (names) => void (outage = remembering(outage, names)),
  };
}

/** Makes changes, and tells whose status or gate they have turned. */
type Turns = Pick<Roster, 'onTurn'> & {
  /** `act` begins with `one`, which may be gone: then nobody but who still asks it hears of that. An outage is for what was `heard`. */
  readonly change: (one: Mirror, heard: Cause | undefined, act: () => void) => void;
};

function createTurns(fleet: FleetNow, at: () => Now, { clock, emit }: RosterContext): Turns {
  const turns = createListeners<[mirror: Mirror]>();
  const statusOf = (mirror: Mirror): Status => standingOf(mirror, at()).status;
  return {
    change(one, heard, act) {
      const { mirrors } = fleet();
      const all = mirrors.includes(one) ? mirrors : [...mirrors, one];
      const before = all.map((mirror) => ({ status: statusOf(mirror), gate: mirror.state.gate }));
      act();
      all.forEach((mirror, index) => {
        const { status: from = 'HEALTHY', gate } = before[index] ?? {};
        const after = standingOf(mirror, at());
        if (after.status !== from) mirror.standsSinceMs = clock.now();
        if (after.status !== from && mirrors.includes(mirror))
          emit({
            ...gateEvent(mirror, from, after, wordsOf(mirror, at()).why, clock.now()),
            ...causeOf(mirror, after.status, heard),
          });
        if (after.status !== from || mirror.state.gate !== gate) turns.tell(mirror);
      });
    },
    onTurn: turns.listen,
  };
}

type Listeners<A extends readonly unknown[]> = {
  readonly listen: (listener: (...args: A) => void) => () => void;
  readonly tell: (...args: A) => void;
};

function createListeners<A extends readonly unknown[]>(): Listeners<A> {
  const listeners = new Set<(...args: A) => void>();
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell(...args) {
      for (const listener of listeners) listener(...args);
    },
  };
}

/** Whether what was heard was the end of a trial that has not let the mirror back. */
function hasFailedTrial(
  { state }: Mirror,
  outcome: Outcome,
  visit: Parameters<Roster['observe']>[2],
  outage: Outage,
): boolean {
  if (outage.kind === 'outage') return visit === 'probe' && outcome.cause !== 'superseded';
  return visit === 'trial' && state.gate.kind === 'open';
}

/** A probe of an outage is no trial of a gate: when it began is not known. */
function trialSinceMs(gate: Gate): number {
  return gate.kind === 'half-open' ? (gate.trialSinceMs ?? -Infinity) : -Infinity;
}

type Now = { readonly outage: Outage; readonly nowMs: number; readonly settings: MirrorsSettings };

/** As if nobody had waited for it: a trial is given back, and nothing else happens. */
const NOTHING_HEARD: Outcome = { class: 'neutral', cause: 'superseded', detail: 'not counted' };

/** What a process that comes late to its own timers and sockets brings about. */
function isLateness({ cause }: Outcome): boolean {
  return cause === 'reset' || TIME_OUTS.has(cause);
}

function gateEvent(
  mirror: Mirror,
  from: Status,
  after: Standing,
  why: string,
  nowMs: number,
): Extract<Parameters<Emit>[0], { type: 'gate' }> {
  const forMs = after.untilMs === undefined ? {} : { forMs: after.untilMs - nowMs };
  return { type: 'gate', mirror: mirror.name, from, to: after.status, why, ...forMs };
}

/** Its last failure is the one that shut it, but for an outage: that is for what was `heard` last, of whomever. */
function causeOf(
  { state: { lastFailure } }: Mirror,
  status: Status,
  heard: Cause | undefined,
): { readonly cause?: Cause } {
  if (status === 'HEALTHY' || status === 'TRIAL' || status === 'DRAINED') return {};
  const cause = status === 'OUTAGE' ? heard : lastFailure?.outcome.cause;
  return cause === undefined ? {} : { cause };
}

/**
 * Where all fail now and then, each of them is still better than none: only an outlier is left alone. Nor is one that
 * serves every public module because of one that serves some.
 */
function isAlone(mirror: Mirror, others: readonly Mirror[], now: Now): boolean {
  const { successWindowMs, successShare } = now.settings.balance;
  return !others.some(
    (other) =>
      (isForAll(other.spec.match) || !isForAll(mirror.spec.match)) &&
      standingOf(other, now).eligible &&
      successOf(other.state.recent, now.nowMs, successWindowMs).share >= successShare,
  );
}

function firstRescuable(among: readonly Mirror[], now: Now): Mirror | undefined {
  return among
    .filter((mirror) => standingOf(mirror, now).status === 'UNHEALTHY' && !isFull(mirror))
    .filter((mirror) => nextTrialOf(mirror, now) === now.nowMs)
    .sort((a, b) => failures(a) - failures(b) || a.spec.tier - b.spec.tier)[0];
}

/** One that was taken out has none. */
function nextTrialOf({ excluded, orders, state }: Mirror, now: Now): number | undefined {
  if (excluded !== undefined || orders.drainedUntilMs !== undefined) return undefined;
  return now.outage.kind === 'outage' ? now.nowMs : nextTrialMs(state, now.nowMs, now.settings.balance);
}

function failures(mirror: Mirror): number {
  return Math.max(mirror.state.trafficFailures, mirror.state.probeFailures);
}
