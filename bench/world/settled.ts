import type { Answered } from '../../test/faults/rows/figures.ts';

/**
 * How long after `goodAtMs` all is well again, in milliseconds: the earliest moment from which on, for `windowMs`, at least
 * `share` of the requests that were due ended right. Infinity where there is none. Both times count from the load's
 * beginning, as `dueMs` does; the load must go on for long enough after it.
 */
export function settledAfterMs(
  answers: readonly Answered[],
  goodAtMs: number,
  { share, windowMs }: { readonly share: number; readonly windowMs: number },
): number {
  const after = answers.filter(({ dueMs }) => dueMs >= goodAtMs).toSorted((a, b) => a.dueMs - b.dueMs);
  for (const { dueMs: fromMs } of after) {
    const within = after.filter(({ dueMs }) => dueMs >= fromMs && dueMs < fromMs + windowMs);
    const right = within.filter(({ ending }) => ending === 'right').length;
    if (right >= share * within.length) return fromMs - goodAtMs;
  }
  return Infinity;
}
