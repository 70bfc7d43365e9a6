import type { Cause } from '../balance/outcome.ts';
import type { GateStatus, RondoEvent } from '../events/events.ts';
import { judgeVisit } from './minute.ts';

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
type Course = {
  /** Failures in a row, since nothing came right. */
  readonly failing?: { readonly sinceMs: number; readonly cause: Cause } | undefined;
  readonly open?: Incident | undefined;
  /** Answers in a row since it is on trial, the first of them at `sinceMs`. */
  readonly trial?: { readonly answers: number; readonly sinceMs: number } | undefined;
};

/** Where nobody asks a mirror on trial, so many probes in a row that it answers say that it is well. */
const ANSWERS_TO_END = 3;

/** The courses of all mirrors, by name. Plain data. */
export type Courses = ReadonlyMap<string, Course>;

const NO_ANSWERS = { answers: 0, sinceMs: 0 };

/** Nothing was seen yet. */
export const NO_COURSES: Courses = new Map();

/** The gate is shut for what the mirror did. */
const DOWN: ReadonlySet<GateStatus> = new Set<GateStatus>(['UNHEALTHY', 'COOLING', 'QUARANTINED', 'OUTAGE']);

/** What an event comes to: the courses after it, and the incident that began or ended by it. */
export type CourseStep = { readonly courses: Courses; readonly changed?: Incident };

/** The courses after an event of `nowMs`, Unix milliseconds. */
export function afterEvent(courses: Courses, event: RondoEvent, nowMs: number): CourseStep {
  switch (event.type) {
    case 'visit': {
      const judged = judgeVisit(event.outcome);
      if (judged === undefined) return { courses };
      const course = courses.get(event.mirror) ?? {};
      if (judged === 'answered') return answered(courses, event.mirror, course, nowMs);
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

/** What is open when Rondo ends, ended: from then on nobody watches. */
export function endAll(courses: Courses, nowMs: number): readonly Incident[] {
  return [...courses.values()].flatMap(({ open }) => (open === undefined ? [] : { ...open, endMs: nowMs }));
}

/** While it is out an answer says nothing, unless it is one of several in a row on trial: then it is over since the first. */
function answered(courses: Courses, mirror: string, course: Course, nowMs: number): CourseStep {
  const { open, trial } = course;
  const well = { ...course, failing: undefined };
  if (open === undefined || trial === undefined) return put(courses, mirror, well);
  const next = { answers: trial.answers + 1, sinceMs: trial.answers === 0 ? nowMs : trial.sinceMs };
  if (next.answers < ANSWERS_TO_END) return put(courses, mirror, { ...well, trial: next });
  return { ...put(courses, mirror, {}), changed: { ...open, endMs: next.sinceMs } };
}

function failed(courses: Courses, mirror: string, cause: Cause, nowMs: number): CourseStep {
  const course = courses.get(mirror) ?? {};
  return put(courses, mirror, {
    ...course,
    failing: { sinceMs: course.failing?.sinceMs ?? nowMs, cause },
    ...(course.trial === undefined ? {} : { trial: NO_ANSWERS }),
  });
}

function afterGate(
  courses: Courses,
  { mirror, to, why }: Extract<RondoEvent, { type: 'gate' }>,
  nowMs: number,
): CourseStep {
  const course = courses.get(mirror) ?? {};
  const { open, failing } = course;
  if (DOWN.has(to)) {
    if (open !== undefined) return put(courses, mirror, { ...course, trial: undefined });
    const began: Incident = {
      mirror,
      startMs: failing?.sinceMs ?? nowMs,
      cause: failing?.cause ?? 'unknown',
      why,
    };
    return { ...put(courses, mirror, { ...course, open: began }), changed: began };
  }
  // On trial it is still out. Drained it is out by an order, which is no fault of its own.
  if (open === undefined) return { courses };
  if (to === 'TRIAL') return put(courses, mirror, { ...course, trial: NO_ANSWERS });
  return { ...put(courses, mirror, {}), changed: { ...open, endMs: nowMs } };
}

function put(courses: Courses, mirror: string, course: Course): CourseStep {
  return { courses: new Map(courses).set(mirror, course) };
}
