import type { Clock, Timer } from '../kit/clock.ts';

/** The timers of one request, which end with it. */
export type Alarms = {
  /** Calls `fn` after `delayMs`, at once (but not before this returns) if that is not positive. */
  after(delayMs: number, fn: () => void): void;
  /** Rings at `atMs` of the monotonic clock, once however often it is asked for; Infinity: never. */
  at(atMs: number): void;
  clear(): void;
};

/** `ring` is what happens at the times that `at` names. */
export function createAlarms(clock: Clock, ring: () => void): Alarms {
  const timers = new Set<Timer>();
  const times = new Set<number>();
  const after = (delayMs: number, fn: () => void): void => {
    const timer = clock.after(Math.max(0, delayMs), () => {
      timers.delete(timer);
      fn();
    });
    timers.add(timer);
  };
  const ringAt = (atMs: number): void => {
    after(atMs - clock.now(), () => {
      // Timers count whole milliseconds, and may be up to one too early: nothing would be due yet.
      if (clock.now() < atMs) return ringAt(atMs);
      times.delete(atMs);
      ring();
    });
  };
  return {
    after,
    at(atMs) {
      if (atMs === Infinity || times.has(atMs)) return;
      times.add(atMs);
      ringAt(atMs);
    },
    clear() {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
