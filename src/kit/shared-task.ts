/** Tasks that whoever wants the same thing at the same time shares. */
export type SharedTask<T> = {
  /** Settles as the task of `key` that is under way does, else as `task`, which is begun now. */
  run(key: string, task: () => Promise<T>): Promise<T>;
};

/** Nothing is kept of a task that has ended. */
export function createSharedTask<T>(): SharedTask<T> {
  const running = new Map<string, Promise<T>>();
  return {
    run(key, task) {
      const known = running.get(key);
      if (known !== undefined) return known;
      const begun = task();
      running.set(key, begun);
      const forget = (): void => void running.delete(key);
      begun.then(forget, forget);
      return begun;
    },
  };
}
