/** A place in the line. */
export type Place = {
  /** What would do now; replaces what was wanted before, and keeps the place. */
  want(names: readonly string[]): void;
  /** Gives the place up; idempotent. */
  leave(): void;
};

/**
 * One line for all who wait for a slot at some mirror: first come, first served, but nobody stands in the way of
 * those behind who want another mirror.
 */
export type WaitingLine = {
  readonly size: number;
  /**
   * Takes a place; `onOffer` is called once, with the name of a mirror that has become free for this one, who has
   * left the line by then. Undefined if the line is full.
   */
  join(names: readonly string[], onOffer: (name: string) => void): Place | undefined;
  /** Whether somebody waits for this mirror: then nobody else may take it. */
  wanted(name: string): boolean;
  /** Offers a slot of this mirror to the first who wants it. Whether there was one. */
  offer(name: string): boolean;
};

type Waiter = { names: readonly string[]; readonly onOffer: (name: string) => void };

/** A line of at most `limit` waiters. */
export function createWaitingLine(limit: number): WaitingLine {
  const waiters = new Set<Waiter>();
  /** How many wait for each mirror, so that asking costs nothing. */
  const counts = new Map<string, number>();
  const count = (names: readonly string[], by: number): void => {
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + by);
  };
  const leave = (waiter: Waiter): void => {
    if (waiters.delete(waiter)) count(waiter.names, -1);
  };
  return {
    get size() {
      return waiters.size;
    },
    join(names, onOffer) {
      if (waiters.size >= limit) return undefined;
      const waiter: Waiter = { names, onOffer };
      waiters.add(waiter);
      count(names, 1);
      return {
        want(now) {
          if (!waiters.has(waiter)) return;
          count(waiter.names, -1);
          waiter.names = now;
          count(now, 1);
        },
        leave: () => leave(waiter),
      };
    },
    wanted: (name) => (counts.get(name) ?? 0) > 0,
    offer(name) {
      if ((counts.get(name) ?? 0) === 0) return false;
      for (const waiter of waiters) {
        if (!waiter.names.includes(name)) continue;
        leave(waiter);
        waiter.onOffer(name);
        return true;
      }
      return false;
    },
  };
}
