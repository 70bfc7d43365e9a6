import type { Clock, Timer } from '../kit/clock.ts';
import type { UpstreamSettings } from './settings.ts';

/** The window of the rate is looked at in so many parts: how exactly it slides. */
const SLOTS = 10;

/** Watches how long and how fast a sender makes a reader wait. */
export type StallWatch = {
  /** The reader has nothing left to read. */
  waiting(): void;
  /** So many bytes came in. */
  arrived(sizeBytes: number): void;
  /** No more limits; idempotent. */
  stop(): void;
};

/**
 * Calls `onStall` once, when a reader has waited `bodyIdleMs` for one byte, or has got less than
 * `minRateBytesPerS` over `minRateWindowMs` of waiting (selection.md, "Body"). Only time spent waiting counts:
 * what a slow reader does between two reads is not the sender's fault.
 */
export function watchStalls(
  settings: Pick<UpstreamSettings, 'bodyIdleMs' | 'minRateBytesPerS' | 'minRateWindowMs'>,
  clock: Clock,
  onStall: (cause: 'body-idle' | 'body-slow') => void,
): StallWatch {
  const { bodyIdleMs, minRateBytesPerS, minRateWindowMs } = settings;
  const rate = new RateWindow(minRateWindowMs / SLOTS, (minRateBytesPerS * minRateWindowMs) / 1000);
  let idleMs = 0;
  let sinceMs: number | undefined;
  let timer: Timer | undefined;

  const account = (): void => {
    if (sinceMs === undefined) return;
    const nowMs = clock.now();
    idleMs += nowMs - sinceMs;
    rate.pass(nowMs - sinceMs);
    sinceMs = nowMs;
  };
  const stop = (): void => {
    timer?.cancel();
    timer = undefined;
    sinceMs = undefined;
  };
  const check = (): void => {
    account();
    if (idleMs < bodyIdleMs && !rate.tooSlow()) return arm();
    stop();
    onStall(idleMs >= bodyIdleMs ? 'body-idle' : 'body-slow');
  };
  const arm = (): void => {
    timer = clock.after(Math.max(1, Math.min(bodyIdleMs - idleMs, rate.leftOfSlotMs())), check);
  };

  return {
    waiting() {
      if (sinceMs !== undefined) return;
      // A slot may have been filled up by an arrival, just before its timer.
      if (rate.tooSlow()) return onStall('body-slow');
      sinceMs = clock.now();
      idleMs = 0;
      arm();
    },
    arrived(sizeBytes) {
      account();
      rate.add(sizeBytes);
      stop();
    },
    stop,
  };
}

/** Bytes over the last `SLOTS` slots of time that somebody waited. */
class RateWindow {
  readonly #slotMs: number;
  readonly #minBytes: number;
  /** Bytes of each full slot, the newest last. */
  readonly #slots: number[] = [];
  #bytes = 0;
  #waitedMs = 0;

  constructor(slotMs: number, minBytes: number) {
    this.#slotMs = slotMs;
    this.#minBytes = minBytes;
  }

  add(sizeBytes: number): void {
    this.#bytes += sizeBytes;
  }

  pass(waitedMs: number): void {
    this.#waitedMs += waitedMs;
    // More than one window at once (a suspended laptop) says no more than one.
    for (let slots = 0; this.#waitedMs >= this.#slotMs && slots <= SLOTS; slots += 1) {
      this.#waitedMs -= this.#slotMs;
      this.#slots.push(this.#bytes);
      this.#bytes = 0;
      if (this.#slots.length > SLOTS) this.#slots.shift();
    }
    this.#waitedMs = Math.min(this.#waitedMs, this.#slotMs);
  }

  leftOfSlotMs(): number {
    return this.#slotMs - this.#waitedMs;
  }

  /** Never before a whole window has passed. */
  tooSlow(): boolean {
    return this.#slots.length === SLOTS && this.#slots.reduce((sum, each) => sum + each, 0) < this.#minBytes;
  }
}
