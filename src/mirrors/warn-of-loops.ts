import type { Emit } from '../events/events.ts';

/** Passes events on, and tells people once of each mirror that says that a request has been here before. */
export function warnOfLoops(emit: Emit): Emit {
  const told = new Set<string>();
  return (event) => {
    emit(event);
    if (event.type !== 'visit' || event.outcome.cause !== 'loop' || told.has(event.mirror)) return;
    told.add(event.mirror);
    const message = `mirror ${event.mirror} leads back to this Rondo, or through too many others: ${event.outcome.detail}`;
    emit({ type: 'notice', level: 'warn', message });
  };
}
