import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '../../test/support/certificates.ts';
import { reverseCleanup } from '../../test/support/rondo-process.ts';
import { startMirrors } from './mirrors.ts';
import { runOpenLoop, type OpenLoop } from './open-loop.ts';
import { timesAsked } from './traffic.ts';

const GOOD = '/example.com/a/@v/v1.0.0.mod';

test('a load asks every path in its order, keeps or does not keep connections, and counts what failed', async (context) => {
  const t = reverseCleanup(context);
  const authority = createAuthority();
  const certificate = authority.issue(['127.0.0.1']);
  const content = { kind: 'any-module' } as const;
  const mirrors = await startMirrors({ count: 1, content, distance: { latencyMs: 0 }, certificate }, t);
  const load: OpenLoop = {
    baseUrl: mirrors.urls[0] ?? '',
    paths: [GOOD, '/nothing'],
    ratePerSecond: 400,
    durationMs: 300,
    seed: 3,
    connections: 'fresh',
    caPem: authority.certPem,
  };
  const fresh = await runOpenLoop(load, t);
  const freshTraffic = await mirrors.takeTraffic();
  const total = freshTraffic.requests.length;
  assert.ok(total > 40, `${total} requests`);
  assert.equal(fresh.latency.count, timesAsked(freshTraffic, GOOD));
  assert.equal(fresh.byKind['mod']?.count, fresh.latency.count);
  assert.deepEqual(fresh.errors, { 'status 404': total - fresh.latency.count });
  assert.equal(fresh.answers.length, total);
  for (const { path, ending, dueMs } of fresh.answers) {
    assert.equal(ending, path === GOOD ? 'right' : 'not-found');
    assert.ok(dueMs >= 0 && dueMs < load.durationMs);
  }
  const arrivals = freshTraffic.requests.map(({ atMs }) => atMs);
  assert.ok(Math.min(...arrivals) >= fresh.startedAtMs, 'one clock for both processes');
  assert.equal(freshTraffic.connections, total);
  assert.equal(fresh.lag.count, total);
  // Without a bound, a busy machine may send them all before it has answered one.
  await runOpenLoop({ ...load, connections: 'kept', ratePerSecond: 100, maxConnections: 4 }, t);
  const kept = await mirrors.takeTraffic();
  assert.ok(kept.requests.length > 10 && kept.connections <= 4, `${kept.connections} connections`);
  await runOpenLoop({ ...load, connections: 'all', ratePerSecond: 100, maxConnections: 4 }, t);
  const all = await mirrors.takeTraffic();
  assert.ok(all.requests.length > 10);
  assert.equal(all.connections, 4);
});

test('without the authority nothing is trusted', async (context) => {
  const t = reverseCleanup(context);
  const certificate = createAuthority().issue(['127.0.0.1']);
  const content = { kind: 'any-module' } as const;
  const mirrors = await startMirrors({ count: 1, content, distance: { latencyMs: 0 }, certificate }, t);
  const shape = { ratePerSecond: 100, durationMs: 50, seed: 1, connections: 'kept' } as const;
  const { latency, errors } = await runOpenLoop(
    { baseUrl: mirrors.urls[0] ?? '', paths: [GOOD], ...shape },
    t,
  );
  assert.equal(latency.count, 0);
  assert.ok(Object.keys(errors).length > 0);
});
