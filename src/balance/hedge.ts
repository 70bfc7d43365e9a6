import type { LatencyQuantiles } from './latency-window.ts';

/** The numbers of hedging. Each is a configuration key. */
export type HedgeSettings = {
  /** The wait before a second mirror is asked is never shorter … */
  readonly minMs: number;
  /** … nor longer than this. */
  readonly maxMs: number;
  /** The wait until enough answers were seen. */
  readonly firstMs: number;
  readonly samples: number;
  /** So many hedges at once at the most; 0 switches hedging off. */
  readonly tokens: number;
  /** And so many a request in the long run. */
  readonly perRequest: number;
};

/**
 * How long a request waits for its first byte before a second mirror is asked beside the first: the 95th percentile
 * of the fastest mirror that may be asked, as in Dean and Barroso, "The Tail at Scale", which hedges one request in
 * twenty. A mirror whose own percentile is higher has up to twice as long, or every request to the slower one of two
 * good mirrors would be hedged, and the tokens be spent on them.
 */
export function hedgeDelayMs(
  own: LatencyQuantiles | undefined,
  all: readonly (LatencyQuantiles | undefined)[],
  { minMs, maxMs, firstMs, samples }: HedgeSettings,
): number {
  const enough = all.flatMap((each) => (each !== undefined && each.samples >= samples ? [each.p95Ms] : []));
  if (enough.length === 0) return firstMs;
  const fastestMs = Math.min(...enough);
  const ownMs = own !== undefined && own.samples >= samples ? own.p95Ms : fastestMs;
  return Math.min(maxMs, Math.max(minMs, fastestMs, Math.min(ownMs, 2 * fastestMs)));
}

/** What pays for hedges: they never add more than a share to what the mirrors are asked. */
export type HedgeTokens = {
  /** A request began. */
  earn(): void;
  /** Whether there is one; takes it. */
  spend(): boolean;
  left(): number;
};

/** Tokens for all requests of the program, as many at first as there may be. */
export function createHedgeTokens(settings: () => Pick<HedgeSettings, 'tokens' | 'perRequest'>): HedgeTokens {
  let left = settings().tokens;
  return {
    earn() {
      const { tokens, perRequest } = settings();
      left = Math.min(tokens, left + perRequest);
    },
    spend() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
    left: () => left,
  };
}
