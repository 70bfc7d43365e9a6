/** Late timers may make up for so much lost time, so that the line is as fast as it says. */
const CATCH_UP_MS = 5;

/**
 * A line of a fixed rate that many connections share, first come, first served: whoever sends one piece at a
 * time gets a fair share. The caller's clock, in milliseconds, never goes backwards.
 */
export class Link {
  readonly #bytesPerMs: number;
  #freeAtMs = -Infinity;

  constructor(bitsPerSecond: number) {
    this.#bytesPerMs = bitsPerSecond / 8 / 1000;
  }

  /** Takes the line for `sizeBytes`; the moment at which the last of them has arrived. */
  reserve(sizeBytes: number, nowMs: number): number {
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs - CATCH_UP_MS) + sizeBytes / this.#bytesPerMs;
    return this.#freeAtMs;
  }
}
