/** Runs tasks of one key one after another; tasks of different keys run at the same time. */
export type InTurn = {
  /** Runs `task` when all earlier ones of `key` have ended, however they ended; settles as `task` does. */
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is running or waiting. Never rejects. */
  idle(): Promise<void>;
};

/** Turns that keep no memory of keys at rest. */
export function createInTurn(): InTurn {
  const last = new Map<string, Promise<void>>();
  return {
    run(key, task) {
      const result = (last.get(key) ?? Promise.resolve()).then(task);
      const ended = result.then(
        () => undefined,
        () => undefined,
      );
      last.set(key, ended);
      void ended.then(() => {
        if (last.get(key) === ended) last.delete(key);
      });
      return result;
    },
    async idle() {
      while (last.size > 0) await Promise.all(last.values());
    },
  };
}
