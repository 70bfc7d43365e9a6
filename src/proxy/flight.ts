import type { Outcome } from '../balance/outcome.ts';
import { RondoError, messageOf } from '../errors/rondo-error.ts';
import type { VisitReport } from '../events/events.ts';
import { Notifier } from '../kit/notifier.ts';
import type { Found } from '../mirrors/answer.ts';
import type { Spool } from '../store/spool.ts';
import type { FlightContext, FlightPlan, Judgement } from './flight-plan.ts';
import { FlightReader, type FlightView, type Phase } from './flight-reader.ts';
import { MAX_BYTES, TAIL_BYTES } from './settings.ts';
import { transfer } from './transfer.ts';
import { tellUnkept } from './tell-unkept.ts';

/** The most transfers of one file; in practice gates and budget end it long before. */
const MAX_TRANSFERS = 12;

/**
 * One upstream fetch of one file, however many clients ask for it. Bytes go to a spool; a transfer that
 * breaks or turns out wrong continues with another mirror inside the flight (integrity.md, "What the client
 * gets, and when"). The flight goes on when the client that began it has left.
 */
export class Flight {
  /** Settles, never rejects, when the file is kept and nothing is left to do. */
  readonly over: Promise<void>;
  readonly #plan: FlightPlan;
  readonly #context: FlightContext;
  readonly #spool: Spool;
  readonly #changes = new Notifier();
  readonly #startedMs: number;
  readonly #view: FlightView;
  readonly #failures = new Map<string, VisitReport>();
  #phase: Phase = { kind: 'flying' };
  /** Offsets from which on the spool became another file: clients who were given more than that are cut. */
  readonly #conflicts: number[] = [];
  #announcedBytes: number | undefined;
  /** Milliseconds spent so far on asking, on bodies, on judging. */
  readonly #spentMs = { ask: 0, body: 0, verify: 0 };
  #mirror: string | undefined;
  /** The mirror whose answer was of no use, until another one answers; a transfer that broke is resumed instead. */
  #failedFrom: string | undefined;
  #broken = 0;
  #upstreamBytes = 0;
  #readers = 0;
  #isOver = false;

  constructor(plan: FlightPlan, context: FlightContext) {
    this.#plan = plan;
    this.#context = context;
    this.#spool = context.newSpool();
    this.#startedMs = context.clock.now();
    this.#view = this.#makeView();
    this.over = this.#run();
  }

  /** Whether it has ended, kept what it brought, and takes no more readers. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A reader of its own for one client; counted from now on. */
  open(): FlightReader {
    this.#readers += 1;
    return new FlightReader(this.#view);
  }

  async #run(): Promise<void> {
    try {
      const mirror = await this.#fly();
      this.#become({ kind: 'whole' });
      this.#tell(true);
      await this.#keep(mirror);
    } catch (error) {
      this.#become({ kind: 'failed', error });
      this.#tell(false, messageOf(error));
    }
    this.#isOver = true;
    await this.#discardWhenDone();
  }

  async #fly(): Promise<string> {
    let last: RondoError | undefined;
    for (let round = 0; round < MAX_TRANSFERS; round += 1) {
      const found = await this.#timed('ask', () => this.#ask());
      this.#tellFailover(found.mirror);
      this.#mirror = found.mirror;
      this.#announcedBytes = found.contentLength;
      const end = await this.#timed('body', () => this.#receive(found));
      if (end.kind === 'broken') {
        if (end.bytes > 0) this.#broken += 1;
        this.#failedFrom = end.bytes > 0 ? undefined : found.mirror;
        last = this.#failed(found, end.outcome, end.bytes);
        continue;
      }
      const judgement = await this.#timed('verify', () => this.#judged(found, end.bytes));
      switch (judgement.kind) {
        case 'right':
          found.settle({ kind: 'complete', bytes: end.bytes });
          return found.mirror;
        case 'unusable':
          // A body that only the end of the connection ended may have been cut there: then it is resumed.
          if (!isLengthKnown(found)) this.#broken += 1;
          this.#failedFrom = isLengthKnown(found) ? found.mirror : undefined;
          last = this.#failed(found, badContent(judgement.why), end.bytes);
          break;
        case 'wrong':
          this.#failedFrom = found.mirror;
          found.settle({ kind: 'wrong', why: judgement.why, bytes: end.bytes });
          last = this.#remember(found, { class: 'integrity', cause: 'wrong-content', detail: judgement.why });
          break;
        case 'hopeless':
          found.settle({ kind: 'complete', bytes: end.bytes });
          throw judgement.error;
      }
    }
    throw last ?? new RondoError('E_BUG', 'a flight ended without a transfer');
  }

  async #timed<T>(phase: 'ask' | 'body' | 'verify', task: () => Promise<T>): Promise<T> {
    const startMs = this.#context.clock.now();
    try {
      return await task();
    } finally {
      this.#spentMs[phase] += this.#context.clock.now() - startMs;
    }
  }

  async #ask(): Promise<Found> {
    try {
      return await this.#askMirrors();
    } catch (error) {
      // Nobody is left, and somebody lied: that is no outage.
      const lies = [...this.#failures.values()].filter(({ outcome }) => outcome.class === 'integrity');
      if (lies.length === 0 || !(error instanceof RondoError)) throw error;
      throw new RondoError(
        'E_CHECKSUM_MISMATCH',
        `wrong content, and no mirror with the right one: ${error.message}`,
        {
          details: error.details,
          cause: error,
        },
      );
    }
  }

  #tellFailover(to: string): void {
    const from = this.#failedFrom;
    this.#failedFrom = undefined;
    if (from === undefined || from === to) return;
    this.#context.emit({ type: 'failover', from, to, kind: this.#plan.file.kind });
  }

  #askMirrors(): Promise<Found> {
    const { mirrors, clock, deadlineMs, signal, via } = this.#context;
    const { file } = this.#plan;
    return mirrors.ask(
      {
        file,
        method: 'GET',
        maxBodyBytes: MAX_BYTES[file.kind],
        avoid: this.#failures,
        deadlineAtMs: clock.now() + deadlineMs,
        ...(via === undefined ? {} : { via }),
      },
      signal,
    );
  }

  async #receive(found: Found): ReturnType<typeof transfer> {
    const { signal } = this.#context;
    const drop = (): void => found.cancel();
    signal.addEventListener('abort', drop, { once: true });
    try {
      return await transfer(found.body, this.#spool, {
        onGrowth: (bytes) => {
          this.#upstreamBytes += bytes;
          this.#changes.notify();
        },
        onConflict: (offset) => void this.#conflicts.push(offset),
      });
    } catch (error) {
      // This machine failed, not the mirror.
      found.settle({ kind: 'abandoned', bytes: this.#upstreamBytes });
      throw error;
    } finally {
      signal.removeEventListener('abort', drop);
    }
  }

  async #judged(found: Found, bytes: number): Promise<Judgement> {
    try {
      return await this.#plan.judge(this.#spool, found.mirror, isLengthKnown(found));
    } catch (error) {
      found.settle({ kind: 'abandoned', bytes });
      throw error;
    }
  }

  #failed(found: Found, outcome: Outcome, bytes: number): RondoError {
    found.settle({ kind: 'broken', outcome, bytes });
    return this.#remember(found, outcome);
  }

  #remember(found: Found, outcome: Outcome): RondoError {
    const durationMs = this.#context.clock.now() - this.#startedMs;
    this.#failures.set(found.mirror, { mirror: found.mirror, outcome, durationMs });
    const code = outcome.class === 'integrity' ? 'E_CHECKSUM_MISMATCH' : 'E_BAD_CONTENT';
    return new RondoError(code, `${found.mirror}: ${outcome.detail}`);
  }

  async #keep(mirror: string): Promise<void> {
    try {
      await this.#plan.keep(this.#spool, mirror);
    } catch (error) {
      tellUnkept(this.#context.emit, `${this.#plan.key} is served but not kept`, error);
    }
  }

  #makeView(): FlightView {
    return {
      clock: this.#context.clock,
      startedMs: this.#startedMs,
      spool: this.#spool,
      phase: () => this.#phase,
      conflicts: this.#conflicts,
      releasedBytes: () => this.#releasedBytes(),
      announcedBytes: () => this.#announcedBytes,
      mirror: () => this.#mirror,
      timings: () => Object.entries(this.#spentMs).map(([name, ms]) => ({ name, ms })),
      changed: () => this.#changes.changed(),
      wake: () => this.#changes.notify(),
      leave: () => {
        this.#readers -= 1;
        return this.#discardWhenDone();
      },
    };
  }

  #releasedBytes(): number {
    const { sizeBytes } = this.#spool;
    if (this.#phase.kind === 'whole') return sizeBytes;
    return this.#plan.streams ? Math.max(0, sizeBytes - TAIL_BYTES) : 0;
  }

  #become(phase: Phase): void {
    this.#phase = phase;
    this.#changes.notify();
  }

  #tell(ok: boolean, error?: string): void {
    const { clock, emit } = this.#context;
    emit({
      type: 'flight',
      key: this.#plan.key,
      kind: this.#plan.file.kind,
      ok,
      resumed: ok ? this.#broken : 0,
      upstreamBytes: this.#upstreamBytes,
      durationMs: clock.now() - this.#startedMs,
      ...(this.#mirror === undefined ? {} : { mirror: this.#mirror }),
      ...(error === undefined ? {} : { error }),
    });
  }

  async #discardWhenDone(): Promise<void> {
    if (!this.#isOver || this.#readers > 0) return;
    await this.#spool.discard();
  }
}

function isLengthKnown({ contentLength, headers }: Found): boolean {
  return contentLength !== undefined || 'transfer-encoding' in headers;
}

function badContent(why: string): Outcome {
  return { class: 'http', cause: 'bad-content', detail: why };
}
