/** What visits of a short time came to. */
export type Slice = { readonly startMs: number; readonly visits: number; readonly failed: number };

/** The window moves on by a sixth of its length. */
const SLICES = 6;

/** The slices, oldest first, after one more visit; those that have left the window are dropped. Pure. */
export function countVisit(
  slices: readonly Slice[],
  failed: boolean,
  nowMs: number,
  windowMs: number,
): readonly Slice[] {
  const kept = slices.filter(({ startMs }) => nowMs - startMs < windowMs);
  const last = kept.at(-1);
  const current =
    last !== undefined && nowMs - last.startMs < windowMs / SLICES
      ? last
      : { startMs: nowMs, visits: 0, failed: 0 };
  const counted = { ...current, visits: current.visits + 1, failed: current.failed + (failed ? 1 : 0) };
  return [...(current === last ? kept.slice(0, -1) : kept), counted];
}

/** How many visits the window holds, and which share of them succeeded (1 where there were none). */
export function successOf(
  slices: readonly Slice[],
  nowMs: number,
  windowMs: number,
): { readonly visits: number; readonly share: number } {
  const kept = slices.filter(({ startMs }) => nowMs - startMs < windowMs);
  const visits = kept.reduce((sum, slice) => sum + slice.visits, 0);
  const failed = kept.reduce((sum, slice) => sum + slice.failed, 0);
  return { visits, share: visits === 0 ? 1 : 1 - failed / visits };
}
