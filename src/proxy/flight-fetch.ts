import type { Outcome } from '../balance/outcome.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VisitReport } from '../events/events.ts';
import type { Found } from '../mirrors/answer.ts';
import type { Spool } from '../store/spool.ts';
import type { FlightContext, FlightPlan, Judgement } from './flight-plan.ts';
import type { Timings } from './reply.ts';
import { Resumption } from './resumption.ts';
import { MAX_BYTES } from './settings.ts';
import { transfer, type TransferEars, type TransferEnd } from './transfer.ts';

/** The most transfers of one file; in practice gates and budget end it long before. */
const MAX_TRANSFERS = 12;

/** What a fetch works on. */
export type FetchContext = FlightContext & {
  readonly plan: FlightPlan;
  readonly spool: Spool;
  readonly startedMs: number;
  readonly ears: TransferEars;
};

/**
 * The way of one file from the mirrors into a flight's spool: one transfer after the other, until one has brought a
 * file that is right. One that breaks is continued, by the same mirror or another; what is wrong is replaced.
 */
export class FlightFetch {
  readonly #context: FetchContext;
  readonly #failures = new Map<string, VisitReport>();
  readonly #resumption: Resumption;
  readonly #ears: TransferEars;
  /** Milliseconds spent so far on asking, on bodies, on judging. */
  readonly #spentMs = { ask: 0, body: 0, verify: 0 };
  #announcedBytes: number | undefined;
  #mirror: string | undefined;
  /** The mirror whose answer was of no use, until another one answers; a transfer that broke is resumed instead. */
  #failedFrom: string | undefined;
  #broken = 0;
  #upstreamBytes = 0;

  constructor(context: FetchContext) {
    this.#context = context;
    this.#resumption = new Resumption(context.resumes);
    const { ears } = context;
    const onGrowth = (bytes: number): void => {
      this.#upstreamBytes += bytes;
      ears.onGrowth(bytes);
    };
    this.#ears = { ...ears, onGrowth };
  }

  /** The length that the current mirror announced for the whole file. */
  get announcedBytes(): number | undefined {
    return this.#announcedBytes;
  }

  /** The mirror whose bytes came last. */
  get mirror(): string | undefined {
    return this.#mirror;
  }

  /** Transfers that broke after their first byte. */
  get broken(): number {
    return this.#broken;
  }

  /** Bytes received, those of broken transfers among them. */
  get upstreamBytes(): number {
    return this.#upstreamBytes;
  }

  /** What it has spent its time on so far. */
  timings(): Timings {
    return Object.entries(this.#spentMs).map(([name, ms]) => ({ name, ms }));
  }

  /**
   * Resolves with the mirror that completed the right file, once that is whole in the spool.
   * @throws RondoError as ask.ts says; E_CHECKSUM_MISMATCH where nobody is left and somebody lied; what the judge
   * calls hopeless; E_STORE.
   */
  async run(): Promise<string> {
    let last: RondoError | undefined;
    for (let round = 0; round < MAX_TRANSFERS; round += 1) {
      const found = await this.#timed('ask', () => this.#ask());
      this.#tellFailover(found.mirror);
      this.#mirror = found.mirror;
      this.#announcedBytes = found.contentLength;
      const end = await this.#timed('body', () => this.#receive(found));
      if (end.kind === 'broken') {
        last = this.#brokeOff(found, end);
        continue;
      }
      const judgement = await this.#timed('verify', () => this.#judge(found, end.bytes));
      if (judgement.kind === 'right') {
        found.settle({ kind: 'complete', bytes: end.bytes });
        return found.mirror;
      }
      last = this.#refuse(found, judgement, end.bytes) ?? last;
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
        { details: error.details, cause: error },
      );
    }
  }

  #tellFailover(to: string): void {
    const from = this.#failedFrom;
    this.#failedFrom = undefined;
    if (from === undefined || from === to) return;
    this.#context.emit({ type: 'failover', from, to, kind: this.#context.plan.file.kind });
  }

  #askMirrors(): Promise<Found> {
    const { mirrors, clock, deadlineMs, signal, via, plan } = this.#context;
    const resume = this.#resumption.point;
    return mirrors.ask(
      {
        file: plan.file,
        method: 'GET',
        maxBodyBytes: MAX_BYTES[plan.file.kind],
        avoid: this.#failures,
        deadlineAtMs: clock.now() + deadlineMs,
        ...(resume === undefined ? {} : { resume }),
        ...(via === undefined ? {} : { via }),
      },
      signal,
    );
  }

  async #receive(found: Found): Promise<TransferEnd> {
    const { signal, spool, plan } = this.#context;
    const drop = (): void => found.cancel();
    signal.addEventListener('abort', drop, { once: true });
    try {
      const end = await transfer(found, spool, this.#ears);
      // The others are too small to be worth it, and have no hash that would prove a join.
      if (plan.file.kind === 'zip') this.#resumption.ended(found, end);
      return end;
    } catch (error) {
      // This machine failed, not the mirror.
      found.settle({ kind: 'abandoned', bytes: this.#upstreamBytes });
      throw error;
    } finally {
      signal.removeEventListener('abort', drop);
    }
  }

  async #judge(found: Found, bytes: number): Promise<Judgement> {
    const { plan, spool } = this.#context;
    const facts = { lengthKnown: isLengthKnown(found), joined: this.#resumption.joined };
    try {
      return await plan.judge(spool, found.mirror, facts);
    } catch (error) {
      found.settle({ kind: 'abandoned', bytes });
      throw error;
    }
  }

  #brokeOff(found: Found, { outcome, bytes }: TransferEnd & { kind: 'broken' }): RondoError {
    if (bytes > 0) this.#broken += 1;
    this.#failedFrom = bytes > 0 ? undefined : found.mirror;
    const { point } = this.#resumption;
    const goesOn = point !== undefined && point.first !== 'no' && point.mirror === found.mirror;
    return this.#failed(found, outcome, bytes, goesOn);
  }

  /** What the mirror brought is not kept; the error is its doing, where it is to blame. */
  #refuse(
    found: Found,
    judgement: Exclude<Judgement, { kind: 'right' }>,
    bytes: number,
  ): RondoError | undefined {
    switch (judgement.kind) {
      case 'unusable':
        if (this.#resumption.joined) {
          // Two mirrors may both be right and have different bytes: from the beginning, of one alone.
          this.#resumption.unjoin();
          found.settle({ kind: 'abandoned', bytes });
          return undefined;
        }
        // A body that only the end of the connection ended may have been cut there: then it is resumed.
        if (!isLengthKnown(found)) this.#broken += 1;
        this.#failedFrom = isLengthKnown(found) ? found.mirror : undefined;
        return this.#failed(found, badContent(judgement.why), bytes);
      case 'wrong':
        this.#failedFrom = found.mirror;
        found.settle({ kind: 'wrong', why: judgement.why, bytes });
        return this.#remember(found, { class: 'integrity', cause: 'wrong-content', detail: judgement.why });
      case 'hopeless':
        found.settle({ kind: 'complete', bytes });
        throw judgement.error;
    }
  }

  #failed(found: Found, outcome: Outcome, bytes: number, goesOn = false): RondoError {
    found.settle({ kind: 'broken', outcome, bytes, goesOn });
    return this.#remember(found, outcome);
  }

  #remember(found: Found, outcome: Outcome): RondoError {
    const { clock, startedMs } = this.#context;
    this.#failures.set(found.mirror, {
      mirror: found.mirror,
      outcome,
      durationMs: clock.now() - startedMs,
    });
    const code = outcome.class === 'integrity' ? 'E_CHECKSUM_MISMATCH' : 'E_BAD_CONTENT';
    return new RondoError(code, `${found.mirror}: ${outcome.detail}`);
  }
}

function isLengthKnown({ contentLength, headers }: Found): boolean {
  return contentLength !== undefined || 'transfer-encoding' in headers;
}

function badContent(why: string): Outcome {
  return { class: 'http', cause: 'bad-content', detail: why };
}
