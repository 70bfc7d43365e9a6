import { say, type Text } from '../words/text.ts';
import { notice } from '../events/notice.ts';
import { RondoError, saidBy } from '../errors/rondo-error.ts';
import type { Emit } from '../events/events.ts';

/**
 * Tells that something was not kept. That the copy cannot be written is told by the store, once: what becomes
 * of each file then is for those who look for it.
 */
export function tellUnkept(emit: Emit, what: Text, error: unknown): void {
  const told = error instanceof RondoError && error.kind === 'storage';
  emit(notice(told ? 'debug' : 'error', say('{what}: {why}', { what, why: saidBy(error) })));
}
