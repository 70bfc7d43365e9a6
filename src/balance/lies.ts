import type { MirrorState } from './mirror-state.ts';
import type { BalanceSettings } from './settings.ts';

/**
 * Answers with content that is not what was asked for: a right file of another kind does not make them right, so they
 * count together, and not only in a row.
 */
export type Lies = { readonly count: number; readonly sinceMs: number };

type Window = Pick<BalanceSettings, 'successWindowMs'>;

/** How many there were of late: within the window that the first of them began. */
export function liesAtOnce({ lies }: Pick<MirrorState, 'lies'>, nowMs: number, window: Window): number {
  return lies !== undefined && nowMs - lies.sinceMs < window.successWindowMs ? lies.count : 0;
}

/** One more. */
export function withLie(state: Pick<MirrorState, 'lies'>, nowMs: number, window: Window): Lies {
  const count = liesAtOnce(state, nowMs, window);
  return { count: count + 1, sinceMs: count === 0 ? nowMs : (state.lies?.sinceMs ?? nowMs) };
}
