import { judgeVisit } from '../balance/judge-visit.ts';
import type { Cause } from '../balance/outcome.ts';
import { isUpOnTrial, oneMore, type TrialAnswers } from '../balance/up-on-trial.ts';
import type { GateStatus, RondoEvent } from '../events/events.ts';

/** A time in which a mirror was not asked because it failed. Times are Unix milliseconds. */
export type Incident = {
  readonly mirror: string;
  /** The first failure of the row that shut its gate. */
  readonly startMs: number;
  /** When it was well again, or Rondo ended; absent while it lasts. */
  readonly endMs?: number | undefined;
  /** A Cause (balance/outcome.ts): the failure that shut its gate; `unknown` where none was seen. */
  readonly cause: string;
  /** One line for people. */
  readonly why: string;
};

/** What is under way at one mirror. */
type Course =
  /** It failed so often in a row that nothing has come right since. */
  | { readonly kind: 'failing'; readonly sinceMs: number; readonly cause: Cause }
  | {
      readonly kind: 'out';
      readonly incident: Incident;
      /** Until then its gate is shut for sure, and an answer says nothing; Infinity: until an event says otherwise. */
      readonly shutUntilMs: number;
      /** What it answered since; absent where that is nothing. */
      readonly answers?: TrialAnswers | undefined;
    };

/** The courses of the mirrors of which there is anything to remember, by name. Plain data. */
export type Courses = ReadonlyMap<string, Course>;

/** Nothing was seen yet. */
export const NO_COURSES: Courses = new Map();

/** The gate is shut for what the mirror did; on trial it is not shut any more, and the mirror is still out. */
const DOWN: ReadonlySet<GateStatus> = new Set(['UNHEALTHY', 'COOLING', 'QUARANTINED']);

/** What tells an incident from all others: its beginning, and its mirror. */
export function incidentKey({ mirror, startMs }: Incident): string {
  return `${startMs} ${mirror}`;
}

/** The incidents that last. */
export function openIn(courses: Courses): Incident[] {
  return [...courses.values()].flatMap((course) => (course.kind === 'out' ? course.incident : []));
}

/** What an event comes to: the courses after it, the same ones where it changes nothing; and the incident that began or ended by it. */
export type CourseStep = { readonly courses: Courses; readonly changed?: Incident };

/** The courses after an event of `nowMs`, Unix milliseconds. */
export function afterEvent(courses: Courses, event: RondoEvent, nowMs: number): CourseStep {
  switch (event.type) {
    case 'visit': {
      const judged = judgeVisit(event.outcome);
      if (judged === undefined) return { courses };
      if (judged === 'answered') return answered(courses, event, nowMs);
      return failed(courses, event.mirror, event.outcome.cause, nowMs);
    }
    case 'integrity':
      return failed(courses, event.mirror, 'wrong-content', nowMs);
    case 'gate':
      return afterGate(courses, event, nowMs);
    default:
      return { courses };
  }
}

/** Nobody watches any mirrors but those of these names from now on: what is open at the others is ended. */
export function endOthers(
  courses: Courses,
  watched: ReadonlySet<string>,
  nowMs: number,
): { readonly courses: Courses; readonly ended: readonly Incident[] } {
  const gone = [...courses].filter(([mirror]) => !watched.has(mirror));
  if (gone.length === 0) return { courses, ended: [] };
  return {
    courses: new Map([...courses].filter(([mirror]) => watched.has(mirror))),
    ended: openIn(new Map(gone)).map((incident) => ({ ...incident, endMs: nowMs })),
  };
}

type VisitEvent = Extract<RondoEvent, { type: 'visit' }>;

/** While it is out an answer says nothing, unless it is one of several probes in a row: then it is over since the first. */
function answered(courses: Courses, { mirror, probe }: VisitEvent, nowMs: number): CourseStep {
  const course = courses.get(mirror);
  if (course === undefined) return { courses };
  if (course.kind === 'failing') return { courses: without(courses, mirror) };
  const { incident, shutUntilMs, answers } = course;
  // Clients' requests end it by its gate, and may have been asked before that shut.
  if (!probe || nowMs < shutUntilMs) return { courses };
  const next = oneMore(answers, nowMs);
  if (!isUpOnTrial(next)) return { courses: put(courses, mirror, { ...course, answers: next }) };
  return { courses: without(courses, mirror), changed: { ...incident, endMs: next.sinceMs } };
}

function failed(courses: Courses, mirror: string, cause: Cause, nowMs: number): CourseStep {
  const course = courses.get(mirror);
  if (course?.kind === 'out') {
    if (course.answers === undefined) return { courses };
    return { courses: put(courses, mirror, outSince(course.incident, course.shutUntilMs)) };
  }
  if (course?.cause === cause) return { courses };
  return { courses: put(courses, mirror, { kind: 'failing', sinceMs: course?.sinceMs ?? nowMs, cause }) };
}

function afterGate(before: Courses, event: Extract<RondoEvent, { type: 'gate' }>, nowMs: number): CourseStep {
  const { mirror, from, to, why } = event;
  // What failed while this machine reached nobody says nothing of it.
  const courses = from === 'OUTAGE' ? without(before, mirror) : before;
  const course = courses.get(mirror);
  if (DOWN.has(to)) {
    const shutUntilMs = nowMs + (event.forMs ?? Infinity);
    if (course?.kind === 'out')
      return { courses: put(courses, mirror, outSince(course.incident, shutUntilMs)) };
    const incident: Incident = {
      mirror,
      startMs: course?.sinceMs ?? nowMs,
      // The visit that shut it is told after the gate.
      cause: event.cause ?? course?.cause ?? 'unknown',
      why,
    };
    return { courses: put(courses, mirror, outSince(incident, shutUntilMs)), changed: incident };
  }
  if (course?.kind !== 'out') return { courses: to === 'OUTAGE' ? without(courses, mirror) : courses };
  // In an outage of this machine nobody sees it any more. On trial it is still out. Drained it is out by an order, which is no fault of its own.
  if (to === 'TRIAL') return { courses: put(courses, mirror, outSince(course.incident, nowMs)) };
  return { courses: without(courses, mirror), changed: { ...course.incident, endMs: nowMs } };
}

function outSince(incident: Incident, shutUntilMs: number): Course {
  return { kind: 'out', incident, shutUntilMs };
}

function put(courses: Courses, mirror: string, course: Course): Courses {
  return new Map(courses).set(mirror, course);
}

function without(courses: Courses, mirror: string): Courses {
  if (!courses.has(mirror)) return courses;
  const rest = new Map(courses);
  rest.delete(mirror);
  return rest;
}
