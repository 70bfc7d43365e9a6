import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition } from './conditions.ts';
import { conditionsOf, type Readings } from './readings.ts';

const DAY_MS = 86_400_000;
const LIMITS = { syncLagMs: 300_000, certificateMs: 14 * DAY_MS, diskShare: 0.05 };

test('what is just within its limits is well', () => {
  const well: Readings = {
    mirrors: [{ name: 'a', status: 'HEALTHY', up: true, why: '', syncLagMs: 300_000 }],
    certificates: [{ of: 'a', validUntilMs: 14 * DAY_MS }],
    disk: { folder: '/c', freeBytes: 5, totalBytes: 100 },
  };
  assert.deepEqual(conditionsOf(well, { wasDown: new Set(), toldDown: new Set(), wrong: [] }, 0, LIMITS), []);
});

test('gates, lags, wrong content, certificates and the disk', () => {
  const ill: Readings = {
    mirrors: [
      { name: 'a', status: 'UNHEALTHY', up: false, why: '3 probes failed', syncLagMs: 301_000 },
      { name: 'b', status: 'TRIAL', up: false, why: 'on trial' },
      { name: 'c', status: 'TRIAL', up: false, why: 'on trial' },
      { name: 'd', status: 'QUARANTINED', up: false, why: 'h1 differs' },
      { name: 'idle', status: 'TRIAL', up: true, why: 'on trial' },
      { name: 'e', status: 'COOLING', up: false, why: '429' },
      { name: 'f', status: 'DRAINED', up: false, why: 'an order' },
    ],
    certificates: [
      { of: 'a', validUntilMs: 13.5 * DAY_MS },
      { of: 'b', validUntilMs: -1 },
    ],
    disk: { folder: '/c', freeBytes: 4, totalBytes: 100 },
  };
  const wrong: Condition[] = [{ kind: 'integrity', subject: 'd', message: 'd gave wrong content of m' }];
  const found = conditionsOf(ill, { wasDown: new Set(['b', 'idle']), toldDown: new Set(), wrong }, 0, LIMITS);
  assert.deepEqual(
    found.map(({ kind, subject, message }) => [kind, subject, message]),
    [
      ['mirror-down', 'a', 'a is down: 3 probes failed'],
      ['sync-lag', 'a', 'a is 5 min behind'],
      ['mirror-down', 'b', 'b is down: on trial'],
      ['integrity', 'd', 'd gave wrong content of m'],
      ['certificate', 'a', 'the certificate of a expires in 13 d'],
      ['certificate', 'b', 'the certificate of b has expired'],
      ['disk', '/c', 'the disk of /c is nearly full'],
    ],
  );
});

test('an outage is one condition and none of a mirror, but of those of which people know', () => {
  const names = ['a', 'b', 'c'];
  const out: Readings = {
    mirrors: names.map((name) => ({ name, status: 'OUTAGE', up: false, why: 'no route to host' })),
    certificates: [],
  };
  // That b was down for a moment, as all are before an outage is known, nobody has heard.
  const before = { wasDown: new Set(['a', 'b']), toldDown: new Set(['a']), wrong: [] };
  assert.deepEqual(
    conditionsOf(out, before, 0, LIMITS).map(({ kind, subject, message }) => [kind, subject, message]),
    [
      ['outage', 'network', 'no mirror can be reached, so it is likely the network here: no route to host'],
      ['mirror-down', 'a', 'a is down: no route to host'],
    ],
  );
});
