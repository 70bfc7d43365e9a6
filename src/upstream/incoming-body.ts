import type { Outcome } from '../balance/outcome.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import { BodyError } from './attempt.ts';
import { classifyError } from './classify.ts';
import type { UpstreamSettings } from './settings.ts';
import { watchStalls, type StallWatch } from './stall-watch.ts';

/** The sender is paused above the first mark and goes on below the second: what one body may hold in memory. */
const HIGH_BYTES = 256 * 1024;
const LOW_BYTES = 64 * 1024;
/** The same for the number of chunks, each of which costs memory of its own: a mirror may send a byte in each. */
const HIGH_CHUNKS = 2048;
const LOW_CHUNKS = 512;
/** Smaller chunks that wait are given away together, for each one costs its reader a write. */
const MERGED_BYTES = 16 * 1024;
/** The rest of a body that nobody wants is read to its end, which keeps the connection, if it is not more than this. */
const DRAIN_BYTES = 64 * 1024;
/** … and comes within this time. */
const DRAIN_MS = 1000;

/** The connection that a body comes from. */
export type BodySource = { pause(): void; resume(): void; abort(reason: Error): void };

/** What a body is read with. */
export type IncomingBodyOptions = {
  readonly source: BodySource;
  readonly clock: Clock;
  readonly settings: UpstreamSettings;
  readonly maxBytes: number;
  /** As announced. The HTTP parser cuts what is beyond it; a body that ends before it is broken. */
  readonly contentLength?: number;
};

/**
 * One body on its way from a mirror: a queue of bounded size with one reader. The HTTP side calls `push`, `end`
 * and `fail`; the reader iterates, once. All limits of selection.md ("Body") are kept here.
 */
export class IncomingBody implements AsyncIterable<Buffer> {
  readonly #options: IncomingBodyOptions;
  readonly #watch: StallWatch;
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  #receivedBytes = 0;
  #paused = false;
  #state: 'flowing' | 'draining' | 'ended' | 'broken' = 'flowing';
  #error: BodyError | undefined;
  #drainedBytes = 0;
  #drainTimer: Timer | undefined;
  #wake: (() => void) | undefined;

  constructor(options: IncomingBodyOptions) {
    this.#options = options;
    const { settings, clock } = options;
    this.#watch = watchStalls(settings, clock, (cause) => this.#abort(stalled(cause, settings)));
  }

  /** Bytes that came in. Never throws. */
  push(chunk: Buffer): void {
    if (this.#state === 'draining') return this.#drain(chunk.length);
    if (this.#state !== 'flowing') return;
    this.#receivedBytes += chunk.length;
    this.#watch.arrived(chunk.length);
    const { maxBytes } = this.#options;
    if (this.#receivedBytes > maxBytes) return this.#abort(tooLarge(maxBytes));
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (!this.#paused && (this.#queuedBytes > HIGH_BYTES || this.#queue.length > HIGH_CHUNKS)) {
      this.#paused = true;
      this.#options.source.pause();
    }
    this.#notify();
  }

  /** The message is complete. */
  end(): void {
    this.#finish('ended');
  }

  /** The connection broke. What came before it can still be read. */
  fail(error: unknown): void {
    if (this.#state === 'flowing') this.#error = new BodyError(this.#outcomeOf(error), error);
    this.#finish('broken');
  }

  /** Yields what came in; throws a BodyError after it if the body broke. Leaving early drops the rest. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, void> {
    try {
      for (;;) {
        const chunk = this.#take();
        if (chunk !== undefined) yield chunk;
        else if (this.#state === 'flowing') await this.#arrival();
        else break;
      }
      if (this.#error !== undefined) throw this.#error;
    } finally {
      this.discard();
    }
  }

  /** The first bytes, at least `sizeBytes` if so many come within `limitMs`. They stay to be read. Never rejects. */
  async start(sizeBytes: number, limitMs: number): Promise<Buffer> {
    const limit = { passed: false };
    const timer = this.#options.clock.after(limitMs, () => {
      limit.passed = true;
      this.#notify();
    });
    while (this.#queuedBytes < sizeBytes && this.#state === 'flowing' && !limit.passed) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    timer.cancel();
    return Buffer.concat(this.#queue).subarray(0, sizeBytes);
  }

  /** Drops the rest: reads it if it is small, so that the connection can be used again, or closes the connection. */
  discard(): void {
    if (this.#state !== 'flowing') return;
    const { contentLength, source, clock } = this.#options;
    const leftBytes = contentLength === undefined ? 0 : contentLength - this.#receivedBytes;
    this.#error = new BodyError({ class: 'neutral', cause: 'superseded', detail: 'cancelled' });
    this.#watch.stop();
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    if (leftBytes > DRAIN_BYTES) return this.#abort(this.#error);
    this.#state = 'draining';
    this.#drainTimer = clock.after(DRAIN_MS, () => this.#abort(undefined), { background: true });
    if (this.#paused) source.resume();
    this.#notify();
  }

  #take(): Buffer | undefined {
    let [count, bytes] = [0, 0];
    for (const { length } of this.#queue) {
      if (count > 0 && bytes + length > MERGED_BYTES) break;
      count += 1;
      bytes += length;
    }
    if (count === 0) return undefined;
    const taken = this.#queue.splice(0, count);
    this.#queuedBytes -= bytes;
    if (this.#paused && this.#queuedBytes <= LOW_BYTES && this.#queue.length <= LOW_CHUNKS) {
      this.#paused = false;
      this.#options.source.resume();
    }
    return count === 1 ? taken[0] : Buffer.concat(taken, bytes);
  }

  async #arrival(): Promise<void> {
    this.#watch.waiting();
    if (this.#state === 'flowing') await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #drain(sizeBytes: number): void {
    this.#drainedBytes += sizeBytes;
    if (this.#drainedBytes > DRAIN_BYTES) this.#abort(undefined);
  }

  /** Ends the body from this side, and with it the connection. */
  #abort(error: BodyError | undefined): void {
    if (this.#state === 'flowing') this.#error = error;
    this.#finish('broken');
    this.#options.source.abort(error ?? new Error('the rest of the body is not wanted'));
  }

  #finish(state: 'ended' | 'broken'): void {
    if (this.#state === 'ended' || this.#state === 'broken') return;
    this.#state = state;
    this.#watch.stop();
    this.#drainTimer?.cancel();
    this.#notify();
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #outcomeOf(error: unknown): Outcome {
    const outcome = classifyError(error);
    const { contentLength } = this.#options;
    if (contentLength === undefined || this.#receivedBytes >= contentLength) return outcome;
    // An orderly close before the announced end; the parser's word for it depends on the Connection header.
    const closed = outcome.cause === 'short-body' || (error as { code?: unknown }).code === 'UND_ERR_SOCKET';
    const progress = `${this.#receivedBytes} of ${contentLength} bytes`;
    return closed
      ? { ...outcome, cause: 'short-body', detail: `ended after ${progress}` }
      : { ...outcome, detail: `${outcome.detail} after ${progress}` };
  }
}

function stalled(cause: 'body-idle' | 'body-slow', settings: UpstreamSettings): BodyError {
  const detail =
    cause === 'body-idle'
      ? `no byte for ${settings.bodyIdleMs / 1000} s`
      : `under ${settings.minRateBytesPerS} B/s over ${settings.minRateWindowMs / 1000} s`;
  return new BodyError({ class: 'http', cause, detail });
}

/** The verdict on a body larger than it may be. */
export function tooLarge(maxBytes: number): BodyError {
  return new BodyError({ class: 'http', cause: 'bad-content', detail: `larger than ${maxBytes} bytes` });
}
