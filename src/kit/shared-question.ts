/** Questions that whoever wants the same answer at the same time shares, and that end when nobody does any more. */
export type SharedQuestion<T> = {
  /**
   * Settles as the question of `key` that is under way does, else as `ask`, which is begun now; rejects with its reason
   * as soon as `signal` aborts. The signal of `ask` aborts when all who shared the question have left it.
   */
  run(key: string, ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
};

type Running<T> = { readonly answer: Promise<T>; readonly abort: AbortController; waiting: number };

/** Nothing is kept of a question that has been answered, or that nobody waits for. */
export function createSharedQuestion<T>(): SharedQuestion<T> {
  const running = new Map<string, Running<T>>();

  const begin = (key: string, ask: (signal: AbortSignal) => Promise<T>): Running<T> => {
    const abort = new AbortController();
    const begun = { answer: ask(abort.signal), abort, waiting: 0 };
    running.set(key, begun);
    const forget = (): void => {
      if (running.get(key) === begun) running.delete(key);
    };
    begun.answer.then(forget, forget);
    return begun;
  };

  return {
    async run(key, ask, signal) {
      signal?.throwIfAborted();
      const question = running.get(key) ?? begin(key, ask);
      question.waiting += 1;
      const left = Promise.withResolvers<never>();
      const leave = (): void => left.reject(signal?.reason);
      signal?.addEventListener('abort', leave, { once: true });
      try {
        return await Promise.race([question.answer, left.promise]);
      } finally {
        signal?.removeEventListener('abort', leave);
        question.waiting -= 1;
        if (question.waiting === 0) {
          if (running.get(key) === question) running.delete(key);
          question.abort.abort(new Error('nobody waits for it any more'));
        }
      }
    },
  };
}
