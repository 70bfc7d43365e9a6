import type { Random } from '../kit/random.ts';

/**
 * How many revisits the whole program may make: a share of its requests plus a trickle, so that retries
 * never multiply an outage (selection.md: 20% of requests + 2/s).
 */
export type RetryBudget = {
  /** A request began: it earns its share. */
  earn(): void;
  /** Takes one revisit from the budget, or says no. */
  spend(nowMs: number): boolean;
};

/** A token bucket that holds at most ten seconds of the trickle plus a hundred requests' share. */
export function createRetryBudget(
  settings: { readonly ratio: number; readonly perSecond: number },
  startMs: number,
): RetryBudget {
  const capacity = settings.perSecond * 10 + settings.ratio * 100;
  let tokens = capacity;
  let filledMs = startMs;
  return {
    earn() {
      tokens = Math.min(capacity, tokens + settings.ratio);
    },
    spend(nowMs) {
      tokens = Math.min(capacity, tokens + (settings.perSecond * (nowMs - filledMs)) / 1000);
      filledMs = nowMs;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}

/** The wait before revisit `n` (from 0): full jitter over `min(2^n x delay, max)` milliseconds. */
export function revisitDelayMs(
  n: number,
  settings: { readonly delayMs: number; readonly delayMaxMs: number },
  random: Random,
): number {
  return random() * Math.min(settings.delayMs * 2 ** n, settings.delayMaxMs);
}
