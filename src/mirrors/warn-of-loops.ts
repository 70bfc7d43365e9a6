import { say } from '../words/text.ts';
import { notice } from '../events/notice.ts';
import type { Emit } from '../events/events.ts';

/** Passes events on, and tells people once of each mirror that says that a request has been here before. */
export function warnOfLoops(emit: Emit): Emit {
  const told = new Set<string>();
  return (event) => {
    emit(event);
    if (event.type !== 'visit' || event.outcome.cause !== 'loop' || told.has(event.mirror)) return;
    told.add(event.mirror);
    emit(
      notice(
        'warn',
        say('mirror {name} leads back to this Rondo, or through too many others: {why}', {
          name: event.mirror,
          why: event.outcome.detail,
        }),
      ),
    );
  };
}
