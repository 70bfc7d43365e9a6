import type { CourseState, VisitState } from '../balance/course.ts';

/** When mirrors have first said no to one request: that they lack the file, or do not give it. */
export type HeardNo = {
  /** Takes how a visit has ended; whether that is a no. */
  note(state: VisitState | 'taken', nowMs: number): boolean;
  /** A mirror has said that there is no such file. */
  notFound(): boolean;
  any(): boolean;
  /** How long ago that was. */
  since(nowMs: number): Pick<CourseState, 'sinceNotFoundMs' | 'sinceRefusedMs'>;
};

/** Nobody has said no yet. */
export function createHeardNo(): HeardNo {
  let notFoundAtMs: number | undefined;
  let refusedAtMs: number | undefined;
  return {
    note(state, nowMs) {
      if (state === 'not-found') notFoundAtMs ??= nowMs;
      else if (state === 'refused' || state === 'declined') refusedAtMs ??= nowMs;
      else return false;
      return true;
    },
    notFound: () => notFoundAtMs !== undefined,
    any: () => notFoundAtMs !== undefined || refusedAtMs !== undefined,
    since: (nowMs) => ({
      ...(notFoundAtMs === undefined ? {} : { sinceNotFoundMs: nowMs - notFoundAtMs }),
      ...(refusedAtMs === undefined ? {} : { sinceRefusedMs: nowMs - refusedAtMs }),
    }),
  };
}
