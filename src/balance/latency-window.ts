/** How long the answers of a mirror took lately, in milliseconds. */
export type LatencyQuantiles = {
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** How many answers these are of. */
  readonly samples: number;
};

/** So many answers are remembered at most, and for so long. */
const MAX_SAMPLES = 256;
const MAX_AGE_MS = 5 * 60_000;
/** What `roughly` says may be so many answers or so long ago. */
const ROUGH_SAMPLES = 16;
const ROUGH_MS = 1000;

/**
 * The times to first byte of a mirror's last answers: a bounded window, so that the quantiles are those of now
 * and not of the whole run. Times of the monotonic clock come in with each call.
 */
export class LatencyWindow {
  readonly #values = new Float64Array(MAX_SAMPLES);
  readonly #atMs = new Float64Array(MAX_SAMPLES);
  #count = 0;
  #rough: { readonly count: number; readonly atMs: number; readonly value: LatencyQuantiles | undefined } = {
    count: -Infinity,
    atMs: -Infinity,
    value: undefined,
  };

  /** Enters one answer that took `durationMs`. */
  add(durationMs: number, nowMs: number): void {
    const slot = this.#count % MAX_SAMPLES;
    this.#values[slot] = durationMs;
    this.#atMs[slot] = nowMs;
    this.#count += 1;
  }

  /** Of the last 256 answers those of the last five minutes, by nearest rank; undefined where there were none. */
  quantiles(nowMs: number): LatencyQuantiles | undefined {
    const filled = Math.min(this.#count, MAX_SAMPLES);
    const sorted = this.#values
      .subarray(0, filled)
      .filter((_, index) => nowMs - (this.#atMs[index] ?? 0) <= MAX_AGE_MS)
      .sort();
    const samples = sorted.length;
    if (samples === 0) return undefined;
    const at = (share: number): number => sorted[Math.ceil(share * samples) - 1] ?? 0;
    return { p50Ms: at(0.5), p95Ms: at(0.95), samples };
  }

  /** As `quantiles`, but perhaps of a second or 16 answers ago: for what is decided anew for each request. */
  roughly(nowMs: number): LatencyQuantiles | undefined {
    const { count, atMs } = this.#rough;
    if (this.#count - count >= ROUGH_SAMPLES || nowMs - atMs >= ROUGH_MS)
      this.#rough = { count: this.#count, atMs: nowMs, value: this.quantiles(nowMs) };
    return this.#rough.value;
  }
}
