/** How far a body has come. Only time that somebody waited for it counts: a slow reader is not the mirror's fault. */
export type BodyProgress = {
  readonly receivedBytes: number;
  /** Undefined where nobody knows. */
  readonly leftBytes?: number;
  /** Waited for since the last byte. */
  readonly idleMs: number;
  /** What the last of the waiting brought: of `afterMs` at least, once there was so much of it, and not of much more. */
  readonly lately: { readonly bytes: number; readonly waitedMs: number };
};

/** The numbers of the race. Each is a configuration key. */
export type RaceSettings = {
  /** Silence of this length is slow, and nothing is judged by its rate before it; 0: nothing is ever slow. */
  readonly afterMs: number;
  /** Slow is what comes at less than this share of the best mirror's usual rate, … */
  readonly share: number;
  /** … which is at least this, where nothing is known of any other mirror's. */
  readonly assumedBytesPerS: number;
  /** What has no more than this to go is let be, as long as it comes: at its rate it must be here within `afterMs`. */
  readonly leftBytes: number;
};

/**
 * Whether a body should be raced by another mirror (selection.md, "Body"): nothing for a second, or for a second
 * less than a quarter of what the best mirror usually gives, with more to go than comes in a moment. The rate is the
 * latest, and not that of the whole body: many mirrors throttle only after a good beginning.
 */
export function isSlowBody(
  { leftBytes = Infinity, idleMs, lately }: BodyProgress,
  bestBytesPerS: number,
  race: RaceSettings,
): boolean {
  if (race.afterMs === 0) return false;
  if (idleMs >= race.afterMs) return true;
  if (lately.waitedMs < race.afterMs) return false;
  const bytesPerMs = lately.bytes / lately.waitedMs;
  if (bytesPerMs * 1000 >= race.share * bestBytesPerS) return false;
  return leftBytes > Math.min(race.leftBytes, bytesPerMs * race.afterMs);
}
