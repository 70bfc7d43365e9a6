/** Milliseconds since 1970, finer than `Date.now`: moments of several processes of one machine can be compared. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
