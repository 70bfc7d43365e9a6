import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RondoEvent } from '../events/events.ts';
import { createTotals } from './totals.ts';

type Request = Extract<RondoEvent, { type: 'request' }>;

const REQUEST: Request = {
  type: 'request',
  id: 'r-1',
  method: 'GET',
  path: '/m/@v/v1.0.0.zip',
  kind: 'zip',
  status: 200,
  bytes: 10,
  durationMs: 1,
  aborted: false,
};

test('what the copy alone has given is a hit, also offline and where it is old; what it lacks is none', () => {
  const sinks: ((event: RondoEvent) => void)[] = [];
  const totals = createTotals((sink) => sinks.push(sink));
  const told: readonly Partial<Request>[] = [
    { cache: 'hit' },
    { cache: 'offline' },
    { cache: 'stale' },
    { cache: 'miss' },
    { cache: 'coalesced' },
    { cache: 'miss', status: 404, bytes: 0 },
    { cache: 'miss', status: 503, bytes: 0 },
    { kind: 'other' },
  ];
  for (const event of told) for (const sink of sinks) sink({ ...REQUEST, ...event });
  const seen = { requests: 7, hits: 3, misses: 3, stale: 1, failed: 1, bytesOut: 50, bytesUpstream: 0 };
  assert.deepEqual(totals(), seen);
});
