import type { VisitState } from '../balance/course.ts';
import { DOUBTFUL, TIME_OUTS, UNREACHED, type Outcome } from '../balance/outcome.ts';
import { isSlowBody } from '../balance/slow-body.ts';
import type { Emit, VisitReport } from '../events/events.ts';
import { remotePath } from '../gomod/remote-path.ts';
import { childTrace } from '../kit/trace-context.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { LagWatch } from '../kit/lag-watch.ts';
import type { AttemptAnswer, FoundAnswer, OtherAnswer, RestRequest } from '../upstream/attempt.ts';
import type { Found, Question, Settlement } from './answer.ts';
import { meterBody } from './body-meter.ts';
import type { Doubts } from './doubts.ts';
import { learnBody, learnCongestion } from './learn.ts';
import type { HeldSlot, Load, RunningAttempt } from './load.ts';
import type { Mirror } from './mirror.ts';
import type { Pool } from './pool.ts';
import { restFrom } from './resume-point.ts';
import type { Roster } from './roster.ts';
import type { MirrorsSettings } from './settings.ts';
import { ANSWERED, ownFault, settledOutcome, SUPERSEDED, TOO_LATE, visitStateOf } from './visit-outcomes.ts';
import { onwardHeaders, visitDetails } from './visit-trace.ts';
import { classOf } from './weights.ts';

/** What a visit tells the request it belongs to. */
export type VisitNews = { readonly visit: Visit } & (
  | { readonly kind: 'found'; readonly answer: FoundAnswer }
  | { readonly kind: 'other' }
  | { readonly kind: 'slow' }
);

/** What a visit needs from its surroundings. */
export type VisitContext = {
  /** Whom its request may ask. */
  readonly pool: Pool;
  readonly roster: Roster;
  readonly load: Load;
  readonly settings: MirrorsSettings;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly lag: LagWatch;
  /** Of the request that it belongs to. */
  readonly doubts: Doubts;
  /** Visits that nobody waits for any more, and whose answers are still to come. */
  readonly lost: Set<Visit>;
  readonly post: (news: VisitNews) => void;
};

/** How a visit comes about. */
export type VisitKind = {
  /** The mirror was asked before within the same request. */
  readonly revisit: boolean;
  /** A trial although its gate is open, because nobody else is left to be asked. */
  readonly rescue: boolean;
  /** Others have said no by now: it has its soft limit to contradict them, and no more. */
  readonly besideNo: boolean;
  /** The slot that was held for it, if it had to wait in line. */
  readonly slot: HeldSlot | undefined;
};

/** One mirror asked within one request: runs the attempt, keeps the soft limit, and charges the mirror once at the most. */
export class Visit {
  readonly mirror: Mirror;
  readonly revisit: boolean;
  readonly besideNo: boolean;
  readonly startedMs: number;
  /** `taken`: its 200 is somebody's, who settles it. */
  state: VisitState | 'taken' = 'waiting';
  report: VisitReport | undefined;
  readonly #question: Question;
  readonly #context: VisitContext;
  readonly #abort = new AbortController();
  readonly #rest: RestRequest | undefined;
  readonly #softTimer: Timer;
  readonly #running: RunningAttempt;
  readonly #endWatch: () => void;
  readonly #trace = childTrace();
  #timing: AttemptAnswer['timing'] | undefined;
  #answer: FoundAnswer | undefined;
  /** Whether how it ends decides the trial of its mirror: past the soft limit it has. */
  #trial: boolean;
  #late = false;
  #lost = false;
  #over = false;

  constructor(mirror: Mirror, question: Question, kind: VisitKind, context: VisitContext) {
    this.mirror = mirror;
    this.revisit = kind.revisit;
    this.besideNo = kind.besideNo;
    this.#question = question;
    this.#context = context;
    this.startedMs = context.clock.now();
    this.#rest = restFrom(mirror.name, question.resume);
    this.#endWatch = context.lag.begin();
    this.#running = context.load.begin(mirror, classOf(question.file.kind), kind.slot);
    this.#trial = context.roster.begin(mirror, kind.rescue, this.startedMs);
    this.#softTimer = context.clock.after(context.settings.softHeaderMs, () => this.#slow());
    void this.#run();
  }

  /** Ends a visit that nobody needs any more; the mirror is not charged, or not again. */
  cancel(): void {
    if (this.#over) return;
    this.#abort.abort(new Error('not needed any more'));
    // A 200 that nobody has taken: the signal has no effect on it any more.
    this.#answer?.cancel();
    this.#end(SUPERSEDED, 0);
  }

  /**
   * Another mirror was faster. The answer is still waited for, up to the soft limit, and thrown away: its connection
   * can be used again then, and how slow the mirror really is becomes known. Being slower than another is no failure;
   * to fail is one, here as anywhere.
   */
  lose(): void {
    if (this.#over) return;
    if (this.#answer !== undefined || this.#late) return this.cancel();
    this.#lost = true;
    this.#context.lost.add(this);
  }

  /** Turns what was found into what the consumer gets. */
  found(answer: FoundAnswer, tried: readonly VisitReport[], bestBytesPerS: () => number): Found {
    this.state = 'taken';
    const waitedMs = this.#elapsedMs();
    const { settings, clock } = this.#context;
    const { contentLength, startBytes = 0 } = answer;
    const bodyBytes = contentLength === undefined ? undefined : contentLength - startBytes;
    const answered = { fileClass: classOf(this.#question.file.kind), answeredAtMs: clock.now() };
    const metered = meterBody(answer.body, {
      clock,
      bodyBytes,
      lateMs: settings.race.afterMs,
      onPart: (part) => learnBody(this.mirror, answered, part, { nowMs: clock.now(), settings }),
      onEnd: (whole) => this.#bodyOver(whole),
    });
    const report = { mirror: this.mirror.name, outcome: ANSWERED, durationMs: waitedMs };
    return {
      mirror: this.mirror.name,
      headers: answer.headers,
      body: metered.body,
      waitedMs,
      startBytes,
      vouched: this.#rest?.validator !== undefined,
      tried: [...tried, report],
      ...(contentLength === undefined ? {} : { contentLength }),
      ...(answer.validator === undefined ? {} : { validator: answer.validator }),
      progress: () => metered.progress(),
      isSlow: () => isSlowBody(metered.progress(), bestBytesPerS(), settings.race),
      cancel: () => answer.cancel(),
      settle: (result) => this.#settle(answer, waitedMs, result, metered.progress().idleMs),
    };
  }

  async #run(): Promise<void> {
    try {
      const part = await this.#attempt(this.#rest);
      // It has another file than the one that broke: then all of that.
      const answer = part.kind === 'other' && part.otherFile === true ? await this.#attempt(undefined) : part;
      if (this.#over) return answer.kind === 'found' ? answer.cancel() : undefined;
      this.#timing = answer.timing;
      this.#softTimer.cancel();
      if (answer.kind === 'other') return this.#other(answer);
      this.#running.over(ANSWERED);
      if (this.#lost) {
        answer.cancel();
        return this.#end(TOO_LATE, 0, this.#elapsedMs());
      }
      this.#answer = answer;
      this.#context.post({ visit: this, kind: 'found', answer });
    } catch (error) {
      // Only an abort rejects, and then the visit is over already; anything else is a bug of this machine's side.
      if (!this.#over) this.#other({ kind: 'other', outcome: ownFault(error), timing: { reused: false } });
    }
  }

  #attempt(rest: RestRequest | undefined): Promise<AttemptAnswer> {
    const { method, file, maxBodyBytes } = this.#question;
    return this.mirror.upstream.attempt(
      {
        method,
        path: remotePath(file),
        headerLimitMs: this.#context.settings.headerMs,
        maxBodyBytes,
        ...onwardHeaders(this.#question, this.mirror, this.#trace, this.#context.settings),
        ...(rest === undefined ? {} : { rest }),
      },
      this.#abort.signal,
    );
  }

  #other(answer: OtherAnswer): void {
    const { outcome } = answer;
    this.#running.over(outcome);
    this.state = visitStateOf(outcome);
    this.report = {
      mirror: this.mirror.name,
      outcome,
      durationMs: this.#elapsedMs(),
      ...(answer.words === undefined ? {} : { words: answer.words }),
    };
    // Before the turn of a gate that it may bring: the request is to know by then what was said.
    if (!this.#lost) this.#context.post({ visit: this, kind: 'other' });
    this.#end(outcome, 0, answer.timing.firstByteMs);
    // A Rondo without mirrors, or who pretends to be one, is no reason for ever not to believe another's 404.
    const isLasting = this.mirror.state.unable >= this.#context.settings.balance.failuresToOpen;
    if (this.state === 'unable' && isLasting) this.state = 'declined';
  }

  #slow(): void {
    if (this.#over) return;
    const seconds = this.#context.settings.softHeaderMs / 1000;
    const outcome: Outcome = { class: 'http', cause: 'slow-header', detail: `no answer within ${seconds} s` };
    this.#running.late();
    if (this.#lost) {
      this.#abort.abort(new Error('not needed any more'));
      return this.#end(outcome, 0);
    }
    this.#late = true;
    this.state = 'slow';
    this.report = { mirror: this.mirror.name, outcome, durationMs: this.#elapsedMs() };
    this.#charge(outcome);
    this.#context.post({ visit: this, kind: 'slow' });
  }

  /** Others may have its connection, and its turn, before it is judged: that may take a look-up at the same mirror. */
  #bodyOver(whole: boolean): void {
    this.#running.gone();
    if (whole && this.#trial) this.#observe(SUPERSEDED, 'trial');
  }

  #settle(answer: FoundAnswer, firstByteMs: number, result: Settlement, idleMs: number): void {
    answer.cancel();
    const goesOn = result.kind === 'broken' && result.goesOn === true;
    const outcome = settledOutcome(result, idleMs, this.#context.settings.race.afterMs);
    this.#end(outcome, result.bytes, firstByteMs, goesOn);
  }

  /** Charges the mirror: for what may be the question's doing only once that is known to have an answer. */
  #charge(outcome: Outcome, goesOn = false): void {
    const { roster, doubts, lag, clock, settings } = this.#context;
    const { mirror } = this;
    const as = this.#trial ? 'trial' : 'traffic';
    this.#trial = false;
    const charge = (): void => {
      if (outcome.cause === 'slow-header') learnCongestion(mirror, { nowMs: clock.now(), settings });
      this.#observe(outcome, as, goesOn);
    };
    // What a late process brings about the roster knows.
    if (!DOUBTFUL.has(outcome.cause) || (lag.lagging() && TIME_OUTS.has(outcome.cause))) return charge();
    // Its last probe had an answer to be given, and failed: then it is the mirror.
    if (doubts.raise(mirror, charge, mirror.state.probeFailures > 0)) return;
    // Unless others have had their answers meanwhile, it may answer nobody.
    if ((mirror.state.trafficOkMs ?? -Infinity) <= this.startedMs) roster.doubt(mirror);
    // It decides nothing for now, and others need not wait for it.
    if (as === 'trial') this.#observe(SUPERSEDED, 'trial');
  }

  /** The one place where a visit is told. */
  #end(end: Outcome, bytes: number, firstByteMs?: number, goesOn = false): void {
    if (this.#over) return;
    this.#over = true;
    // Its silence is how it ended, although it was waited for after that.
    const slow = this.#late && end.cause === SUPERSEDED.cause ? this.report?.outcome : undefined;
    const outcome = slow ?? end;
    this.#softTimer.cancel();
    this.#context.lost.delete(this);
    this.#running.gone();
    // Past its soft limit the failure is counted already, or in doubt; a late success still counts as one.
    if (!(this.#late && outcome.class === 'http')) this.#charge(outcome, goesOn);
    else if (UNREACHED.has(outcome.cause) || this.state === 'taken') {
      // No question keeps a connection from being made, or breaks a body.
      const charge = (): void => this.#observe(outcome, 'traffic', goesOn);
      this.#context.doubts.raise(this.mirror, charge, true);
    }
    this.#endWatch();
    this.#context.emit({
      type: 'visit',
      mirror: this.mirror.name,
      kind: this.#question.file.kind,
      probe: false,
      revisit: this.revisit,
      outcome,
      durationMs: this.#elapsedMs(),
      bytes,
      ...(firstByteMs === undefined ? {} : { firstByteMs }),
      ...visitDetails(this.#question, this.mirror, this.#trace, this.#timing),
    });
  }

  #observe(outcome: Outcome, as: 'trial' | 'traffic', goesOn = false): void {
    const { pool, roster } = this.#context;
    roster.observe(this.mirror, outcome, as, { pool: pool.mirrors, begunMs: this.startedMs, goesOn });
  }

  #elapsedMs(): number {
    return this.#context.clock.now() - this.startedMs;
  }
}
