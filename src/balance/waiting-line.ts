/** A place in the line. */
export type Place<M> = {
  /** What would do now; replaces what was wanted before, and keeps the place. */
  want(mirrors: readonly M[]): void;
  /** Gives the place up; idempotent. */
  leave(): void;
};

/**
 * One line for all who wait for a slot at some mirror: first come, first served, but nobody stands in the way of
 * those behind who want another mirror. What a mirror is does not matter here, if it is always the same value.
 */
export type WaitingLine<M> = {
  readonly size: number;
  /**
   * Takes a place; `onOffer` is called once, with the mirror that has become free for this one, who has left the line
   * by then. Undefined if the line is full.
   */
  join(mirrors: readonly M[], onOffer: (mirror: M) => void): Place<M> | undefined;
  /** Whether somebody waits for this mirror: then nobody else may take it. */
  wanted(mirror: M): boolean;
  /** Offers a slot of this mirror to the first who wants it. Whether there was one. */
  offer(mirror: M): boolean;
};

type Waiter<M> = { mirrors: readonly M[]; readonly onOffer: (mirror: M) => void };

/** A line of at most `limit` waiters. */
export function createWaitingLine<M>(limit: () => number): WaitingLine<M> {
  const waiters = new Set<Waiter<M>>();
  /** How many wait for each mirror, so that asking costs nothing. */
  const counts = new Map<M, number>();
  const count = (mirrors: readonly M[], by: number): void => {
    for (const mirror of mirrors) {
      const left = (counts.get(mirror) ?? 0) + by;
      if (left === 0) counts.delete(mirror);
      else counts.set(mirror, left);
    }
  };
  const leave = (waiter: Waiter<M>): void => {
    if (waiters.delete(waiter)) count(waiter.mirrors, -1);
  };
  return {
    get size() {
      return waiters.size;
    },
    join(mirrors, onOffer) {
      if (waiters.size >= limit()) return undefined;
      const waiter: Waiter<M> = { mirrors, onOffer };
      waiters.add(waiter);
      count(mirrors, 1);
      return {
        want(now) {
          if (!waiters.has(waiter)) return;
          count(waiter.mirrors, -1);
          waiter.mirrors = now;
          count(now, 1);
        },
        leave: () => leave(waiter),
      };
    },
    wanted: (mirror) => counts.has(mirror),
    offer(mirror) {
      if (!counts.has(mirror)) return false;
      for (const waiter of waiters) {
        if (!waiter.mirrors.includes(mirror)) continue;
        leave(waiter);
        waiter.onOffer(mirror);
        return true;
      }
      return false;
    },
  };
}
