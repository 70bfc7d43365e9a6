import { randomUUID } from 'node:crypto';
import { messageOf } from '../errors/rondo-error.ts';
import type { Emit, RondoEvent } from '../events/events.ts';
import { notice } from '../events/notice.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import { say } from '../words/text.ts';
import type { KeptText } from './alert-file.ts';
import { byClockAhead, NO_STATE, parseState, stateText, type AlertState } from './alert-state.ts';
import {
  afterLook,
  type Alert,
  keyOf,
  type AlertKind,
  type Condition,
  type Patience,
  type Seen,
  type SeenConditions,
} from './conditions.ts';
import { createLagGaps } from './lag-gaps.ts';
import { createOutbox, type Outbox, type Receiver } from './outbox.ts';
import { conditionsOf, type AlertLimits, type Before, type Readings } from './readings.ts';
import { createWrongContent } from './wrong-content.ts';

/** What alerts are made of. */
export type AlertsOptions = {
  readonly receivers: readonly Receiver[];
  /** What is told. */
  readonly kinds: ReadonlySet<AlertKind>;
  readonly limits: AlertLimits & {
    /** As for createLagGaps. */
    readonly lagBlindMs: number;
  };
  readonly patience: Patience;
  /** How things stand. Never rejects. */
  readonly read: () => Promise<Readings>;
  readonly kept: KeptText;
  readonly subscribe: (sink: (event: RondoEvent) => void) => () => void;
  readonly emit: Emit;
  readonly clock: Clock;
};

/** Tells people what is wrong. */
export type Alerts = {
  /** Goes on where an earlier Rondo has ended. */
  start(): void;
  /** Ends; what nobody has taken is told by the next Rondo. */
  close(): Promise<void>;
};

const LOOK_EVERY_MS = 10_000;

/**
 * Looks at how things stand every 10 s, and tells each receiver once of what is wrong and once that it is over. What is
 * to be told is written down before it is sent, and struck out after it was taken: whoever is killed in between sends it
 * again, with the same id.
 */
export function createAlerts(options: AlertsOptions): Alerts {
  const { clock, emit, subscribe } = options;
  const wrong = createWrongContent();
  const lagGaps = createLagGaps(options.limits.lagBlindMs);
  // By the monotonic clock, so that a jump of the wall moves no patience.
  let seen: SeenConditions = NO_STATE.seen;
  let outbox: Outbox | undefined;
  let timer: Timer | undefined;
  let looking: Promise<void> = Promise.resolve();
  let closed = false;
  const save = createSaving(options, () => ({
    seen: byClockAhead(seen, wallAheadMs(clock)),
    waiting: outbox?.waiting() ?? [],
  }));
  const unsubscribe = subscribe((event) => wrong.note(event, clock.now()));

  const look = async (): Promise<void> => {
    const readings = await options.read();
    if (closed) return;
    const before = { ...downBefore(seen), wrong: wrong.conditions(clock.now()) };
    const conditions = conditionsOf(readings, before, clock.wallMs(), options.limits);
    const told = conditions.filter(({ kind }) => options.kinds.has(kind));
    const held = heldLags(seen, told, lagGaps(readings.mirrors, clock.now()));
    const others = new Map([...seen].filter(([key]) => !held.has(key)));
    const step = afterLook(others, told, clock.now(), options.patience, randomUUID);
    seen = new Map([...step.seen, ...held]);
    if (step.alerts.length === 0) return;
    outbox?.add(step.alerts.map((alert) => shown(alert, wallAheadMs(clock))));
    await save();
    for (const { kind, subject, state, message } of step.alerts)
      emit({ type: 'alert', kind, subject, state, message });
    outbox?.send();
  };
  const arm = (): void => {
    if (closed) return;
    const again = (): void => {
      looking = look().then(arm);
    };
    timer = clock.after(LOOK_EVERY_MS, again, { background: true });
  };
  return {
    start() {
      looking = restore(options).then((state) => {
        if (closed) return;
        seen = byClockAhead(state.seen, -wallAheadMs(clock));
        outbox = openOutbox(options, state, save);
        outbox.send();
        arm();
      });
    },
    async close() {
      closed = true;
      unsubscribe();
      timer?.cancel();
      outbox?.close();
      await looking;
      if (outbox !== undefined) await save();
    },
  };
}

function wallAheadMs(clock: Clock): number {
  return clock.wallMs() - clock.now();
}

/** What people are shown has the time of the wall. */
function shown({ sinceMs, untilMs, ...alert }: Alert, aheadMs: number): Alert {
  const until = untilMs === undefined ? {} : { untilMs: Math.round(untilMs + aheadMs) };
  return { ...alert, sinceMs: Math.round(sinceMs + aheadMs), ...until };
}

function downBefore(seen: SeenConditions): Pick<Before, 'wasDown' | 'toldDown'> {
  const down = [...seen.values()].filter(({ condition }) => condition.kind === 'mirror-down');
  const named = (isSo: (kind: Seen['standing']['kind']) => boolean): ReadonlySet<string> =>
    new Set(down.flatMap(({ condition, standing }) => (isSo(standing.kind) ? [condition.subject] : [])));
  return { wasDown: named((kind) => kind !== 'over'), toldDown: named((kind) => kind === 'told') };
}

/** Lags that people were told of, and of which nothing is known for now: they stay as they are. */
function heldLags(
  seen: SeenConditions,
  present: readonly Condition[],
  unknown: ReadonlySet<string>,
): SeenConditions {
  const keys = new Set(present.map(keyOf));
  return new Map(
    [...seen].filter(([key, { condition, standing }]) => {
      const isGone = !keys.has(key) && standing.kind === 'told';
      return isGone && condition.kind === 'sync-lag' && unknown.has(condition.subject);
    }),
  );
}

function openOutbox(
  { receivers, clock, emit }: AlertsOptions,
  { waiting }: AlertState,
  save: () => Promise<void>,
): Outbox {
  return createOutbox({
    receivers,
    left: waiting,
    clock,
    onTaken(receiver) {
      emit({ type: 'delivery', receiver, ok: true });
      void save();
    },
    onFailure(receiver, error, isFirst) {
      emit({ type: 'delivery', receiver, ok: false });
      if (!isFirst) return;
      const values = { receiver, why: messageOf(error) };
      emit(
        notice(
          'warn',
          say('alerts.{receiver} takes no alert: {why}; it is told again until it does', values),
        ),
      );
    },
  });
}

/** What was kept, of the kinds that are told: of others nobody wants to hear, not even that they are over. */
async function restore({ kept, kinds, emit }: AlertsOptions): Promise<AlertState> {
  try {
    const text = await kept.read();
    return text === undefined ? NO_STATE : onlyOf(kinds, parseState(text));
  } catch (error) {
    const why = messageOf(error);
    emit(
      notice(
        'warn',
        say('what alerts were sent before cannot be read, so some may come again: {why}', { why }),
      ),
    );
    return NO_STATE;
  }
}

function onlyOf(kinds: ReadonlySet<AlertKind>, { seen, waiting }: AlertState): AlertState {
  return {
    seen: new Map([...seen].filter(([, { condition }]) => kinds.has(condition.kind))),
    waiting: waiting.map(({ receiver, alerts }) => ({
      receiver,
      alerts: alerts.filter(({ kind }) => kinds.has(kind)),
    })),
  };
}

/** Writes the state down, as it is when its turn comes; whoever waits for the same turn shares it. Never rejects; tells once of a row of failures. */
function createSaving(
  { kept, emit }: Pick<AlertsOptions, 'kept' | 'emit'>,
  state: () => AlertState,
): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;
  let told = false;
  const write = async (): Promise<void> => {
    waiting = undefined;
    try {
      await kept.write(stateText(state()));
      told = false;
    } catch (error) {
      const why = messageOf(error);
      if (!told) {
        emit(
          notice(
            'warn',
            say('what alerts are sent cannot be written down, so some may come again: {why}', { why }),
          ),
        );
      }
      told = true;
    }
  };
  return () => {
    waiting ??= last.then(write);
    last = waiting;
    return waiting;
  };
}
