import type { RondoEvent } from '../events/events.ts';
import type { Clock } from '../kit/clock.ts';

/** When a mirror last gave an answer that was right, to a request or a probe: Unix milliseconds; undefined before the first. */
export function createLastAnswer(
  subscribe: (sink: (event: RondoEvent) => void) => () => void,
  clock: Clock,
): () => number | undefined {
  let lastMs: number | undefined;
  subscribe((event) => {
    if (event.type === 'visit' && event.outcome.class === 'ok') lastMs = clock.wallMs();
  });
  return () => lastMs;
}
