const FIRST_MS = 1000;
const MOST_MS = 30_000;
/** From so many attempts on, about two minutes, the page says that Rondo is gone, and goes on trying. */
export const LOST_AFTER = 7;

/** How long to wait before attempt `attempt` (from 1); `chance` from 0 to 1 spreads pages that lost the same server. Pure. */
export function waitMs(attempt: number, chance: number): number {
  const fullMs = Math.min(MOST_MS, FIRST_MS * 2 ** (attempt - 1));
  return Math.round(fullMs * (0.75 + chance / 4));
}
