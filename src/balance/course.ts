/**
 * The course of one request: given what the mirrors asked so far have said, what is to be done next?
 * Pure; mirrors/ask.ts carries it out. Rules: selection.md, "One request", and protocol.md, "What Rondo
 * answers".
 */

/** How one visit stands. A mirror asked again replaces its earlier visit here. */
export type VisitState =
  /** No header yet, inside the soft limit. */
  | 'waiting'
  /** Past the soft limit: charged, and may still win. */
  | 'slow'
  | 'not-found'
  | 'refused'
  /** It does not take this very request (400, 414, …): final like a refusal, but says nothing of the module. */
  | 'declined'
  | 'failed';

/** One mirror of the pool as this request sees it. */
export type Runner = {
  readonly name: string;
  readonly tier: number;
  /** May be picked now (standing.ts). */
  readonly eligible: boolean;
  /** Its last visit of this request, if any. */
  readonly visit?: VisitState;
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
  /** 90 s without a body. */
  readonly overdue: boolean;
};

/** What a request does next; `among` holds names of mirrors and is never empty. */
export type Step =
  /** First visits, never budgeted: one of `among` (the round robin chooses), or each of them. */
  | { readonly do: 'visit'; readonly among: readonly string[]; readonly how: 'one' | 'each' }
  /** Every mirror that may be asked has been: one of `among` again, after a wait, if the budget allows. */
  | { readonly do: 'revisit'; readonly among: readonly string[] }
  | { readonly do: 'wait' }
  | { readonly do: 'conclude'; readonly verdict: Verdict };

/** `failed` covers time-outs; `nobody`: no mirror may be asked now and none was. */
export type Verdict = 'not-found' | 'refused' | 'failed' | 'nobody';

/** So many hard 404s are agreement. */
const QUORUM = 2;

/** What to do next. */
export function nextStep(course: CourseState): Step {
  if (agreed(course)) return conclude('not-found');
  if (course.overdue) return conclude('failed');

  const untried = course.runners.filter((runner) => runner.eligible && runner.visit === undefined);
  const running = course.runners.some((runner) => runner.visit === 'waiting' || runner.visit === 'slow');

  if (course.sinceNotFoundMs !== undefined) return seekAgreement(course, untried, running);
  if (course.runners.some((runner) => runner.visit === 'waiting')) return { do: 'wait' };
  if (untried.length > 0) return { do: 'visit', among: firstTier(untried), how: 'one' };
  if (course.runners.every((runner) => runner.visit === undefined)) return conclude('nobody');
  // A refusal is an answer: others get as long as for a 404 to give a better one.
  if ((course.sinceRefusedMs ?? 0) >= course.agreementMs)
    return conclude(onlyRefusals(course) ? 'refused' : 'failed');

  const again = course.runners.filter((runner) => runner.eligible && runner.visit === 'failed');
  if (again.length > 0) return { do: 'revisit', among: firstTier(again) };
  if (running) return { do: 'wait' };
  return conclude(onlyRefusals(course) ? 'refused' : 'failed');
}

/** One mirror said 404: the others are asked at once, and failing ones until they answer or time is over. */
function seekAgreement(course: CourseState, untried: readonly Runner[], running: boolean): Step {
  if (untried.length > 0) return { do: 'visit', among: untried.map((runner) => runner.name), how: 'each' };
  const owing = course.runners.filter((runner) => runner.eligible && !isFinal(runner.visit));
  if ((course.sinceNotFoundMs ?? 0) >= course.agreementMs) {
    // Whoever still owes an answer is eligible, so it might have it: that is an outage, not a 404.
    return conclude(owing.length === 0 && !course.unanimous ? 'not-found' : 'failed');
  }
  const again = owing.filter((runner) => runner.visit === 'failed' || runner.visit === 'slow');
  if (again.length > 0) return { do: 'revisit', among: again.map((runner) => runner.name) };
  if (running) return { do: 'wait' };
  return conclude(course.unanimous ? 'failed' : 'not-found');
}

/** Enough hard 404s, or a hard 404 among the answers of everybody who may be asked. */
function agreed(course: CourseState): boolean {
  const said = course.runners.filter((runner) => runner.visit === 'not-found').length;
  if (said === 0) return false;
  if (course.unanimous) return course.runners.every((runner) => runner.visit === 'not-found');
  if (said >= QUORUM) return true;
  return course.runners.every((runner) =>
    runner.eligible || runner.visit === 'waiting' ? isFinal(runner.visit) : true,
  );
}

/** Whether asking the mirror again would bring the same. */
function isFinal(visit: VisitState | undefined): boolean {
  return visit === 'not-found' || visit === 'refused' || visit === 'declined';
}

/** Whoever may not be asked now has refused nothing: what he would say may be something else. */
function onlyRefusals(course: CourseState): boolean {
  return course.runners.every((runner) => runner.visit === 'refused');
}

/** The names in the first tier of a non-empty list. */
function firstTier(runners: readonly Runner[]): string[] {
  const tier = Math.min(...runners.map((runner) => runner.tier));
  return runners.filter((runner) => runner.tier === tier).map((runner) => runner.name);
}

function conclude(verdict: Verdict): Step {
  return { do: 'conclude', verdict };
}
