import { madeUpResult } from '../frame/made-up-result.ts';
import type { FaultSample } from './fault-sample.ts';
import type { FaultResults } from './fault-results.ts';

/** A sample for tests. */
export function madeUpSample(more: Partial<FaultSample> = {}): FaultSample {
  return {
    row: 'hang',
    contestant: 'rondo',
    run: 0,
    requests: 400,
    rightPercent: 100,
    wrongPercent: 0,
    falseNotFoundPercent: 0,
    p50Ms: 41,
    p99Ms: 300,
    longestMs: 1200,
    attempts: 1.05,
    ...more,
  };
}

/** A comparison for tests: two rows, Rondo and nginx, Caddy not there. */
export function madeUpFaults(more: Partial<FaultResults> = {}): FaultResults {
  const { machine, loadAverages } = madeUpResult();
  return {
    schema: 1,
    kind: 'faults',
    date: '2026-01-02',
    startedAt: '2026-01-02T03:04:05.000Z',
    tookSeconds: 100,
    runs: 2,
    quick: false,
    machine,
    loadAverages,
    subjects: [
      { name: 'rondo', label: 'Rondo', version: '1.2.3' },
      { name: 'nginx', label: 'nginx', version: '1.22.1' },
      { name: 'caddy', label: 'Caddy', missing: 'not on PATH' },
    ],
    rows: [
      { name: 'hang', what: 'hang before headers', sees: 'right' },
      { name: 'all-refused', what: 'all down 20 s <refused>', sees: 'right-or-failure' },
    ],
    conditions: ['Everything is made up.'],
    notes: ['nginx, hang: 404 | <html>'],
    samples: [
      madeUpSample(),
      madeUpSample({ run: 1, p99Ms: 320 }),
      madeUpSample({ contestant: 'nginx', rightPercent: 67, wrongPercent: 33, attempts: 1 }),
      madeUpSample({ row: 'all-refused', rightPercent: 90, firstRightMs: 900, recoveredPercent: 80 }),
    ],
    ...more,
  };
}
