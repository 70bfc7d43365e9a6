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
  /** How many revisits may be made at once. */
  left(nowMs: number): number;
};

/** The numbers of the retry budget. Each is a configuration key. */
export type RetryBudgetSettings = { readonly budgetRatio: number; readonly budgetPerSecond: number };

/** A token bucket that holds at most ten seconds of the trickle plus a hundred requests' share. */
export function createRetryBudget(settings: () => RetryBudgetSettings, startMs: number): RetryBudget {
  let tokens = capacityOf(settings());
  let filledMs = startMs;
  const add = (more: number): void => void (tokens = Math.min(capacityOf(settings()), tokens + more));
  const fill = (nowMs: number): void => {
    add((settings().budgetPerSecond * (nowMs - filledMs)) / 1000);
    filledMs = nowMs;
  };
  return {
    earn: () => add(settings().budgetRatio),
    left(nowMs) {
      fill(nowMs);
      return Math.floor(tokens);
    },
    spend(nowMs) {
      fill(nowMs);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}

function capacityOf({ budgetRatio, budgetPerSecond }: RetryBudgetSettings): number {
  return budgetPerSecond * 10 + budgetRatio * 100;
}

/** The wait before revisit `n` (from 0): full jitter over `min(2^n x delay, max)` milliseconds. */
export function revisitDelayMs(
  n: number,
  settings: { readonly delayMs: number; readonly delayMaxMs: number },
  random: Random,
): number {
  return random() * Math.min(settings.delayMs * 2 ** n, settings.delayMaxMs);
}
