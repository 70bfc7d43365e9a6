import type { RondoEvent } from '../events/events.ts';
import type { Totals } from './answers.ts';

/** Counts what clients ask for, and what it costs, from now on. Rondo's own pages do not count. */
export function createTotals(subscribe: (sink: (event: RondoEvent) => void) => unknown): () => Totals {
  const totals = { requests: 0, hits: 0, misses: 0, stale: 0, failed: 0, bytesOut: 0, bytesUpstream: 0 };
  subscribe((event) => {
    if (event.type === 'visit') totals.bytesUpstream += event.bytes;
    if (event.type !== 'request' || event.kind === 'other') return;
    totals.requests += 1;
    totals.bytesOut += event.bytes;
    if (event.status >= 500) totals.failed += 1;
    else if (servedFromCopy(event)) totals.hits += 1;
    else if (event.cache !== undefined) totals.misses += 1;
    if (event.cache === 'stale') totals.stale += 1;
  });
  return () => ({ ...totals });
}

const FROM_COPY: ReadonlySet<string | undefined> = new Set(['hit', 'stale', 'offline']);

/** Whether the copy alone gave the answer: no mirror sent anything of it. What failed has none of these states. */
function servedFromCopy({ cache }: Extract<RondoEvent, { type: 'request' }>): boolean {
  return FROM_COPY.has(cache);
}
