import { messageOf, RondoError } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';

/**
 * Tells that something was not kept. That the copy cannot be written is told by the store, once: what becomes
 * of each file then is for those who look for it.
 */
export function tellUnkept(emit: Emit, what: string, error: unknown): void {
  const told = error instanceof RondoError && error.kind === 'storage';
  emit({ type: 'notice', level: told ? 'debug' : 'error', message: `${what}: ${messageOf(error)}` });
}
