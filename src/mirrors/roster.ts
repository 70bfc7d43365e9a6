import { beginRescue, beginTrial, observe } from '../balance/observe.ts';
import { newMirrorState, type MirrorState } from '../balance/mirror-state.ts';
import type { Outcome } from '../balance/outcome.ts';
import { LatencyWindow } from '../balance/latency-window.ts';
import { standing, type Standing } from '../balance/standing.ts';
import type { Emit } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';
import type { Random } from '../kit/random.ts';
import type { Upstream } from '../upstream/attempt.ts';
import type { MirrorSpec, MirrorsSettings } from './settings.ts';

/** A mirror of the running program: what it is, its connections and its health. */
export type Mirror = {
  readonly name: string;
  readonly spec: MirrorSpec;
  readonly upstream: Upstream;
  state: MirrorState;
  /** Set when it must never be asked: Rondo itself. */
  excluded: string | undefined;
  inFlight: number;
  /** Time to first byte of its answers, to visits and probes. */
  readonly latency: LatencyWindow;
};

/** The mirrors and the only place where their health changes. */
export type Roster = {
  readonly mirrors: readonly Mirror[];
  standing(mirror: Mirror): Standing;
  /** Says how a visit or probe ended; `goesOn`: the mirror is about to be asked for the rest of what it broke off. */
  observe(mirror: Mirror, outcome: Outcome, visit: 'probe' | 'traffic' | 'trial', goesOn: boolean): void;
  /** Remembers how long its answer took to its first byte, if it was one: errors often come fast. */
  timed(mirror: Mirror, outcome: Outcome, firstByteMs: number | undefined): void;
  /** A request goes to it now. Whether that request is its trial. */
  begin(mirror: Mirror, rescue: boolean): boolean;
  /** A mirror of `among` that may be tried although nobody is eligible, if there is one now. */
  rescuable(among: readonly Mirror[]): Mirror | undefined;
  /** Calls `listener` with each mirror whose gate has just changed, until the returned function is called. */
  onTurn(listener: (mirror: Mirror) => void): () => void;
};

/** Health of `mirrors`; every change of a gate is told as an event. */
export function createRoster(
  mirrors: readonly Mirror[],
  { settings, clock, random, emit }: { settings: MirrorsSettings; clock: Clock; random: Random; emit: Emit },
): Roster {
  const listeners = new Set<(mirror: Mirror) => void>();
  const stand = (mirror: Mirror): Standing => {
    if (mirror.excluded === undefined) return standing(mirror.state, clock.now(), settings.balance);
    const next = { words: 'another configuration: it is left out for good' };
    return { eligible: false, trial: false, status: 'UNHEALTHY', score: 0, why: mirror.excluded, next };
  };
  const become = (mirror: Mirror, state: MirrorState): void => {
    const before = stand(mirror);
    const turned = mirror.state.gate !== state.gate;
    mirror.state = state;
    const after = stand(mirror);
    if (before.status !== after.status) {
      const forMs = after.untilMs === undefined ? {} : { forMs: after.untilMs - clock.now() };
      emit({
        type: 'gate',
        mirror: mirror.name,
        from: before.status,
        to: after.status,
        why: after.why,
        ...forMs,
      });
    }
    if (turned) for (const listener of listeners) listener(mirror);
  };
  return {
    mirrors,
    standing: stand,
    observe(mirror, outcome, visit, goesOn) {
      const lastHope = goesOn && !mirrors.some((other) => other !== mirror && stand(other).eligible);
      const nowMs = clock.now();
      const seen = { outcome, probe: visit === 'probe', trial: visit === 'trial', nowMs, lastHope };
      become(mirror, observe(mirror.state, seen, random, settings.balance));
    },
    timed(mirror, outcome, firstByteMs) {
      if (firstByteMs === undefined || !['ok', 'neutral'].includes(outcome.class)) return;
      mirror.latency.add(firstByteMs, clock.now());
    },
    begin(mirror, rescue) {
      const trial = rescue || stand(mirror).trial;
      if (rescue) become(mirror, beginRescue(mirror.state, clock.now()));
      else if (trial) become(mirror, beginTrial(mirror.state, clock.now()));
      return trial;
    },
    rescuable(among) {
      const now = clock.now();
      return among
        .filter((mirror) => mirror.excluded === undefined && isRescuable(mirror.state, now, settings))
        .sort((a, b) => failures(a) - failures(b) || a.spec.tier - b.spec.tier)[0];
    },
    onTurn(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Makes the record of a mirror that nobody has asked yet. */
export function newMirror(spec: MirrorSpec, upstream: Upstream, clock: Clock): Mirror {
  return {
    name: spec.endpoint.name,
    spec,
    upstream,
    state: newMirrorState(clock.now()),
    excluded: undefined,
    inFlight: 0,
    latency: new LatencyWindow(),
  };
}

function isRescuable(state: MirrorState, nowMs: number, settings: MirrorsSettings): boolean {
  if (state.gate.kind !== 'open' || state.gate.reason !== 'unhealthy') return false;
  return state.rescuedMs === undefined || nowMs - state.rescuedMs >= settings.balance.rescueEveryMs;
}

function failures(mirror: Mirror): number {
  return Math.max(mirror.state.trafficFailures, mirror.state.probeFailures);
}
