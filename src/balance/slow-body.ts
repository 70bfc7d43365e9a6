/** How far a body has come. Only time that somebody waited for it counts: a slow reader is not the mirror's fault. */
export type BodyProgress = {
  readonly receivedBytes: number;
  /** Undefined where nobody knows. */
  readonly leftBytes?: number;
  /** Waited for since the headers. */
  readonly waitedMs: number;
  /** Of that, since the last byte. */
  readonly idleMs: number;
};

/** Silence of this length is slow, and nothing is judged by its rate before it. */
const PATIENCE_MS = 1000;
/** Slow is what comes at less than this share of the best mirror's usual rate, … */
const SLOW_SHARE = 0.25;
/** … and what is so nearly done is let be. */
const NEARLY_DONE_BYTES = 256 * 1024;

/**
 * Whether a body should be raced by another mirror (selection.md, "Body"): nothing for a second, or after a second
 * less than a quarter of what the best mirror usually gives, with more than 256 KiB to go.
 * `bestBytesPerS` is undefined where no mirror's rate is known: then only silence counts.
 */
export function isSlowBody(progress: BodyProgress, bestBytesPerS: number | undefined): boolean {
  const { receivedBytes, leftBytes = Infinity, waitedMs, idleMs } = progress;
  if (leftBytes <= NEARLY_DONE_BYTES) return false;
  if (idleMs >= PATIENCE_MS) return true;
  if (bestBytesPerS === undefined || waitedMs < PATIENCE_MS) return false;
  return (receivedBytes * 1000) / waitedMs < SLOW_SHARE * bestBytesPerS;
}
