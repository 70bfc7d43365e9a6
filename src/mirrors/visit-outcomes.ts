import type { VisitState } from '../balance/course.ts';
import type { Outcome } from '../balance/outcome.ts';
import type { Settlement } from './answer.ts';

/** Nobody waits for it any more. */
export const SUPERSEDED: Outcome = { class: 'neutral', cause: 'superseded', detail: 'not needed any more' };
/** The mirror gave what it was asked for. */
export const ANSWERED: Outcome = { class: 'ok', cause: 'ok', status: 200, detail: '200' };
/** Nobody has looked at what a loser sent: that it answered is all that is known. */
export const TOO_LATE: Outcome = {
  class: 'neutral',
  cause: 'ok',
  status: 200,
  detail: 'answered after another',
};

const OUTRUN: Outcome = { class: 'neutral', cause: 'superseded', detail: 'another mirror was faster' };

/** How a visit stands after an answer that is no 200, or none. */
export function visitStateOf(outcome: Outcome): VisitState {
  const { cause } = outcome;
  if (cause === 'not-found' || cause === 'refused' || cause === 'unable') return cause;
  return outcome.class === 'neutral' ? 'declined' : 'failed';
}

/** What went wrong on this machine's side. */
export function ownFault(error: unknown): Outcome {
  return {
    class: 'local',
    cause: 'network-down',
    detail: error instanceof Error ? error.message : String(error),
  };
}

/** What it says of a mirror how its body was settled: one that another outran had stalled if it was silent for `stallMs`. */
export function settledOutcome(result: Settlement, idleMs: number, stallMs: number): Outcome {
  switch (result.kind) {
    case 'complete':
      return ANSWERED;
    case 'broken':
      return result.outcome;
    case 'wrong':
      return { class: 'integrity', cause: 'wrong-content', detail: result.why };
    case 'outrun':
      return idleMs >= stallMs ? silentFor(idleMs) : OUTRUN;
    case 'abandoned':
      return SUPERSEDED;
  }
}

function silentFor(idleMs: number): Outcome {
  return { class: 'http', cause: 'body-idle', detail: `no byte for ${(idleMs / 1000).toFixed(1)} s` };
}
