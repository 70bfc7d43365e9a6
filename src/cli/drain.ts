import type { Clock } from '../kit/clock.ts';

/** A signal that asks to stop; SIGHUP does where the terminal is gone. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Calls `listener` for each of the signals from now on; the returned function ends that. */
export type OnSignal = <S extends NodeJS.Signals>(
  signals: readonly S[],
  listener: (signal: S) => void,
) => () => void;

/** How to stop. */
export type StopOptions = {
  readonly clock: Clock;
  readonly onSignal: OnSignal;
  /** Takes nothing new and ends when all that was running has ended. */
  readonly drain: () => Promise<void>;
  /** Ends everything now. */
  readonly force: () => Promise<void>;
  /** Told at the first signal. */
  readonly onDraining?: (signal: StopSignal) => void;
  /** SIGHUP: whether it meant something else than to stop. Absent: it is left to the system, which ends the process. */
  readonly onHangUp?: () => boolean;
};

/** A terminal's Ctrl-C arrives twice through npm, which passes on what the terminal has sent to everybody. */
export const ONE_KEYSTROKE_MS = 500;

/**
 * Waits for SIGINT or SIGTERM, or a SIGHUP that means the same, then drains; another one, unless within 500 ms of the first, forces.
 * Resolves when everything has ended; rejects as `drain` and `force` do.
 */
export function drainOnSignal(options: StopOptions): Promise<'drained' | 'forced'> {
  const { clock, onSignal, drain, force, onHangUp } = options;
  const signals: StopSignal[] = ['SIGINT', 'SIGTERM', ...(onHangUp === undefined ? [] : ['SIGHUP' as const])];
  return new Promise((resolve, reject) => {
    let firstAtMs: number | undefined;
    let forced = false;
    const off = onSignal<StopSignal>(signals, (signal) => {
      if (signal === 'SIGHUP' && onHangUp?.() === true) return;
      if (firstAtMs === undefined) {
        firstAtMs = clock.now();
        options.onDraining?.(signal);
        drain().then(() => finish('drained'), fail);
      } else if (!forced && clock.now() - firstAtMs >= ONE_KEYSTROKE_MS) {
        forced = true;
        force().then(() => finish('forced'), fail);
      }
    });
    const finish = (how: 'drained' | 'forced'): void => {
      // A drain that ends because it was forced is none.
      if (how === 'drained' && forced) return;
      off();
      resolve(how);
    };
    const fail = (error: unknown): void => {
      off();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
  });
}

/** Lets a signal through, unless the same one came less than 500 ms after the last that was let through. */
export function onceAKeystroke(clock: Clock): (signal: NodeJS.Signals) => boolean {
  const lastAtMs = new Map<NodeJS.Signals, number>();
  return (signal) => {
    const nowMs = clock.now();
    const last = lastAtMs.get(signal);
    if (last !== undefined && nowMs - last < ONE_KEYSTROKE_MS) return false;
    lastAtMs.set(signal, nowMs);
    return true;
  };
}

/** The signals that this process gets. */
export const processSignals: OnSignal = (signals, listener) => {
  const listeners = signals.map((signal) => ({ signal, call: () => listener(signal) }));
  for (const { signal, call } of listeners) process.on(signal, call);
  return () => {
    for (const { signal, call } of listeners) process.off(signal, call);
  };
};
