/** Joins callers that want the same thing at the same time. */
export type SharedLookup<T> = {
  /**
   * The result of the look-up of `key` under way, or of a new one. Rejects with the signal's reason as
   * soon as `signal` aborts; the look-up itself is aborted when nobody waits for it any more.
   */
  join(key: string, signal: AbortSignal): Promise<T>;
};

type Running<T> = { readonly result: Promise<T>; readonly controller: AbortController; waiters: number };

/** Look-ups made by `look`; nothing is kept once one has ended. */
export function createSharedLookup<T>(
  look: (key: string, signal: AbortSignal) => Promise<T>,
): SharedLookup<T> {
  const running = new Map<string, Running<T>>();

  const begin = (key: string): Running<T> => {
    const controller = new AbortController();
    const result = look(key, controller.signal);
    const lookup: Running<T> = { result, controller, waiters: 0 };
    running.set(key, lookup);
    const forget = (): void => {
      if (running.get(key) === lookup) running.delete(key);
    };
    result.then(forget, forget);
    return lookup;
  };

  return {
    async join(key, signal) {
      signal.throwIfAborted();
      const lookup = running.get(key) ?? begin(key);
      lookup.waiters += 1;
      const left = Promise.withResolvers<never>();
      const leave = (): void => left.reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([lookup.result, left.promise]);
      } finally {
        signal.removeEventListener('abort', leave);
        lookup.waiters -= 1;
        if (lookup.waiters === 0 && running.get(key) === lookup) {
          // Still under way, so the last one left early. A newcomer begins afresh.
          running.delete(key);
          lookup.controller.abort(signal.reason);
        }
      }
    },
  };
}
