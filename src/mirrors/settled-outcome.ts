import type { Outcome } from '../balance/outcome.ts';
import type { Settlement } from './answer.ts';

/** A visit that nobody needs any more. */
export const CLIENT_GONE: Outcome = { class: 'neutral', cause: 'client-gone', detail: 'not needed any more' };
/** A file, as far as it is known. */
export const ANSWERED: Outcome = { class: 'ok', cause: 'ok', status: 200, detail: '200' };

const OUTRUN: Outcome = { class: 'neutral', cause: 'client-gone', detail: 'another mirror was faster' };

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
      return CLIENT_GONE;
  }
}

function silentFor(idleMs: number): Outcome {
  return { class: 'http', cause: 'body-idle', detail: `no byte for ${(idleMs / 1000).toFixed(1)} s` };
}
