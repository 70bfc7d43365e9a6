import type { VisitState } from '../balance/course.ts';
import { DOUBTFUL, type Outcome } from '../balance/outcome.ts';
import type { VisitReport } from '../events/events.ts';
import type { Mirror } from './mirror.ts';
import type { Visit } from './visit.ts';

/** Whether any of these visits of one request may still bring an answer. */
export function isRunning(visits: readonly Visit[]): boolean {
  return visits.some((visit) => visit.state === 'waiting' || visit.state === 'slow');
}

/** How the visits to `mirror` stand: where it was asked more than once, the state that matters most. */
export function stateAt(mirror: Mirror, visits: readonly Visit[]): VisitState | undefined {
  const states = new Set(visits.filter((visit) => visit.mirror === mirror).map(stateOf));
  for (const state of ['not-found', 'refused', 'declined', 'waiting', 'slow', 'unable', 'failed'] as const) {
    if (states.has(state)) return state;
  }
  return undefined;
}

function stateOf({ state, besideNo }: Visit): Visit['state'] {
  return state === 'slow' && besideNo ? 'declined' : state;
}

/** Asked once, slow to us, and quick to others since; once, or an honest minute would be asked for over and over. */
export function isRevived(mirror: Mirror, visits: readonly Visit[]): boolean {
  const [visit, ...more] = visits.filter((each) => each.mirror === mirror);
  const okMs = mirror.state.trafficOkMs;
  return visit !== undefined && more.length === 0 && okMs !== undefined && okMs > visit.startedMs;
}

/** Asked `most` times without shutting its gate, since all of that may be the question's doing. */
export function isSpent(mirror: Mirror, visits: readonly Visit[], most: number): boolean {
  const doubtful = visits.filter(
    ({ mirror: asked, state, report }) =>
      asked === mirror && state === 'failed' && report !== undefined && DOUBTFUL.has(report.outcome.cause),
  );
  return doubtful.length >= most;
}

/** Whether two mirrors had said 404 before `limitMs`: there is nothing that could keep a third one so long. */
export function isPlainlyMissing(visits: readonly Visit[], limitMs: number): boolean {
  const said = visits.filter(
    ({ state, report }) => state === 'not-found' && report !== undefined && report.durationMs < limitMs,
  );
  return said.length >= 2;
}

/** What is to be told of those that are slow: they have no end yet. */
export function reportsOfSlow(visits: readonly Visit[]): VisitReport[] {
  return visits.flatMap((visit) =>
    visit.state === 'slow' && visit.report !== undefined ? [visit.report] : [],
  );
}

/** What is to be told of those who have not answered, when another has. */
export function reportsOfWaiting(visits: readonly Visit[], nowMs: number): VisitReport[] {
  return visits.flatMap(({ state, mirror, startedMs }) =>
    state === 'waiting' ? [{ mirror: mirror.name, outcome: UNANSWERED, durationMs: nowMs - startedMs }] : [],
  );
}

const UNANSWERED: Outcome = { class: 'neutral', cause: 'superseded', detail: 'no answer yet' };
