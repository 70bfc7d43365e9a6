/** A running timer. `cancel` is idempotent. */
export type Timer = { cancel(): void };

/**
 * Time as a parameter, so that tests can own it. `now` is monotonic milliseconds with an arbitrary
 * origin: a jump of the wall clock never moves it. `wallMs` is Unix time in milliseconds, only for what
 * is written down or shown to people.
 */
export interface Clock {
  now(): number;
  wallMs(): number;
  /** Calls `fn` once after `delayMs`. A timer never keeps the process alive by itself when `background` is true. */
  after(delayMs: number, fn: () => void, options?: { background?: boolean }): Timer;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, fn, options) {
    const handle = setTimeout(fn, delayMs);
    if (options?.background === true) handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `delayMs`; rejects with the signal's reason as soon as `signal` aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error);
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason as Error);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
