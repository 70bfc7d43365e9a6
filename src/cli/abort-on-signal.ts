import { RondoError } from '../errors/rondo-error.ts';
import { say } from '../words/text.ts';
import type { CliContext } from './context.ts';
import { ONE_KEYSTROKE_MS } from './drain.ts';

/** Aborts at the first SIGINT or SIGTERM. A later one ends the process, as it does where nobody listens. */
export function abortOnSignal({ onSignal, clock }: Pick<CliContext, 'onSignal' | 'clock'>): {
  readonly signal: AbortSignal;
  off(): void;
} {
  const stop = new AbortController();
  const off = onSignal(['SIGINT', 'SIGTERM'], () => {
    if (stop.signal.aborted) return;
    stop.abort(new RondoError('E_INTERRUPTED', say('interrupted')));
    clock.after(ONE_KEYSTROKE_MS, off, { background: true });
  });
  return { signal: stop.signal, off };
}
