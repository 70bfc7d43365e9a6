import { say } from '../words/text.ts';
import { messageOf } from '../errors/rondo-error.ts';
import type { RemoteFile } from '../gomod/module-file.ts';
import { Notifier } from '../kit/notifier.ts';
import { childTrace, inTrace } from '../kit/trace-context.ts';
import type { Spool } from '../store/spool.ts';
import { FlightFetch } from './flight-fetch.ts';
import type { FlightContext, FlightPlan } from './flight-plan.ts';
import { FlightReader, type FlightView, type Phase } from './flight-reader.ts';
import { TAIL_BYTES } from './settings.ts';
import { tellUnkept } from './tell-unkept.ts';

/** How far a flight is. */
export type FlightProgress = {
  readonly key: string;
  readonly file: RemoteFile;
  /** Who gives it; undefined until somebody does. */
  readonly mirror: string | undefined;
  readonly receivedBytes: number;
  readonly totalBytes: number | undefined;
  /** Monotonic milliseconds. */
  readonly startedMs: number;
  /** How many clients read it. */
  readonly readers: number;
};

/**
 * One upstream fetch of one file, however many clients ask for it. Bytes go to a spool; a transfer that
 * breaks or turns out wrong continues with another mirror inside the flight (integrity.md, "What the client
 * gets, and when"; flight-fetch.ts). The flight goes on when the client that began it has left.
 */
export class Flight {
  /** Settles, never rejects, when the file is kept and nothing is left to do. */
  readonly over: Promise<void>;
  readonly #plan: FlightPlan;
  readonly #context: FlightContext;
  readonly #spool: Spool;
  readonly #fetch: FlightFetch;
  readonly #changes = new Notifier();
  readonly #startedMs: number;
  /** Of the client that began it. */
  readonly #trace = childTrace();
  readonly #view: FlightView;
  #phase: Phase = { kind: 'flying' };
  /** Offsets from which on the spool became another file: clients who were given more than that are cut. */
  readonly #conflicts: number[] = [];
  #readers = 0;
  /** How far into the file the foremost client is. */
  #givenBytes = 0;
  #isOver = false;

  constructor(plan: FlightPlan, context: FlightContext) {
    this.#plan = plan;
    this.#context = context;
    this.#spool = context.newSpool();
    this.#startedMs = context.clock.now();
    this.#fetch = new FlightFetch({
      ...context,
      plan,
      spool: this.#spool,
      startedMs: this.#startedMs,
      ears: {
        onGrowth: () => this.#changes.notify(),
        onConflict: (offset) => void this.#conflicts.push(offset),
      },
      givenBytes: () => this.#givenBytes,
    });
    this.#view = this.#makeView();
    this.over = inTrace(this.#trace, () => this.#run());
  }

  /** Whether it has ended, kept what it brought, and takes no more readers. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** How far it is, for people. */
  progress(): FlightProgress {
    const { key, file } = this.#plan;
    const { lead } = this.#fetch;
    return {
      key,
      file,
      mirror: lead?.mirror,
      receivedBytes: this.#spool.sizeBytes,
      totalBytes: lead?.contentLength,
      startedMs: this.#startedMs,
      readers: this.#readers,
    };
  }

  /** A reader of its own for one client; counted from now on. */
  open(): FlightReader {
    this.#readers += 1;
    return new FlightReader(this.#view);
  }

  async #run(): Promise<void> {
    try {
      const mirror = await this.#fetch.run();
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

  async #keep(mirror: string): Promise<void> {
    try {
      await this.#plan.keep(this.#spool, mirror);
    } catch (error) {
      tellUnkept(this.#context.emit, say('{key} is served but not kept', { key: this.#plan.key }), error);
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
      given: (position) => {
        this.#givenBytes = Math.max(this.#givenBytes, position);
      },
      announcedBytes: () => this.#fetch.lead?.contentLength,
      mirror: () => this.#fetch.lead?.mirror,
      tried: () => this.#fetch.tried,
      timings: () => this.#fetch.timings(),
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
    const { broken, upstreamBytes, lead } = this.#fetch;
    emit({
      type: 'flight',
      key: this.#plan.key,
      kind: this.#plan.file.kind,
      ok,
      resumed: ok ? broken : 0,
      upstreamBytes,
      durationMs: clock.now() - this.#startedMs,
      phases: this.#fetch.timings(),
      ...(lead === undefined ? {} : { mirror: lead.mirror }),
      ...(error === undefined ? {} : { error }),
      ...(this.#trace === undefined ? {} : { trace: this.#trace }),
    });
  }

  async #discardWhenDone(): Promise<void> {
    if (!this.#isOver || this.#readers > 0) return;
    await this.#spool.discard();
  }
}
