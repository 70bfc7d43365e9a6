import { useEffect, useState } from 'preact/hooks';

/** A value that parts of the page follow. */
export type Store<T> = {
  get(): T;
  set(value: T): void;
  /** Calls back after each change; returns how to stop. */
  follow(changed: () => void): () => void;
};

/** A store with its first value. */
export function createStore<T>(first: T): Store<T> {
  let value = first;
  const followers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const changed of followers) changed();
    },
    follow(changed) {
      followers.add(changed);
      return () => void followers.delete(changed);
    },
  };
}

/** The value of a store, in a component that is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState<T>(() => store.get());
  useEffect(() => {
    const changed = (): void => setValue(() => store.get());
    changed();
    return store.follow(changed);
  }, [store]);
  return value;
}
