import type { Clock, Timer } from '../kit/clock.ts';
import type { Alert } from './conditions.ts';

/** Somebody who is told: resolves once he has taken it, rejects where he has not, or when `signal` aborts. */
export type Receiver = {
  readonly name: string;
  readonly send: (alert: Alert, signal: AbortSignal) => Promise<void>;
};

/** What waits for one receiver, the oldest first. */
export type Waiting = { readonly receiver: string; readonly alerts: readonly Alert[] };

/** Alerts on their way. */
export type Outbox = {
  /** For every receiver; nothing is sent yet. */
  add(alerts: readonly Alert[]): void;
  /** Sends what waits. */
  send(): void;
  /** What nobody has taken yet, to be kept over a restart. */
  waiting(): readonly Waiting[];
  /** Stops; what is on its way waits again. */
  close(): void;
};

/** What an outbox needs. */
export type OutboxOptions = {
  readonly receivers: readonly Receiver[];
  /** What an earlier Rondo has left; of receivers that are no more it is dropped. */
  readonly left: readonly Waiting[];
  readonly clock: Clock;
  /** Something was taken, or was not. `isFirst`: the one before was taken. */
  readonly onTaken: (receiver: string) => void;
  readonly onFailure: (receiver: string, error: unknown, isFirst: boolean) => void;
};

const FIRST_AGAIN_MS = 1_000;
const LONGEST_AGAIN_MS = 5 * 60_000;
/** Of a receiver who is gone for good the oldest are dropped. */
const MAX_WAITING = 1_000;

/**
 * Tells each receiver one after the other, again and again until he has taken it: after 1, 2, 4 … 300 s. One that he
 * does not take goes behind the others, with what follows it of the same alert: it may be the one that he cannot read.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { receivers, left } = options;
  const lines = receivers.map((receiver) => {
    const alerts = left.find(({ receiver: name }) => name === receiver.name)?.alerts ?? [];
    return createLine(receiver, alerts, options);
  });
  return {
    add(alerts) {
      for (const line of lines) line.add(alerts);
    },
    send() {
      for (const line of lines) line.go();
    },
    waiting: () => lines.map((line) => line.waiting()),
    close() {
      for (const line of lines) line.close();
    },
  };
}

type Line = { add(alerts: readonly Alert[]): void; go(): void; waiting(): Waiting; close(): void };

function createLine(
  { name, send }: Receiver,
  left: readonly Alert[],
  { clock, onTaken, onFailure }: OutboxOptions,
): Line {
  const closed = new AbortController();
  let alerts = [...left];
  let timer: Timer | undefined;
  let sending = false;
  let failures = 0;

  const sendFirst = async (alert: Alert): Promise<void> => {
    sending = true;
    try {
      await send(alert, closed.signal);
      failures = 0;
      alerts = alerts.filter((each) => each !== alert);
      onTaken(name);
    } catch (error) {
      if (closed.signal.aborted) return;
      failures += 1;
      const isOwn = ({ id }: Alert): boolean => id === alert.id;
      alerts = [...alerts.filter((each) => !isOwn(each)), ...alerts.filter(isOwn)];
      onFailure(name, error, failures === 1);
    } finally {
      sending = false;
    }
    go();
  };
  const go = (): void => {
    const [first] = alerts;
    if (first === undefined || sending || closed.signal.aborted || timer !== undefined) return;
    if (failures === 0) return void sendFirst(first);
    const againMs = Math.min(LONGEST_AGAIN_MS, FIRST_AGAIN_MS * 2 ** (failures - 1));
    const again = (): void => {
      timer = undefined;
      const [next] = alerts;
      if (next !== undefined) void sendFirst(next);
    };
    timer = clock.after(againMs, again, { background: true });
  };
  return {
    add(more) {
      alerts = [...alerts, ...more].slice(-MAX_WAITING);
    },
    go,
    waiting: () => ({ receiver: name, alerts }),
    close() {
      closed.abort(new Error('Rondo ends'));
      timer?.cancel();
    },
  };
}
