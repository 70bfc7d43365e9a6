import type { Outcome } from '../balance/outcome.ts';
import { RondoError } from '../errors/rondo-error.ts';
import type { VisitReport } from '../events/events.ts';
import type { Found } from '../mirrors/answer.ts';
import { describeTried } from '../mirrors/tried.ts';
import type { Spool } from '../store/spool.ts';
import { FlightFailures } from './flight-failures.ts';
import { judgeAloud } from './judge-aloud.ts';
import type { FlightContext, FlightPlan, Judgement } from './flight-plan.ts';
import { createPhaseTimes, type PhaseTimes } from './phase-times.ts';
import {
  asIfBroken,
  firstAfterAll,
  putBeside,
  slowReport,
  unlessWon,
  untilSlow,
  type Beside,
  type Landing,
} from './race.ts';
import type { Timings } from './reply.ts';
import { Resumption } from './resumption.ts';
import { MAX_BYTES } from './settings.ts';
import { Transfer, type TransferEnd } from './transfer.ts';
import { Transfers, type TransfersContext } from './transfers.ts';
import { say } from '../words/text.ts';

/** The most transfers of one file; in practice gates and budget end it long before. */
const MAX_TRANSFERS = 12;

/** What a fetch works on. */
export type FetchContext = FlightContext & {
  readonly plan: FlightPlan;
  readonly spool: Spool;
  readonly startedMs: number;
  readonly ears: TransfersContext['ears'];
  readonly givenBytes: TransfersContext['givenBytes'];
};

/**
 * The way of one file from the mirrors into a flight's spool: one transfer after the other, until one has brought a
 * file that is right. One that breaks is continued, by the same mirror or another; what is wrong is replaced. One that
 * is slow is continued by another mirror as if it had broken, once a file, but goes on beside that one: the first that
 * is whole and right wins (docs/design/adr/0026).
 */
export class FlightFetch {
  readonly #context: FetchContext;
  readonly #failures = new FlightFailures();
  readonly #resumption: Resumption;
  readonly #transfers: Transfers;
  readonly #times: PhaseTimes<'ask' | 'body' | 'verify'>;
  readonly #over = new AbortController();
  /** Who was slow, and who was asked beside it; there is one race at the most. */
  #race: { readonly from: string; to?: string } | undefined;
  #tried: readonly VisitReport[] = [];
  /** The mirror whose answer was of no use, until another one answers; a transfer that broke is resumed instead. */
  #failedFrom: string | undefined;
  #broken = 0;

  constructor(context: FetchContext) {
    this.#context = context;
    this.#resumption = new Resumption(context.resumes);
    this.#times = createPhaseTimes(['ask', 'body', 'verify'], context.clock);
    const onConflict = (offset: number): void => {
      this.#resumption.cutAt(offset);
      context.ears.onConflict(offset);
    };
    this.#transfers = new Transfers({ ...context, ears: { ...context.ears, onConflict } });
  }

  /** What was found by the mirror whose bytes came last. */
  get lead(): Found | undefined {
    return this.#transfers.lead;
  }

  /** Which mirrors were asked so far and what each answered, on one line. */
  get tried(): string | undefined {
    return describeTried(this.#tried);
  }

  /** Transfers that broke after their first byte. */
  get broken(): number {
    return this.#broken;
  }

  /** Bytes received, those of broken transfers among them. */
  get upstreamBytes(): number {
    return this.#transfers.receivedBytes;
  }

  /** What it has spent its time on so far. */
  timings(): Timings {
    return this.#times.timings();
  }

  /**
   * Resolves with the mirror that completed the right file, once that is whole in the spool.
   * @throws RondoError as ask.ts says; E_CHECKSUM_MISMATCH where nobody is left and somebody lied; what the judge
   * calls hopeless; E_STORE.
   */
  async run(): Promise<string> {
    let last: RondoError | undefined;
    try {
      for (let round = 0; round < MAX_TRANSFERS; round += 1) {
        const landing = await this.#next();
        if (landing.kind === 'right') return landing.mirror;
        if (landing.kind === 'failed') last = landing.error ?? last;
      }
      throw last ?? new RondoError('E_BUG', say('a flight ended without a transfer'));
    } finally {
      this.#end();
    }
  }

  /** One transfer more, until it has landed or is so slow that another one has to race it. */
  async #next(): Promise<Landing> {
    const { beside } = this.#transfers;
    let begun: Transfer | Landing | undefined;
    try {
      begun = await this.#times.timed('ask', () => unlessWon(this.#begin(beside), beside));
    } catch (error) {
      if (beside === undefined) throw error;
      return this.#takeBack(beside);
    }
    if (begun === undefined) return { kind: 'failed' };
    return begun instanceof Transfer ? this.#follow(begun, beside) : begun;
  }

  async #follow(transfer: Transfer, beside: Beside | undefined): Promise<Landing> {
    const { raceCheckMs, clock } = this.#context;
    const landing = this.#land(transfer);
    landing.catch(() => undefined);
    if (this.#race !== undefined) {
      const landed = await this.#times.timed('body', () => unlessWon(landing, beside));
      return landed.kind === 'gave-way' && beside !== undefined ? this.#takeBack(beside) : landed;
    }
    const pace = await this.#times.timed('body', () => untilSlow(transfer, raceCheckMs, clock));
    if (pace === 'ended') return landing;
    this.#race = { from: transfer.found.mirror };
    this.#transfers.beside = putBeside(transfer, landing);
    if (this.#isZip())
      this.#resumption.ended(transfer.found, asIfBroken(transfer), this.#context.spool.sizeBytes);
    this.#tried = [...this.#tried.slice(0, -1), slowReport(transfer.found, this.#elapsedMs())];
    return { kind: 'failed' };
  }

  /** There is nobody to race it, or none whose bytes may count. */
  async #takeBack({ landing }: Beside): Promise<Landing> {
    this.#transfers.beside = undefined;
    return this.#times.timed('body', () => landing);
  }

  /** Undefined where what was found begins where nothing is any more. */
  async #begin(beside: Beside | undefined): Promise<Transfer | undefined> {
    const found = await this.#ask(beside);
    if (this.#over.signal.aborted || found.startBytes > this.#context.spool.sizeBytes) {
      found.settle({ kind: 'abandoned', bytes: 0 });
      return undefined;
    }
    this.#tellFailover(found.mirror);
    if (this.#race !== undefined && beside !== undefined) this.#race.to = found.mirror;
    this.#tried =
      beside === undefined
        ? found.tried
        : [...this.#tried, ...found.tried.filter((report) => !this.#tried.includes(report))];
    return this.#transfers.begin(found, this.#resumption.joins(found));
  }

  async #ask(beside: Beside | undefined): Promise<Found> {
    const { mirrors, clock, deadlineMs, signal, via, plan } = this.#context;
    const resume = this.#resumption.point;
    const question = {
      file: plan.file,
      method: 'GET',
      maxBodyBytes: MAX_BYTES[plan.file.kind],
      avoid: this.#failures.reports,
      revisits: this.#failures.repeats,
      deadlineAtMs: clock.now() + deadlineMs,
      // A slow body goes on meanwhile.
      patient: plan.patient && beside === undefined,
      ...(beside === undefined ? {} : { except: new Set([beside.transfer.found.mirror]) }),
      ...(resume === undefined ? {} : { resume }),
      ...(via === undefined ? {} : { via }),
    } as const;
    try {
      const until = beside === undefined ? signal : AbortSignal.any([signal, this.#over.signal]);
      return await mirrors.ask(question, until);
    } catch (error) {
      throw this.#failures.judged(error);
    }
  }

  #tellFailover(to: string): void {
    const from = this.#failedFrom;
    this.#failedFrom = undefined;
    if (from === undefined || from === to) return;
    this.#context.emit({ type: 'failover', from, to, kind: this.#context.plan.file.kind });
  }

  async #land(transfer: Transfer): Promise<Landing> {
    const end = await transfer.end;
    return this.#transfers.inTurn(async () => {
      // Another one was right, or took its place.
      if (!this.#transfers.isUnderWay(transfer)) return GAVE_WAY;
      if (end.kind === 'contradicts' || (end.kind === 'whole' && !(await transfer.finish()))) {
        this.#transfers.giveWay(transfer);
        return GAVE_WAY;
      }
      // Where another one goes on from here, what is to be continued is for that one to say.
      const isBehind = transfer === this.#transfers.beside?.transfer && this.#transfers.count > 1;
      if (this.#isZip() && !(end.kind === 'broken' && isBehind))
        this.#resumption.ended(transfer.found, end, this.#context.spool.sizeBytes);
      if (end.kind === 'broken') return { kind: 'failed', error: this.#brokeOff(transfer, end) };
      return await this.#judge(transfer);
    });
  }

  /** The others are too small to be continued, and have no hash that would prove a join. */
  #isZip(): boolean {
    return this.#context.plan.file.kind === 'zip';
  }

  async #judge(transfer: Transfer): Promise<Landing> {
    const { found, joined, bytes } = transfer;
    const facts = { lengthKnown: isLengthKnown(found), joined };
    const judgement = await this.#times.timed('verify', () => judgeAloud(this.#context, found.mirror, facts));
    if (judgement.kind !== 'right') return this.#refuse(transfer, judgement);
    this.#transfers.settle(transfer, { kind: 'complete', bytes });
    this.#end(found);
    return { kind: 'right', mirror: found.mirror };
  }

  #brokeOff(transfer: Transfer, { outcome, bytes }: TransferEnd & { kind: 'broken' }): RondoError {
    const { found } = transfer;
    if (bytes > 0) this.#broken += 1;
    this.#failedFrom = bytes > 0 ? undefined : found.mirror;
    const { point } = this.#resumption;
    const goesOn = point !== undefined && point.first !== 'no' && point.mirror === found.mirror;
    return this.#failed(transfer, outcome, goesOn);
  }

  /** What the mirror brought is not kept; the error is its doing, where it is to blame. */
  #refuse(transfer: Transfer, judgement: Exclude<Judgement, { kind: 'right' }>): Landing {
    const { found, bytes, joined } = transfer;
    switch (judgement.kind) {
      case 'unusable':
        if (joined) {
          // Two mirrors may both be right and have different bytes: from the beginning, of one alone.
          this.#resumption.unjoin();
          this.#transfers.settle(transfer, { kind: 'abandoned', bytes });
          return { kind: 'failed' };
        }
        // A body that only the end of the connection ended may have been cut there: then it is resumed.
        if (!isLengthKnown(found)) this.#broken += 1;
        this.#failedFrom = isLengthKnown(found) ? found.mirror : undefined;
        return { kind: 'failed', error: this.#failed(transfer, badContent(judgement.why)) };
      case 'wrong': {
        this.#failedFrom = found.mirror;
        this.#transfers.settle(transfer, { kind: 'wrong', why: judgement.why, bytes });
        const outcome: Outcome = { class: 'integrity', cause: 'wrong-content', detail: judgement.why };
        return { kind: 'failed', error: this.#failures.add(found.mirror, outcome, this.#elapsedMs()) };
      }
      case 'hopeless':
        this.#transfers.settle(transfer, { kind: 'complete', bytes });
        throw judgement.error;
    }
  }

  #failed(transfer: Transfer, outcome: Outcome, goesOn = false): RondoError {
    const { found, bytes } = transfer;
    this.#transfers.settle(transfer, { kind: 'broken', outcome, bytes, goesOn });
    return this.#failures.add(found.mirror, outcome, this.#elapsedMs());
  }

  /** Nothing more is asked or brought, because `winner` was right or nobody is left; only the first call counts. */
  #end(winner?: Found): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort(new Error('the file is there, or is not to be had'));
    this.#transfers.end(winner);
    const { from, to } = this.#race ?? {};
    if (from === undefined || to === undefined) return;
    const won = winner !== undefined && winner.mirror !== from;
    if (winner?.mirror === from) this.#tried = [...this.#tried, firstAfterAll(from, this.#elapsedMs())];
    this.#context.emit({ type: 'race', from, to, kind: this.#context.plan.file.kind, won });
  }

  #elapsedMs(): number {
    return this.#context.clock.now() - this.#context.startedMs;
  }
}

const GAVE_WAY: Landing = { kind: 'gave-way' };

function isLengthKnown({ contentLength, headers }: Found): boolean {
  return contentLength !== undefined || 'transfer-encoding' in headers;
}

function badContent(why: string): Outcome {
  return { class: 'http', cause: 'bad-content', detail: why };
}
