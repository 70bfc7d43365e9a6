import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  askedIn,
  bytesSent,
  pinnedRepeats,
  PROBE_PATH,
  shareOff,
  timesAsked,
  type SeenRequest,
  type Traffic,
} from './traffic.ts';

function seen(mirror: number, path: string, atMs = 0, bytes = 10): SeenRequest {
  return { mirror, path, atMs, status: 200, bytes };
}

test('health checks are no request of a client', () => {
  const traffic: Traffic = { requests: [seen(0, PROBE_PATH), seen(1, '/a.b/c/@v/list')], connections: 2 };
  assert.deepEqual(
    askedIn(traffic).map(({ path }) => path),
    ['/a.b/c/@v/list'],
  );
});

test('bytes are counted by kind, requests by path', () => {
  const zip = '/a.b/c/@v/v1.0.0.zip';
  const requests = [seen(0, zip, 0, 1000), seen(1, zip, 1, 500), seen(1, '/a.b/c/@v/v1.0.0.mod', 2, 30)];
  const traffic: Traffic = { requests, connections: 1 };
  assert.equal(bytesSent(traffic), 1530);
  assert.equal(bytesSent(traffic, ['zip']), 1500);
  assert.equal(timesAsked(traffic, zip), 2);
});

test('the share that is furthest off counts', () => {
  const requests = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2].map((mirror) => seen(mirror, '/a.b/c/@v/list'));
  assert.ok(Math.abs(shareOff(requests, 3) - 100 * (0.4 - 1 / 3)) < 1e-9);
  assert.equal(Math.round(shareOff(requests.slice(0, 3), 3)), 67);
});

test('a repeat is pinned where it goes where its module went before, and no repeat where that is long ago', () => {
  const requests = [
    seen(0, '/a.b/c/@v/v1.0.0.mod', 0),
    seen(1, '/a.b/d/@v/v1.0.0.mod', 1),
    seen(0, '/a.b/c/@v/v1.0.1.info', 2),
    seen(2, '/a.b/d/@latest', 3),
    seen(1, '/a.b/c/@v/list', 100),
  ];
  assert.equal(pinnedRepeats(requests, 50), 50);
  assert.ok(Math.abs(pinnedRepeats(requests, 1000) - 100 / 3) < 1e-9);
  assert.equal(pinnedRepeats(requests.slice(0, 2), 50), Number.NaN);
});
