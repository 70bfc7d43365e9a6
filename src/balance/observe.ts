import type { Random } from '../kit/random.ts';
import { liesAtOnce, withLie } from './lies.ts';
import type { Gate, MirrorState, OpenReason } from './mirror-state.ts';
import type { Outcome } from './outcome.ts';
import type { BalanceSettings } from './settings.ts';
import { countVisit, successOf } from './success-window.ts';
import { failuresThatOpen, usualRateAfter } from './threshold.ts';
import { countAnswer } from './up-on-trial.ts';

/** What `observe` needs besides the state and the outcome. */
export type Observation = {
  readonly outcome: Outcome;
  /** An active health check, not a client's request. */
  readonly probe: boolean;
  /** It was begun as this mirror's trial. Which trial that is `begunMs` says: none can end another's. */
  readonly trial: boolean;
  /** No other mirror that does better could stand in for this one. */
  readonly alone: boolean;
  /** When the visit began: what was asked before a gate shut says little of what is so since. -Infinity: nobody knows. */
  readonly begunMs: number;
  readonly nowMs: number;
  /** It is to go on with the body that it broke off, and no other mirror may be asked: better this one than none. */
  readonly lastHope?: boolean;
};

/**
 * The state after one visit or probe ended. Pure: the same state, observation and random number give the
 * same state. The rules are selection.md, "One gate a mirror".
 */
export function observe(
  state: MirrorState,
  seen: Observation,
  random: Random,
  settings: BalanceSettings,
): MirrorState {
  return countAnswer(turned(state, seen, random, settings), seen);
}

function turned(
  state: MirrorState,
  seen: Observation,
  random: Random,
  settings: BalanceSettings,
): MirrorState {
  switch (seen.outcome.class) {
    case 'local':
      return isTheTrial(state, seen) ? withoutTrial(state) : state;
    case 'neutral':
      // What was not waited for says nothing of the mirror; any answer at all ends a trial well.
      if (seen.outcome.cause === 'superseded') return isTheTrial(state, seen) ? withoutTrial(state) : state;
      if (seen.probe) return probeReached(state, seen.nowMs, settings);
      return said(seen.trial ? passedTrial(state, seen.nowMs) : state, seen);
    case 'ok':
      return seen.probe ? probeReached(state, seen.nowMs, settings) : trafficWorked(state, seen, settings);
    case 'rate-limited':
      return seen.probe ? probeReached(state, seen.nowMs, settings) : cool(state, seen, random, settings);
    case 'integrity':
      return quarantine(remember(state, seen), seen, settings);
    case 'http':
      return seen.probe
        ? probeFailed(remember(state, seen), seen, random, settings)
        : trafficFailed(remember(state, seen), seen, random, settings);
  }
}

/**
 * Whether the one request that tries the mirror now is this one, or nobody. A trial that was not waited for may have been
 * followed by another: it still shows that the mirror works, but if it does not, it is for the other to say so.
 */
function isTheTrial({ gate }: MirrorState, { trial, begunMs }: Observation): boolean {
  const sinceMs = gate.kind === 'half-open' ? gate.trialSinceMs : undefined;
  return trial && (sinceMs === undefined || sinceMs === begunMs);
}

/** Marks the one request that tries a half-open mirror. Only for a mirror whose standing says `trial`. */
export function beginTrial(state: MirrorState, nowMs: number): MirrorState {
  return { ...turn(state, { kind: 'half-open', sinceMs: nowMs, trialSinceMs: nowMs }, nowMs) };
}

/** Marks a trial of a mirror whose gate is still open, because nobody else is left to be asked. */
export function beginRescue(state: MirrorState, nowMs: number): MirrorState {
  return { ...beginTrial(state, nowMs), rescuedMs: nowMs };
}

function trafficWorked(state: MirrorState, seen: Observation, settings: BalanceSettings): MirrorState {
  const { nowMs, trial } = seen;
  const worked = {
    ...counted(learned(state, false), false, seen, settings),
    trafficFailures: 0,
    // Fresh traffic replaces probes: without it a failed one would count until traffic ends.
    probeFailures: 0,
    unable: 0,
    unavailable: 0,
    // An answer to what was asked before it cooled, or as its trial, does not show that it takes more again.
    cools: state.gate.kind === 'closed' && seen.begunMs >= state.sinceMs ? 0 : state.cools,
    trafficOkMs: nowMs,
  };
  const passed = trial ? passedTrial(worked, nowMs) : worked;
  if (passed.climbingSinceMs === undefined || nowMs - passed.climbingSinceMs < settings.climbMs)
    return passed;
  // Steady for a whole climb: the doubling of its times starts anew. Who always lies is found out in its trial or its
  // climb; who has one wrong file among thousands of right ones is not put away for ever longer.
  const { climbingSinceMs: _over, ...steady } = passed;
  return { ...steady, opens: 0, quarantines: 0 };
}

/** Whoever says that he cannot help is asked less, as if he had failed; but what he has he would give. */
function said(state: MirrorState, seen: Observation): MirrorState {
  if (seen.outcome.cause !== 'unable') return state;
  return { ...remember(state, seen), unable: state.unable + 1 };
}

/** Its turn may be another's by now: a trial is judged after its body is whole. */
function passedTrial(state: MirrorState, nowMs: number): MirrorState {
  if (state.gate.kind !== 'half-open') return state;
  // Its lies are not forgiven: what was tried may have been a file of another kind.
  const closed = turn(state, { kind: 'closed' }, nowMs);
  return { ...closed, trafficFailures: 0, probeFailures: 0, unavailable: 0, climbingSinceMs: nowMs };
}

/** A trial that says nothing of the mirror: the next request is one. */
export function withoutTrial(state: MirrorState): MirrorState {
  if (state.gate.kind !== 'half-open' || state.gate.trialSinceMs === undefined) return state;
  return { ...state, gate: { kind: 'half-open', sinceMs: state.gate.sinceMs } };
}

/**
 * A probe ends an unhealthy gate's time early; it never wipes failures that traffic saw. Of lies it knows nothing: its
 * file was right all the time.
 */
function probeReached(state: MirrorState, nowMs: number, settings: BalanceSettings): MirrorState {
  const reached = { ...state, probeFailures: 0 };
  const { gate } = state;
  // It answers again, and not its trial, which was begun when it did not: the next request is one.
  if (gate.kind === 'half-open' && nowMs - (gate.trialSinceMs ?? nowMs) >= settings.rescueEveryMs)
    return withoutTrial(reached);
  if (gate.kind !== 'open' || gate.reason !== 'unhealthy') return reached;
  if (liesAtOnce(state, nowMs, settings) >= settings.failuresToOpen) return reached;
  return turn(reached, { kind: 'half-open', sinceMs: nowMs }, nowMs);
}

function probeFailed(
  state: MirrorState,
  seen: Observation,
  random: Random,
  settings: BalanceSettings,
): MirrorState {
  const failed = { ...state, probeFailures: state.probeFailures + 1 };
  const { gate } = state;
  // Over or half open without a trial: no request needs to find out what the probe just saw.
  const due =
    (gate.kind === 'closed' && failed.probeFailures >= settings.probeFailuresToOpen) ||
    (gate.kind === 'open' && seen.nowMs >= gate.untilMs) ||
    (gate.kind === 'half-open' && gate.trialSinceMs === undefined);
  return due ? open(failed, seen, random, settings) : failed;
}

function trafficFailed(
  state: MirrorState,
  seen: Observation,
  random: Random,
  settings: BalanceSettings,
): MirrorState {
  const failed = {
    ...counted(state, true, seen, settings),
    ...(seen.outcome.cause === 'bad-content' && { lies: withLie(state, seen.nowMs, settings) }),
    trafficFailures: state.trafficFailures + 1,
    unavailable: seen.outcome.status === 503 ? state.unavailable + 1 : 0,
  };
  const ownTrial = isTheTrial(state, seen);
  if (seen.lastHope === true) return ownTrial ? withoutTrial(failed) : failed;
  if (state.gate.kind === 'half-open' && ownTrial) return open(failed, seen, random, settings);
  if (state.gate.kind !== 'closed') return failed;
  const { failuresToOpen: min, failuresToOpenMax: max } = settings;
  const due =
    failed.trafficFailures >= failuresThatOpen(state.usualFailureRate, { min, max }) ||
    failed.unavailable >= settings.unavailableToOpen ||
    liesAtOnce(failed, seen.nowMs, settings) >= min ||
    (!seen.alone && failsTooOften(failed, seen.nowMs, settings));
  return due ? open(learned(failed, true), seen, random, settings) : failed;
}

/** Visits that began before the gate opened, and trials, say nothing of what is usual. */
function counted(
  state: MirrorState,
  failed: boolean,
  { nowMs }: Observation,
  { successWindowMs }: BalanceSettings,
): MirrorState {
  if (state.gate.kind !== 'closed') return state;
  return { ...state, recent: countVisit(state.recent, failed, nowMs, successWindowMs) };
}

/** The failures of a row count as usual only when it is over: while it lasts, it is what is judged. */
function learned(state: MirrorState, failed: boolean): MirrorState {
  if (state.gate.kind !== 'closed') return state;
  let rate = state.usualFailureRate;
  for (let n = 0; n < state.trafficFailures; n += 1) rate = usualRateAfter(rate, true);
  return { ...state, usualFailureRate: failed ? rate : usualRateAfter(rate, false) };
}

function failsTooOften(
  { recent }: MirrorState,
  nowMs: number,
  { successShare, successWindowMs, successVisits }: BalanceSettings,
): boolean {
  const { visits, share } = successOf(recent, nowMs, successWindowMs);
  return visits >= successVisits && share < successShare;
}

function open(state: MirrorState, seen: Observation, random: Random, settings: BalanceSettings): MirrorState {
  // Somebody must mend a certificate: a second later it is what it was.
  const lasting = seen.outcome.cause === 'certificate';
  const fullMs = lasting
    ? settings.openMaxMs
    : Math.min(settings.openMinMs * 2 ** state.opens, settings.openMaxMs);
  const untilMs = seen.nowMs + equalJitter(fullMs, random);
  return { ...shut(state, 'unhealthy', untilMs, seen), opens: state.opens + 1 };
}

function cool(state: MirrorState, seen: Observation, random: Random, settings: BalanceSettings): MirrorState {
  const { gate } = state;
  const askedMs = Math.min(seen.outcome.retryAfterMs ?? 0, settings.coolMaxMs);
  // Wrong content weighs more than a request to slow down.
  if (gate.kind === 'open' && gate.reason === 'quarantined') return state;
  const told = remember(state, seen);
  // It was asked before the trial was, which decides.
  if (gate.kind === 'half-open' && gate.trialSinceMs !== undefined && !isTheTrial(state, seen)) return told;
  const setMs = gate.kind === 'open' ? gate.untilMs : 0;
  if (gate.kind === 'open' && gate.reason === 'cooling') {
    // It was asked before it cooled. That it says so once more is no reason for more time, but that it asks for more is.
    const untilMs = Math.max(setMs, seen.nowMs + askedMs);
    return untilMs === setMs ? told : { ...told, gate: { ...gate, untilMs } };
  }
  const ownMs = equalJitter(Math.min(settings.openMinMs * 2 ** state.cools, settings.openMaxMs), random);
  const untilMs = Math.max(setMs, seen.nowMs + Math.max(ownMs, askedMs));
  return { ...shut(told, 'cooling', untilMs, seen), cools: state.cools + 1 };
}

function quarantine(state: MirrorState, seen: Observation, settings: BalanceSettings): MirrorState {
  if (isKnownLiar(state, seen)) return state;
  const forMs = settings.quarantineMs * 2 ** Math.min(state.quarantines, 6);
  const shutState = shut(state, 'quarantined', seen.nowMs + forMs, seen);
  return { ...shutState, quarantines: state.quarantines + 1, quarantinedMs: seen.nowMs };
}

/** What it was asked before its quarantine says once more why it is there: that is no reason for more of it. */
function isKnownLiar({ gate, quarantinedMs }: MirrorState, { begunMs }: Observation): boolean {
  if (gate.kind === 'open' && gate.reason === 'quarantined') return true;
  return gate.kind !== 'closed' && quarantinedMs !== undefined && begunMs <= quarantinedMs;
}

function shut(state: MirrorState, reason: OpenReason, untilMs: number, seen: Observation): MirrorState {
  const { climbingSinceMs: _ended, ...rest } = state;
  return turn(
    { ...rest, recent: [] },
    { kind: 'open', reason, untilMs, why: seen.outcome.detail },
    seen.nowMs,
  );
}

function turn(state: MirrorState, gate: Gate, nowMs: number): MirrorState {
  return { ...state, gate, sinceMs: nowMs };
}

function remember(state: MirrorState, seen: Observation): MirrorState {
  return { ...state, lastFailure: { atMs: seen.nowMs, outcome: seen.outcome, probe: seen.probe } };
}

/** Half of `fullMs` for sure, the other half by chance: mirrors do not come back in step. */
function equalJitter(fullMs: number, random: Random): number {
  return fullMs / 2 + (fullMs / 2) * random();
}
