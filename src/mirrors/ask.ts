import { nextStep, type Step, type Verdict, type VisitState } from '../balance/course.ts';
import { isMadeFirst } from '../balance/file-class.ts';
import type { HedgeTokens } from '../balance/hedge.ts';
import { revisitDelayMs, type RetryBudget } from '../balance/retry-budget.ts';
import type { VisitReport } from '../events/events.ts';
import { Inbox } from '../kit/inbox.ts';
import type { Random } from '../kit/random.ts';
import type { FoundAnswer } from '../upstream/attempt.ts';
import { createAlarms, type Alarms } from './alarms.ts';
import type { Found, Question } from './answer.ts';
import { createDoubts, type Doubts } from './doubts.ts';
import { createHeardNo } from './heard-no.ts';
import { createHedgeWatch, type HedgeWatch } from './hedge-watch.ts';
import { isFull, type Mirror } from './mirror.ts';
import { pickMirror, type PickContext } from './pick-mirror.ts';
import { pinFound, unpin } from './pin-found.ts';
import { nextGateMs, type Pool } from './pool.ts';
import { runnerOf } from './runner-of.ts';
import { createTrialWatch, type TrialWatch } from './trial-watch.ts';
import { createTurnInLine, type TurnInLine } from './turn-in-line.ts';
import { verdictError } from './verdict-error.ts';
import { Visit, type VisitContext, type VisitKind, type VisitNews } from './visit.ts';
import { isPlainlyMissing, isRunning, reportsOfSlow, reportsOfWaiting, stateAt } from './visit-list.ts';
import { bestBytesPerS, classOf, delayOfHedge } from './weights.ts';

/** What all requests share. */
export type AskContext = Omit<VisitContext, 'pool' | 'post' | 'doubts'> &
  PickContext & {
    readonly random: Random;
    readonly budget: RetryBudget;
    readonly hedges: HedgeTokens;
  };

type News = VisitNews | { readonly kind: 'tick' };

const TICK: News = { kind: 'tick' };
/** Visits after which a request goes on to another mirror. */
const FAILED: ReadonlySet<Visit['state']> = new Set(['failed', 'slow', 'unable']);
const FIRST_VISIT = { revisit: false, rescue: false, besideNo: false };

/**
 * Asks the mirrors of `pool` until one answers 200, and carries out what balance/course.ts decides.
 * @throws RondoError E_NOT_FOUND, E_REFUSED, E_NO_MIRROR, E_MIRROR_TIMEOUT, E_NO_ELIGIBLE_MIRROR or E_BUSY; the
 * signal's reason when it aborts.
 */
export async function ask(
  pool: Pool,
  question: Question,
  signal: AbortSignal,
  context: AskContext,
): Promise<Found> {
  const asking = new Asking(pool, question, context);
  try {
    return await asking.run(signal);
  } finally {
    asking.close(signal.aborted);
  }
}

/** One request under way. */
class Asking {
  readonly #pool: Pool;
  readonly #question: Question;
  readonly #context: AskContext;
  readonly #inbox = new Inbox<News>();
  readonly #visits: Visit[] = [];
  readonly #doubts: Doubts;
  readonly #reports: VisitReport[];
  readonly #deadlineAtMs: number;
  readonly #alarms: Alarms;
  readonly #turn: TurnInLine;
  readonly #hedge: HedgeWatch;
  readonly #trials: TrialWatch;
  readonly #stopListening: () => void;
  readonly #no = createHeardNo();
  #taken: Visit | undefined;
  #revisits: number;
  #revisitPending = false;
  #budgetSpent = false;

  constructor(pool: Pool, question: Question, context: AskContext) {
    this.#pool = pool;
    this.#question = question;
    this.#context = context;
    this.#reports = [...(question.avoid?.values() ?? [])];
    this.#revisits = question.revisits ?? 0;
    const tick = (): void => this.#inbox.post(TICK);
    this.#doubts = createDoubts(context.clock, context.settings.softHeaderMs);
    this.#alarms = createAlarms(context.clock, tick);
    this.#turn = createTurnInLine(context.load, tick);
    this.#deadlineAtMs = question.deadlineAtMs ?? context.clock.now() + context.settings.deadlineMs;
    this.#hedge = createHedgeWatch(context.hedges, context.clock);
    this.#trials = createTrialWatch(question.patient === true, tick, context);
    context.budget.earn();
    this.#alarms.at(this.#deadlineAtMs);
    this.#stopListening = context.roster.onTurn(tick);
  }

  async run(signal: AbortSignal): Promise<Found> {
    this.#resumeFirst();
    for (;;) {
      const step = this.#next();
      if (step.do === 'conclude') this.#conclude(step.verdict);
      else this.#carryOut(step);
      if (step.do !== 'queue' && step.do !== 'share') this.#turn.leave();
      const news = await this.#inbox.take(signal);
      if (news.kind === 'found') return this.#take(news.visit, news.answer);
      if (news.kind === 'other') this.#note(news.visit);
    }
  }

  /** Ends whatever is still running; where an answer was found, what is under way was only slower. */
  close(aborted: boolean): void {
    this.#stopListening();
    this.#trials.close();
    this.#alarms.clear();
    this.#turn.leave();
    for (const visit of this.#visits) {
      if (visit.state !== 'waiting' && visit.state !== 'slow') continue;
      if (aborted) visit.cancel();
      else visit.lose();
    }
    this.#hedge.tell(this.#taken, this.#question.file.kind, this.#context.emit);
  }

  /** A file is continued where it was begun: no wait and no budget, because each break has been charged. */
  #resumeFirst(): void {
    const { resume } = this.#question;
    if (resume === undefined || resume.first === 'no') return;
    const eligible = this.#eligible();
    const mirror = eligible.find(({ name }) => name === resume.mirror);
    if (mirror === undefined || isFull(mirror) || (resume.first === 'alone' && eligible.length > 1)) return;
    this.#visit(mirror, { revisit: true });
  }

  #next(): Step {
    const nowMs = this.#context.clock.now();
    const step = nextStep({
      runners: this.#pool.mirrors.map((mirror) =>
        runnerOf(mirror, this.#visits, this.#context, {
          free: this.#turn.holds(mirror) || this.#context.load.isFree(mirror),
          awaited: this.#trials.hopes(mirror),
          visit: this.#stateOf(mirror),
        }),
      ),
      unanimous: this.#pool.unanimous,
      agreementMs: this.#context.settings.agreementMs,
      madeFirst: isMadeFirst(classOf(this.#question.file.kind)),
      overdue: nowMs >= this.#deadlineAtMs,
      hedgeDue: this.#hedge.due(),
      ...this.#no.since(nowMs),
    });
    // As long as anything is under way the budget may still allow it.
    const isOver = step.do === 'revisit' && this.#budgetSpent && !isRunning(this.#visits);
    return isOver ? { do: 'conclude', verdict: 'failed' } : step;
  }

  #carryOut(step: Exclude<Step, { do: 'conclude' }>): void {
    switch (step.do) {
      case 'wait':
        return this.#alarms.at(nextGateMs(this.#pool, this.#context.roster));
      case 'queue':
        this.#alarms.at(nextGateMs(this.#pool, this.#context.roster));
        if (!this.#turn.waitFor(this.#named(step.among)) && !isRunning(this.#visits))
          throw this.#error('busy');
        return;
      case 'share':
        return this.#share(this.#named(step.among));
      case 'revisit':
        if (!this.#revisitPending) this.#revisitLater(step.among);
        return;
      case 'visit': {
        if (step.how === 'each') {
          for (const mirror of this.#named(step.among)) this.#visit(mirror);
          return;
        }
        const mirror = this.#pick(step.among);
        if (mirror === undefined) return;
        if (step.how === 'one') this.#visit(mirror);
        else this.#hedgeWith(mirror);
      }
    }
  }

  /** Trials of shut mirrors are for when nobody else is left to be asked. */
  #conclude(verdict: Verdict): void {
    if (isPlainlyMissing(this.#visits, this.#context.settings.softHeaderMs)) this.#doubts.answered();
    const mayRescue =
      (verdict === 'nobody' || verdict === 'failed') &&
      this.#context.clock.now() < this.#deadlineAtMs &&
      this.#eligible().length === 0;
    if (!mayRescue || !this.#rescue(this.#unasked())) throw this.#error(verdict);
  }

  #unasked(): Mirror[] {
    return this.#pool.mirrors.filter((mirror) => this.#stateOf(mirror) === undefined);
  }

  #rescue(among: readonly Mirror[]): boolean {
    const rescued = this.#context.roster.rescuable(among);
    if (rescued !== undefined) this.#visit(rescued, { rescue: true, besideNo: this.#no.any() });
    return rescued !== undefined;
  }

  /** Those who wait for a trial are let to the mirror as others are, by the line. */
  #share(mirrors: readonly Mirror[]): void {
    if (this.#rescue(mirrors)) return this.#turn.leave();
    this.#alarms.at(this.#trials.wait(mirrors));
    if (this.#turn.waitFor(mirrors)) return;
    throw this.#error(this.#no.notFound() && !this.#pool.unanimous ? 'not-found' : 'busy');
  }

  #hedgeWith(mirror: Mirror): void {
    const slow = this.#visits.find((visit) => visit.state === 'waiting');
    if (slow !== undefined && this.#hedge.pay()) this.#hedge.begun(slow, this.#visit(mirror));
  }

  #revisitLater(among: readonly string[]): void {
    const { clock, random, settings, roster, load } = this.#context;
    this.#revisitPending = true;
    this.#alarms.after(revisitDelayMs(this.#revisits, settings.retry, random), () => {
      this.#revisitPending = false;
      this.#revisits += 1;
      // The gates may have changed during the wait, and a busy mirror is asked at the next turn.
      const still = this.#named(among).filter(
        (mirror) => roster.standing(mirror).eligible && load.isFree(mirror),
      );
      const mirror = this.#pick(still.map((each) => each.name));
      if (mirror !== undefined) {
        if (this.#context.budget.spend(clock.now())) this.#visit(mirror, { revisit: true });
        else this.#budgetSpent = true;
      }
      this.#inbox.post(TICK);
    });
  }

  #pick(among: readonly string[]): Mirror | undefined {
    return pickMirror(this.#named(among), this.#eligible(), this.#question, this.#context);
  }

  #eligible(): Mirror[] {
    return this.#pool.mirrors.filter((mirror) => this.#context.roster.standing(mirror).eligible);
  }

  #visit(mirror: Mirror, kind: Partial<VisitKind> = {}): Visit {
    const before = this.#visits.findLast(({ state }) => FAILED.has(state));
    if (before !== undefined && before.mirror !== mirror && !this.#no.notFound()) {
      const { kind: fileKind } = this.#question.file;
      this.#context.emit({ type: 'failover', from: before.mirror.name, to: mirror.name, kind: fileKind });
    }
    const post = (news: VisitNews): void => this.#inbox.post(news);
    const context = { ...this.#context, pool: this.#pool, doubts: this.#doubts, post };
    const slot = this.#turn.take(mirror);
    const visit = new Visit(mirror, this.#question, { ...FIRST_VISIT, slot, ...kind }, context);
    this.#visits.push(visit);
    const fileClass = classOf(this.#question.file.kind);
    this.#alarms.at(this.#hedge.expect(delayOfHedge(mirror, this.#eligible(), fileClass, this.#context)));
    return visit;
  }

  #note(visit: Visit): void {
    if (visit.report !== undefined) this.#reports.push(visit.report);
    if (FAILED.has(visit.state)) unpin(visit.mirror, this.#question, this.#context);
    const nowMs = this.#context.clock.now();
    if (this.#no.note(visit.state, nowMs)) this.#alarms.at(nowMs + this.#context.settings.agreementMs);
  }

  #take(visit: Visit, answer: FoundAnswer): Found {
    this.#taken = visit;
    const { mirrors } = this.#pool;
    const others = this.#visits.filter((each) => each !== visit);
    const tried = [...this.#reportsSoFar(), ...reportsOfWaiting(others, this.#context.clock.now())];
    const found = visit.found(answer, tried, () => bestBytesPerS(visit.mirror, mirrors, this.#context));
    // One that took as long as the others says nothing of them.
    if (found.waitedMs < this.#context.settings.softHeaderMs) this.#doubts.answered(visit.mirror);
    const isSlow = (): boolean => this.#eligible().some((each) => each !== visit.mirror) && found.isSlow();
    return { ...pinFound(found, visit.mirror, this.#question, this.#context), isSlow };
  }

  #stateOf(mirror: Mirror): VisitState | undefined {
    const avoided = this.#question.avoid?.has(mirror.name) === true ? 'failed' : undefined;
    return stateAt(mirror, this.#visits) ?? avoided;
  }

  #named(names: readonly string[]): Mirror[] {
    return this.#pool.mirrors.filter((mirror) => names.includes(mirror.name));
  }

  #reportsSoFar(): VisitReport[] {
    return [...this.#reports, ...reportsOfSlow(this.#visits)];
  }

  #error(verdict: Verdict): Error {
    const { roster, clock } = this.#context;
    const { file } = this.#question;
    const told = { file, pool: this.#pool, roster, reports: this.#reportsSoFar() };
    return verdictError(verdict, { ...told, nowMs: clock.now() });
  }
}
