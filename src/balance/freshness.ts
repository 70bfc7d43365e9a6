/** The numbers of freshness. Each is a configuration key. */
export type FreshnessSettings = {
  /** A mirror that lags so much more than the freshest is behind. */
  readonly behindMs: number;
};

/** What is left of the weight of a mirror that is behind, for lists and `@latest`. */
const LEFT = 0.1;

/**
 * What is left of each mirror's weight for what may change, in order: lists and `@latest` prefer the freshest mirror.
 * `lagsMs` are undefined where nobody knows: such a mirror loses nothing.
 */
export function freshnessFactors(
  lagsMs: readonly (number | undefined)[],
  { behindMs }: FreshnessSettings,
): number[] {
  const freshestMs = Math.min(...lagsMs.map((lag) => lag ?? Infinity));
  return lagsMs.map((lag) => (lag !== undefined && lag - freshestMs >= behindMs ? LEFT : 1));
}
