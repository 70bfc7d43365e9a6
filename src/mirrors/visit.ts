import type { VisitState } from '../balance/course.ts';
import type { Outcome } from '../balance/outcome.ts';
import type { Emit, VisitReport } from '../events/events.ts';
import { remotePath } from '../gomod/remote-path.ts';
import type { Clock, Timer } from '../kit/clock.ts';
import type { AttemptAnswer, FoundAnswer, OtherAnswer, RestRequest } from '../upstream/attempt.ts';
import type { Found, Question, Settlement } from './answer.ts';
import { restFrom } from './resume-point.ts';
import type { Mirror, Roster } from './roster.ts';
import type { MirrorsSettings } from './settings.ts';

/** What a visit tells the request it belongs to. */
export type VisitNews = { readonly visit: Visit } & (
  | { readonly kind: 'found'; readonly answer: FoundAnswer }
  | { readonly kind: 'other' }
  | { readonly kind: 'slow' }
);

/** What a visit needs from its surroundings. */
export type VisitContext = {
  readonly roster: Roster;
  readonly settings: MirrorsSettings;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly post: (news: VisitNews) => void;
};

/**
 * One mirror asked within one request: runs the attempt, keeps the soft limit, and charges the mirror
 * exactly once for however it ends.
 */
export class Visit {
  readonly mirror: Mirror;
  readonly revisit: boolean;
  /** `taken`: its 200 is somebody's, who settles it. */
  state: VisitState | 'taken' = 'waiting';
  report: VisitReport | undefined;
  readonly #question: Question;
  readonly #context: VisitContext;
  readonly #abort = new AbortController();
  readonly #startedMs: number;
  readonly #rest: RestRequest | undefined;
  readonly #softTimer: Timer;
  readonly #trial: boolean;
  #answer: FoundAnswer | undefined;
  #charged = false;
  #over = false;

  constructor(mirror: Mirror, question: Question, revisit: boolean, rescue: boolean, context: VisitContext) {
    this.mirror = mirror;
    this.revisit = revisit;
    this.#question = question;
    this.#context = context;
    this.#startedMs = context.clock.now();
    this.#rest = restFrom(mirror.name, question.resume);
    mirror.inFlight += 1;
    this.#trial = context.roster.begin(mirror, rescue);
    this.#softTimer = context.clock.after(context.settings.softHeaderMs, () => this.#slow());
    void this.#run();
  }

  /** Ends a visit that nobody needs any more; the mirror is not charged. */
  cancel(): void {
    if (this.#over) return;
    this.#abort.abort(new Error('not needed any more'));
    // A 200 that nobody has taken: the signal has no effect on it any more.
    this.#answer?.cancel();
    this.#end(CLIENT_GONE, 0);
  }

  /** Turns what was found into what the consumer gets. */
  found(answer: FoundAnswer): Found {
    this.state = 'taken';
    const waitedMs = this.#elapsedMs();
    return {
      mirror: this.mirror.name,
      headers: answer.headers,
      body: answer.body,
      waitedMs,
      startBytes: answer.startBytes ?? 0,
      vouched: this.#rest?.validator !== undefined,
      ...(answer.contentLength === undefined ? {} : { contentLength: answer.contentLength }),
      ...(answer.validator === undefined ? {} : { validator: answer.validator }),
      cancel: () => answer.cancel(),
      settle: (result) => this.#settle(answer, waitedMs, result),
    };
  }

  async #run(): Promise<void> {
    try {
      const part = await this.#attempt(this.#rest);
      // It has another file than the one that broke: then all of that.
      const answer = part.kind === 'other' && part.otherFile === true ? await this.#attempt(undefined) : part;
      if (this.#over) {
        if (answer.kind === 'found') answer.cancel();
        return;
      }
      this.#softTimer.cancel();
      if (answer.kind === 'other') return this.#other(answer);
      this.#answer = answer;
      this.#context.post({ visit: this, kind: 'found', answer });
    } catch (error) {
      // Only an abort rejects, and then the visit is over already; anything else is a bug of this machine's side.
      if (!this.#over) this.#other({ kind: 'other', outcome: ownFault(error), timing: { reused: false } });
    }
  }

  #attempt(rest: RestRequest | undefined): Promise<AttemptAnswer> {
    const { method, file, maxBodyBytes, via } = this.#question;
    return this.mirror.upstream.attempt(
      {
        method,
        path: remotePath(file),
        headerLimitMs: this.#context.settings.headerMs,
        maxBodyBytes,
        ...(via === undefined ? {} : { headers: { via } }),
        ...(rest === undefined ? {} : { rest }),
      },
      this.#abort.signal,
    );
  }

  #other(answer: OtherAnswer): void {
    const { outcome } = answer;
    this.state = visitStateOf(outcome);
    this.report = {
      mirror: this.mirror.name,
      outcome,
      durationMs: this.#elapsedMs(),
      ...(answer.words === undefined ? {} : { words: answer.words }),
    };
    this.#end(outcome, 0, answer.timing.firstByteMs);
    this.#context.post({ visit: this, kind: 'other' });
  }

  #slow(): void {
    if (this.#over) return;
    const seconds = this.#context.settings.softHeaderMs / 1000;
    const outcome: Outcome = { class: 'http', cause: 'slow-header', detail: `no answer within ${seconds} s` };
    this.#charged = true;
    this.state = 'slow';
    this.report = { mirror: this.mirror.name, outcome, durationMs: this.#elapsedMs() };
    this.#context.roster.observe(this.mirror, outcome, this.#trial ? 'trial' : 'traffic', false);
    this.#context.post({ visit: this, kind: 'slow' });
  }

  #settle(answer: FoundAnswer, firstByteMs: number, result: Settlement): void {
    answer.cancel();
    const goesOn = result.kind === 'broken' && result.goesOn === true;
    this.#end(settledOutcome(result), result.bytes, firstByteMs, goesOn);
  }

  /** The one place where a visit is charged and told. */
  #end(outcome: Outcome, bytes: number, firstByteMs?: number, goesOn = false): void {
    if (this.#over) return;
    this.#over = true;
    this.#softTimer.cancel();
    this.mirror.inFlight -= 1;
    this.#context.roster.timed(this.mirror, outcome, firstByteMs);
    // Past its soft limit the failure is counted already; a late success still counts as one.
    if (!(this.#charged && outcome.class === 'http')) {
      this.#context.roster.observe(this.mirror, outcome, this.#trial ? 'trial' : 'traffic', goesOn);
    }
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
    });
  }

  #elapsedMs(): number {
    return this.#context.clock.now() - this.#startedMs;
  }
}

const CLIENT_GONE: Outcome = { class: 'neutral', cause: 'client-gone', detail: 'not needed any more' };

function visitStateOf(outcome: Outcome): VisitState {
  if (outcome.cause === 'not-found' || outcome.cause === 'refused') return outcome.cause;
  return outcome.class === 'neutral' ? 'declined' : 'failed';
}

function ownFault(error: unknown): Outcome {
  return {
    class: 'local',
    cause: 'network-down',
    detail: error instanceof Error ? error.message : String(error),
  };
}

function settledOutcome(result: Settlement): Outcome {
  switch (result.kind) {
    case 'complete':
      return { class: 'ok', cause: 'ok', status: 200, detail: '200' };
    case 'broken':
      return result.outcome;
    case 'wrong':
      return { class: 'integrity', cause: 'wrong-content', detail: result.why };
    case 'abandoned':
      return CLIENT_GONE;
  }
}
