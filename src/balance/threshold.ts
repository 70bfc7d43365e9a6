/** A row of failures this improbable by chance means that something has changed. */
const IMPROBABLE = 0.001;
/** A visit moves the usual rate by this share: the first two failures of an outage leave the threshold as it is. */
const LEARNING = 0.03;

/** The usual failure rate, 0 to 1, after one more visit. */
export function usualRateAfter(rate: number, failed: boolean): number {
  return rate + ((failed ? 1 : 0) - rate) * LEARNING;
}

/**
 * How many failures in a row open the gate of a mirror that usually fails at `rate`: `ln 0.001 / ln rate` rounded
 * up, so many that chance alone would hardly bring them about, between `min` and `max`.
 */
export function failuresThatOpen(rate: number, { min, max }: { min: number; max: number }): number {
  if (rate <= 0) return min;
  if (rate >= 1) return max;
  return Math.min(max, Math.max(min, Math.ceil(Math.log(IMPROBABLE) / Math.log(rate))));
}
