import type { Clock, Timer } from '../kit/clock.ts';
import type { Mirror } from './mirror.ts';
import type { Roster } from './roster.ts';

/** A timer a mirror at the most, none of which keeps the process alive. */
export type MirrorTimers = {
  /** Replaces the mirror's timer. A mirror that is gone gets none. */
  set(mirror: Mirror, delayMs: number, fn: () => void): void;
  get(mirror: Mirror): Timer | undefined;
  cancel(mirror: Mirror): void;
  /** The roster has other mirrors: the timers of those that are gone go. */
  replaced(): void;
  /** No timer is left, and none is set any more. */
  close(): void;
};

/** Timers of the mirrors of `roster`. */
export function createMirrorTimers(roster: Roster, clock: Clock): MirrorTimers {
  const timers = new Map<Mirror, Timer>();
  let closed = false;
  const cancel = (mirror: Mirror): void => {
    timers.get(mirror)?.cancel();
    timers.delete(mirror);
  };
  return {
    set(mirror, delayMs, fn) {
      cancel(mirror);
      if (closed || !roster.mirrors.includes(mirror)) return;
      timers.set(mirror, clock.after(delayMs, fn, { background: true }));
    },
    get: (mirror) => timers.get(mirror),
    cancel,
    replaced() {
      for (const mirror of timers.keys()) if (!roster.mirrors.includes(mirror)) cancel(mirror);
    },
    close() {
      closed = true;
      for (const mirror of timers.keys()) cancel(mirror);
    },
  };
}
