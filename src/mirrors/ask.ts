import { nextStep, type Runner, type Step, type VisitState } from '../balance/course.ts';
import type { Pins } from '../balance/pins.ts';
import { revisitDelayMs, type RetryBudget } from '../balance/retry-budget.ts';
import { pick, type CurrentWeights } from '../balance/round-robin.ts';
import type { VisitReport } from '../events/events.ts';
import { Inbox } from '../kit/inbox.ts';
import type { Random } from '../kit/random.ts';
import type { Timer } from '../kit/clock.ts';
import type { FoundAnswer } from '../upstream/attempt.ts';
import type { Found, Question } from './answer.ts';
import type { Pool } from './pool.ts';
import type { Mirror } from './roster.ts';
import { verdictError } from './verdict-error.ts';
import { Visit, type VisitContext, type VisitNews } from './visit.ts';

/** What all requests share. */
export type AskContext = Omit<VisitContext, 'post'> & {
  readonly random: Random;
  readonly pins: Pins;
  readonly budget: RetryBudget;
  readonly currents: CurrentWeights;
};

type News = VisitNews | { readonly kind: 'tick' };

/**
 * Asks the mirrors of `pool` until one answers 200, and carries out what balance/course.ts decides.
 * @throws RondoError E_NOT_FOUND, E_REFUSED, E_NO_MIRROR, E_MIRROR_TIMEOUT or E_NO_ELIGIBLE_MIRROR; the
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
    asking.close();
  }
}

/** One request under way. */
class Asking {
  readonly #pool: Pool;
  readonly #question: Question;
  readonly #context: AskContext;
  readonly #inbox = new Inbox<News>();
  readonly #visits: Visit[] = [];
  readonly #reports: VisitReport[];
  readonly #deadlineAtMs: number;
  readonly #timers = new Set<Timer>();
  #notFoundAtMs: number | undefined;
  #refusedAtMs: number | undefined;
  /** The gate time that a timer waits for already. */
  #wakeAtMs = Infinity;
  readonly #stopListening: () => void;
  #revisits = 0;
  #revisitPending = false;
  #budgetSpent = false;

  constructor(pool: Pool, question: Question, context: AskContext) {
    this.#pool = pool;
    this.#question = question;
    this.#context = context;
    this.#reports = [...(question.avoid?.values() ?? [])];
    const nowMs = context.clock.now();
    this.#deadlineAtMs = question.deadlineAtMs ?? nowMs + context.settings.deadlineMs;
    context.budget.earn();
    this.#tickIn(this.#deadlineAtMs - nowMs);
    this.#stopListening = context.roster.onTurn(() => this.#inbox.post({ kind: 'tick' }));
  }

  async run(signal: AbortSignal): Promise<Found> {
    this.#resumeFirst();
    for (;;) {
      const step = this.#next();
      if (step.do === 'conclude') {
        const rescued = step.verdict === 'nobody' || step.verdict === 'failed' ? this.#rescue() : undefined;
        if (rescued === undefined) throw this.#error(step.verdict);
        this.#visit(rescued, false, true);
      } else {
        this.#carryOut(step);
      }
      const news = await this.#inbox.take(signal);
      if (news.kind === 'found') return this.#take(news.visit, news.answer);
      if (news.kind === 'other') this.#note(news.visit);
    }
  }

  /** Ends whatever is still running. */
  close(): void {
    this.#stopListening();
    for (const timer of this.#timers) timer.cancel();
    for (const visit of this.#visits) if (visit.state === 'waiting' || visit.state === 'slow') visit.cancel();
  }

  /** A file is continued where it was begun: no wait and no budget, because each break has been charged. */
  #resumeFirst(): void {
    const { resume } = this.#question;
    if (resume === undefined || resume.first === 'no') return;
    const { roster } = this.#context;
    const eligible = this.#pool.mirrors.filter((mirror) => roster.standing(mirror).eligible);
    const mirror = eligible.find(({ name }) => name === resume.mirror);
    if (mirror === undefined || (resume.first === 'alone' && eligible.length > 1)) return;
    this.#visit(mirror, true, false);
  }

  #next(): Step {
    const nowMs = this.#context.clock.now();
    const step = nextStep({
      runners: this.#pool.mirrors.map((mirror) => this.#runner(mirror)),
      unanimous: this.#pool.unanimous,
      agreementMs: this.#context.settings.agreementMs,
      overdue: nowMs >= this.#deadlineAtMs,
      ...(this.#notFoundAtMs === undefined ? {} : { sinceNotFoundMs: nowMs - this.#notFoundAtMs }),
      ...(this.#refusedAtMs === undefined ? {} : { sinceRefusedMs: nowMs - this.#refusedAtMs }),
    });
    if (step.do !== 'revisit' || !this.#budgetSpent) return step;
    const running = this.#visits.some((visit) => visit.state === 'waiting' || visit.state === 'slow');
    return running ? { do: 'wait' } : { do: 'conclude', verdict: 'failed' };
  }

  #carryOut(step: Step): void {
    if (step.do === 'wait') this.#wakeWithTheNextGate();
    else if (step.do === 'visit' && step.how === 'each') {
      for (const mirror of this.#named(step.among)) this.#visit(mirror, false, false);
    } else if (step.do === 'visit') {
      const mirror = this.#pick(step.among);
      if (mirror !== undefined) this.#visit(mirror, false, false);
    } else if (step.do === 'revisit' && !this.#revisitPending) {
      this.#revisitLater(step.among);
    }
  }

  #revisitLater(among: readonly string[]): void {
    const { clock, random, settings } = this.#context;
    this.#revisitPending = true;
    this.#after(revisitDelayMs(this.#revisits, settings.retry, random), () => {
      this.#revisitPending = false;
      this.#revisits += 1;
      // The gates may have changed during the wait.
      const still = this.#named(among).filter((mirror) => this.#context.roster.standing(mirror).eligible);
      const mirror = this.#pick(still.map((each) => each.name));
      if (mirror !== undefined && this.#context.budget.spend(clock.now())) this.#visit(mirror, true, false);
      else if (mirror !== undefined) this.#budgetSpent = true;
      this.#inbox.post({ kind: 'tick' });
    });
  }

  #pick(among: readonly string[]): Mirror | undefined {
    const { roster, currents, pins, clock } = this.#context;
    const candidates = this.#named(among).map((mirror) => ({
      name: mirror.name,
      weight: mirror.spec.weight * roster.standing(mirror).score,
    }));
    const module = moduleOf(this.#question);
    const pinned = module === undefined ? undefined : pins.get(module, clock.now());
    const picked = pick(currents, candidates, pinned);
    return picked === undefined ? undefined : this.#named([picked.name])[0];
  }

  #visit(mirror: Mirror, revisit: boolean, rescue: boolean): void {
    const before = this.#visits.findLast((visit) => visit.state === 'failed' || visit.state === 'slow');
    if (before !== undefined && before.mirror !== mirror && this.#notFoundAtMs === undefined) {
      const { kind } = this.#question.file;
      this.#context.emit({ type: 'failover', from: before.mirror.name, to: mirror.name, kind });
    }
    const context = { ...this.#context, post: (news: VisitNews) => this.#inbox.post(news) };
    this.#visits.push(new Visit(mirror, this.#question, revisit, rescue, context));
  }

  #note(visit: Visit): void {
    if (visit.report !== undefined) this.#reports.push(visit.report);
    if (visit.state === 'failed') this.#unpin(visit.mirror);
    const nowMs = this.#context.clock.now();
    if (visit.state === 'not-found') this.#notFoundAtMs ??= nowMs;
    else if (visit.state === 'refused' || visit.state === 'declined') this.#refusedAtMs ??= nowMs;
    else return;
    this.#tickIn(this.#context.settings.agreementMs);
  }

  #take(visit: Visit, answer: FoundAnswer): Found {
    const found = visit.found(answer);
    const module = moduleOf(this.#question);
    const settle: Found['settle'] = (result) => {
      found.settle(result);
      if (module === undefined) return;
      if (result.kind === 'complete')
        this.#context.pins.set(module, visit.mirror.name, this.#context.clock.now());
      else if (result.kind !== 'abandoned') this.#unpin(visit.mirror);
    };
    return { ...found, settle };
  }

  #unpin(mirror: Mirror): void {
    const module = moduleOf(this.#question);
    if (module !== undefined) this.#context.pins.drop(module, mirror.name);
  }

  #rescue(): Mirror | undefined {
    if (this.#context.clock.now() >= this.#deadlineAtMs) return undefined;
    // Trials of shut mirrors are for when nobody else may be asked.
    const { roster } = this.#context;
    if (this.#pool.mirrors.some((mirror) => roster.standing(mirror).eligible)) return undefined;
    return roster.rescuable(this.#pool.mirrors.filter((mirror) => this.#runner(mirror).visit === undefined));
  }

  #runner(mirror: Mirror): Runner {
    const state = this.#stateOf(mirror);
    return {
      name: mirror.name,
      tier: mirror.spec.tier,
      eligible: this.#context.roster.standing(mirror).eligible,
      ...(state === undefined ? {} : { visit: state }),
    };
  }

  /** Where a mirror was asked more than once, the state that matters most. */
  #stateOf(mirror: Mirror): VisitState | undefined {
    const states = new Set(
      this.#visits.filter((visit) => visit.mirror === mirror).map((visit) => visit.state),
    );
    for (const state of ['not-found', 'refused', 'declined', 'waiting', 'slow', 'failed'] as const) {
      if (states.has(state)) return state;
    }
    return this.#question.avoid?.has(mirror.name) === true ? 'failed' : undefined;
  }

  #named(names: readonly string[]): Mirror[] {
    return this.#pool.mirrors.filter((mirror) => names.includes(mirror.name));
  }

  #error(verdict: 'not-found' | 'refused' | 'failed' | 'nobody'): Error {
    const slow = this.#visits.flatMap((visit) =>
      visit.state === 'slow' && visit.report !== undefined ? [visit.report] : [],
    );
    const { roster, clock } = this.#context;
    const reports = [...this.#reports, ...slow];
    return verdictError(verdict, {
      file: this.#question.file,
      pool: this.#pool,
      roster,
      reports,
      nowMs: clock.now(),
    });
  }

  /** A mirror whose open time ends while this request waits may be just what it needs. */
  #wakeWithTheNextGate(): void {
    const { roster, clock } = this.#context;
    const untils = this.#pool.mirrors.flatMap((mirror) => roster.standing(mirror).untilMs ?? []);
    const nextMs = Math.min(...untils, Infinity);
    if (nextMs === Infinity || nextMs >= this.#wakeAtMs) return;
    this.#wakeAtMs = nextMs;
    this.#after(Math.max(0, nextMs - clock.now()), () => {
      this.#wakeAtMs = Infinity;
      this.#inbox.post({ kind: 'tick' });
    });
  }

  #tickIn(delayMs: number): void {
    this.#after(Math.max(0, delayMs), () => this.#inbox.post({ kind: 'tick' }));
  }

  #after(delayMs: number, fn: () => void): void {
    const timer = this.#context.clock.after(delayMs, () => {
      this.#timers.delete(timer);
      fn();
    });
    this.#timers.add(timer);
  }
}

/** The module whose pin counts: the checksum database's own files have none. */
function moduleOf({ file }: Question): string | undefined {
  return 'module' in file && file.kind !== 'sumdb-lookup' ? file.module : undefined;
}
