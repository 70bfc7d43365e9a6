import { RondoError } from '../errors/rondo-error.ts';
import type { Clock } from '../kit/clock.ts';
import type { Spool } from '../store/spool.ts';
import type { Timings } from './reply.ts';
import { say } from '../words/text.ts';

/** How far a flight is. */
export type Phase =
  | { readonly kind: 'flying' }
  | { readonly kind: 'whole' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What a reader may see and tell of its flight. */
export type FlightView = {
  readonly clock: Clock;
  readonly startedMs: number;
  readonly spool: Spool;
  readonly phase: () => Phase;
  /** Offsets, in the order of their finding, from which on the spool became another file. */
  readonly conflicts: readonly number[];
  /** How many bytes may leave now: all of a right file, else all but the tail; none where it does not stream. */
  readonly releasedBytes: () => number;
  /** Told how far into the file a client is. */
  readonly given: (position: number) => void;
  /** The length that the current mirror announced. */
  readonly announcedBytes: () => number | undefined;
  readonly mirror: () => string | undefined;
  /** Which mirrors were asked so far and what each answered, on one line. */
  readonly tried: () => string | undefined;
  readonly timings: () => Timings;
  /** Resolves at the next change of any of these. */
  readonly changed: () => Promise<void>;
  /** Wakes everybody who waits for a change. */
  readonly wake: () => void;
  /** Told once, when the reader wants nothing more. */
  readonly leave: () => Promise<void>;
};

/**
 * One client's view of a flight, at its own pace. From its making until it has been read to its end, has
 * thrown, or was closed, the flight's spool stays.
 */
export class FlightReader {
  readonly #view: FlightView;
  /** It is to give nothing more. */
  #stopped = false;
  #left = false;

  constructor(view: FlightView) {
    this.#view = view;
  }

  /** The mirror whose bytes the flight has. */
  get mirror(): string | undefined {
    return this.#view.mirror();
  }

  /** Which mirrors were asked so far and what each answered, on one line. */
  get tried(): string | undefined {
    return this.#view.tried();
  }

  /** What the flight has spent its time on so far. */
  get timings(): Timings {
    return this.#view.timings();
  }

  /** The length that an answer may announce now: certain when whole, the mirror's word before. */
  get contentLength(): number | undefined {
    const { phase, spool, announcedBytes } = this.#view;
    return phase().kind === 'whole' ? spool.sizeBytes : announcedBytes();
  }

  /** Resolves when the file is whole and right; rejects with the flight's error. */
  whole(): Promise<void> {
    return this.ready('whole');
  }

  /**
   * Resolves when an answer may start: whole and right, or, once `holdMs` have passed since the flight
   * began, as soon as bytes may leave. Rejects with the flight's error, and then the reader is closed.
   */
  async ready(holdMs: number | 'whole'): Promise<void> {
    const { clock, startedMs, phase, releasedBytes, changed, wake } = this.#view;
    const untilMs = holdMs === 'whole' ? Infinity : startedMs + holdMs;
    const timer = untilMs === Infinity ? undefined : clock.after(Math.max(0, untilMs - clock.now()), wake);
    try {
      for (;;) {
        const now = phase();
        if (now.kind === 'failed') throw now.error;
        if (now.kind === 'whole' || (clock.now() >= untilMs && releasedBytes() > 0)) return;
        await changed();
      }
    } catch (error) {
      await this.close();
      throw error;
    } finally {
      timer?.cancel();
    }
  }

  /** All bytes of a whole file. Only for small ones. Closes the reader. */
  async bytes(): Promise<Buffer> {
    await this.whole();
    const chunks: Buffer[] = [];
    for await (const chunk of this.body()) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }

  /**
   * The file from its beginning. A chunk is the caller's until it asks for the next one, or for none. Throws
   * when the flight fails, or when the file turns out not to be what this reader was already given: the
   * connection must then be cut.
   */
  body(): AsyncIterableIterator<Buffer> {
    const reading = this.#read(this.contentLength);
    // A generator that has not begun knows of no return.
    const giveBack = async (): Promise<IteratorResult<Buffer>> => {
      this.#stop();
      await reading.return();
      await this.#leave();
      return { done: true, value: undefined };
    };
    const iterator: AsyncIterableIterator<Buffer> = {
      next: () => reading.next(),
      return: giveBack,
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  /** Gives the reader back, read or not; idempotent. */
  async close(): Promise<void> {
    this.#stop();
    await this.#leave();
  }

  #stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#view.wake();
  }

  async #leave(): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    await this.#view.leave();
  }

  async *#read(announced: number | undefined): AsyncGenerator<Buffer, void> {
    const { conflicts } = this.#view;
    let position = 0;
    let seen = conflicts.length;
    try {
      while (!this.#stopped) {
        for (; seen < conflicts.length; seen += 1) {
          if ((conflicts[seen] ?? 0) < position) throw cut('another mirror has a different file');
        }
        const until = this.#releasedTo(position, announced);
        if (until === 'end') return;
        if (until === 'wait') {
          await this.#view.changed();
          continue;
        }
        const lent = this.#view.spool.lend(position, until - position);
        const loan = lent instanceof Promise ? await lent : lent;
        try {
          // What changed while it was read may be in it: read again.
          if (conflicts.length > seen) continue;
          if (loan.bytes.length === 0)
            throw new RondoError('E_STORE', say('a spool file has become shorter'));
          position += loan.bytes.length;
          this.#view.given(position);
          yield loan.bytes;
        } finally {
          loan.release();
        }
      }
    } finally {
      await this.close();
    }
  }

  /** How far a reader that is at `position` may read now. */
  #releasedTo(position: number, announced: number | undefined): number | 'wait' | 'end' {
    const { spool, phase, releasedBytes } = this.#view;
    const now = phase();
    if (now.kind === 'failed') throw now.error;
    if (now.kind === 'whole') {
      if (announced !== undefined && announced !== spool.sizeBytes) {
        throw cut('its length is not what was announced');
      }
      if (position === spool.sizeBytes) return 'end';
    }
    const released = Math.min(releasedBytes(), announced ?? Infinity);
    return position < released ? released : 'wait';
  }
}

function cut(why: string): RondoError {
  return new RondoError('E_BAD_CONTENT', say('cut: {why}', { why }));
}
