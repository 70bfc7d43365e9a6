/**
 * The course of one request: given what the mirrors asked so far have said, what is to be done next?
 * Pure; mirrors/ask.ts carries it out. Rules: selection.md, "One request", and protocol.md, "What Rondo
 * answers".
 */

/** How one visit stands. A mirror asked again replaces its earlier visit here. */
export type VisitState =
  /** No header yet, inside the soft limit. */
  | 'waiting'
  /** Past the soft limit: others are asked, and it may still win. */
  | 'slow'
  | 'not-found'
  | 'refused'
  /** It does not take this very request (400, 414, …): final like a refusal, but says nothing of the module. */
  | 'declined'
  /** A Rondo that could not get it itself: it has asked others again already, so its answer is owed, and not sought. */
  | 'unable'
  | 'failed';

/** One mirror of the pool as this request sees it. */
export type Runner = {
  readonly name: string;
  readonly tier: number;
  /** May be picked now (standing.ts). */
  readonly eligible: boolean;
  /** One more may be sent to it now (slots.ts), and nobody else waits for that. */
  readonly free: boolean;
  /** Its last visit of this request, if any. */
  readonly visit?: VisitState;
  /** That visit is slow, but the mirror has answered others since: this one may have been lost on its way. */
  readonly revived: boolean;
  /** May not be asked, but is on trial or will be soon, and this request may wait for what comes of that. */
  readonly awaited: boolean;
  /** Has served somebody a short while ago: worth waiting for, too, where all others have said that they lack the file. */
  readonly servedLately: boolean;
  /** Asked so often for what may not be its fault that it is asked again for agreement on a 404 alone. */
  readonly spent: boolean;
};

/** All that the next step of a request depends on. Times in milliseconds. */
export type CourseState = {
  readonly runners: readonly Runner[];
  /** Mirrors that may not be asked now count for agreement too: private routes, the checksum database. */
  readonly unanimous: boolean;
  /** Since the first hard 404, if there was one. */
  readonly sinceNotFoundMs?: number;
  /** Since the first refusal, or mirror that declined, if there was one. */
  readonly sinceRefusedMs?: number;
  /** How long failing mirrors are asked again for the sake of agreement. */
  readonly agreementMs: number;
  /** Mirrors that are at work after that time are waited for, up to their own limit (file-class.ts, isMadeFirst). */
  readonly madeFirst: boolean;
  /** 90 s without a body. */
  readonly overdue: boolean;
  /** The first byte has been waited for long enough to ask a second mirror beside the first (hedge.ts). */
  readonly hedgeDue: boolean;
};

/** What a request does next; `among` holds names of mirrors and is never empty. */
export type Step =
  /** First visits, never budgeted: one of `among` (the round robin chooses), each of them, or one as a hedge. */
  | { readonly do: 'visit'; readonly among: readonly string[]; readonly how: 'one' | 'each' | 'hedge' }
  /** First visits that have to wait in line until one of `among` is free. */
  | { readonly do: 'queue'; readonly among: readonly string[] }
  /** Nobody is left to be asked: to wait in the same line for the trial of one of `among`, or to be it. */
  | { readonly do: 'share'; readonly among: readonly string[] }
  /** Every mirror that may be asked has been: one of `among` again, after a wait, if the budget allows. */
  | { readonly do: 'revisit'; readonly among: readonly string[] }
  | { readonly do: 'wait' }
  | { readonly do: 'conclude'; readonly verdict: Verdict };

/**
 * `failed` covers time-outs; `nobody`: no mirror may be asked now and none was; `busy`: there are some, and none was
 * free in time.
 */
export type Verdict = 'not-found' | 'refused' | 'failed' | 'nobody' | 'busy';

/** So many hard 404s are agreement. */
const QUORUM = 2;

/** What to do next. */
export function nextStep(course: CourseState): Step {
  if (agreed(course)) return conclude('not-found');
  if (course.overdue) return conclude(isUnasked(course) ? unasked(course) : 'failed');

  const untried = course.runners.filter((runner) => runner.eligible && runner.visit === undefined);
  const running = course.runners.some(isUnderWay);

  if (course.sinceNotFoundMs !== undefined) return seekAgreement(course, untried, running);
  if (course.runners.some((runner) => runner.visit === 'waiting')) return hedgeOrWait(course, untried);
  if (untried.length > 0) return visitOrQueue(firstTier(untried), 'one');
  const awaited = running ? [] : awaitedOf(course);
  if (awaited.length > 0) return { do: 'share', among: namesOf(awaited) };
  if (isUnasked(course)) return conclude('nobody');
  // A refusal is an answer: others get as long as for a 404 to give a better one.
  if ((course.sinceRefusedMs ?? 0) >= course.agreementMs && !isWorthWaiting(course))
    return conclude(onlyRefusals(course) ? 'refused' : 'failed');

  const again = course.runners.filter((runner) => isWorthAsking(runner) && !runner.spent);
  if (again.length > 0) return { do: 'revisit', among: namesOf(firstTier(again)) };
  if (running) return { do: 'wait' };
  return conclude(onlyRefusals(course) ? 'refused' : 'failed');
}

/**
 * Those whose trials are to be waited for: none as long as anybody is left to be asked. One that has been away for long may
 * stay so: what another has said is not held up for it.
 */
function awaitedOf({ runners }: CourseState): Runner[] {
  if (runners.some(({ eligible, visit }) => eligible && !isFinal(visit) && visit !== 'unable')) return [];
  const isAnswered = runners.some(({ eligible, visit }) => eligible || visit === 'not-found');
  return runners.filter(
    ({ awaited, servedLately, visit }) => awaited && visit === undefined && (servedLately || !isAnswered),
  );
}

/**
 * One mirror said 404: the others of the first tier that is left are asked at once, those of the next one when these
 * have brought no second opinion, and failing ones until they answer or time is over.
 */
function seekAgreement(course: CourseState, untried: readonly Runner[], running: boolean): Step {
  const isLate = (course.sinceNotFoundMs ?? 0) >= course.agreementMs && !isWorthWaiting(course);
  const askable = isLate ? untried.filter((runner) => runner.free) : untried;
  if (askable.length > 0) {
    const next = firstTier(askable);
    return !isLate && isAwaitedBefore(next, course.runners) ? { do: 'wait' } : visitOrQueue(next, 'each');
  }
  const owing = course.runners.filter((runner) => runner.eligible && !isFinal(runner.visit));
  if (isLate) {
    // Whoever still owes an answer is eligible, so it might have it: that is an outage, not a 404. But of a list or a
    // query that a mirror keeps silent about it has none by now, and go breaks off at anything but a 404.
    const isOwed = owing.some(({ visit }) => course.madeFirst || visit !== 'slow');
    return conclude(isOwed || course.unanimous ? 'failed' : 'not-found');
  }
  const again = owing.filter(isWorthAsking);
  if (again.length > 0) return { do: 'revisit', among: namesOf(again) };
  if (running) return { do: 'wait' };
  const awaited = awaitedOf(course);
  if (awaited.length > 0) return { do: 'share', among: namesOf(awaited) };
  return conclude(owing.length > 0 || course.unanimous ? 'failed' : 'not-found');
}

/** Whether an earlier tier than that of `next` may answer soon. */
function isAwaitedBefore(next: readonly Runner[], runners: readonly Runner[]): boolean {
  return runners.some(({ visit, tier }) => visit === 'waiting' && next.every((runner) => tier < runner.tier));
}

/** Enough hard 404s, or a hard 404 among the answers of everybody who may be asked, and nobody to wait for. */
function agreed(course: CourseState): boolean {
  const said = course.runners.filter((runner) => runner.visit === 'not-found').length;
  if (said === 0) return false;
  if (course.unanimous) return course.runners.every((runner) => runner.visit === 'not-found');
  if (said >= QUORUM) return true;
  if (!course.overdue && awaitedOf(course).length > 0) return false;
  // Whoever is under way may still have it, whatever has become of its gate.
  return course.runners.every((runner) =>
    runner.eligible || isUnderWay(runner) ? isFinal(runner.visit) : true,
  );
}

/** Whether it may be asked once more; a slow one is at work, and asking it again makes that no faster. */
function isWorthAsking({ eligible, visit, revived }: Runner): boolean {
  return eligible && (visit === 'failed' || (visit === 'slow' && revived));
}

/**
 * Whether anybody is making the file, so that what others said at once need not be the end. Not one whose gate has
 * opened: that has failed others, too.
 */
function isWorthWaiting({ madeFirst, runners }: CourseState): boolean {
  return (
    madeFirst &&
    runners.some((runner) => isUnderWay(runner) && (runner.eligible || runner.visit === 'waiting'))
  );
}

function isUnderWay({ visit }: Runner): boolean {
  return visit === 'waiting' || visit === 'slow';
}

/** Whether asking the mirror again would bring the same. */
function isFinal(visit: VisitState | undefined): boolean {
  return visit === 'not-found' || visit === 'refused' || visit === 'declined';
}

/** Whoever may not be asked now has refused nothing: what he would say may be something else. */
function onlyRefusals(course: CourseState): boolean {
  return course.runners.every((runner) => runner.visit === 'refused');
}

/** Those that are free, or a place in line for the first of them that becomes free. */
function visitOrQueue(runners: readonly Runner[], how: 'one' | 'each'): Step {
  const free = runners.filter((runner) => runner.free);
  if (free.length === 0) return { do: 'queue', among: namesOf(runners) };
  return { do: 'visit', among: namesOf(free), how };
}

/** A second mirror beside the first, of its own tier: the next one is for when nobody of this one is left. */
function hedgeOrWait(course: CourseState, untried: readonly Runner[]): Step {
  const waiting = course.runners.filter((runner) => runner.visit === 'waiting');
  const beside = untried.filter((runner) => runner.free && waiting.some((each) => each.tier === runner.tier));
  if (!course.hedgeDue || waiting.length !== 1 || beside.length === 0) return { do: 'wait' };
  return { do: 'visit', among: namesOf(beside), how: 'hedge' };
}

/** Why nobody has been asked when time is over. */
function unasked({ runners }: CourseState): Verdict {
  return runners.some((runner) => runner.eligible) ? 'busy' : 'nobody';
}

function isUnasked(course: CourseState): boolean {
  return course.runners.every((runner) => runner.visit === undefined);
}

/** Those of the first tier of a non-empty list. */
function firstTier(runners: readonly Runner[]): Runner[] {
  const tier = Math.min(...runners.map((runner) => runner.tier));
  return runners.filter((runner) => runner.tier === tier);
}

function namesOf(runners: readonly Runner[]): string[] {
  return runners.map((runner) => runner.name);
}

function conclude(verdict: Verdict): Step {
  return { do: 'conclude', verdict };
}
