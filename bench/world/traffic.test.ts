import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROBE_FILE } from '../../src/gomod/health-files.ts';
import {
  askedIn,
  bytesSent,
  mostUnderWay,
  pinnedRepeats,
  shareOff,
  timesAsked,
  type SeenRequest,
  type Traffic,
} from './traffic.ts';

function seen(mirror: number, path: string, atMs = 0, bytes = 10): SeenRequest {
  return { mirror, path, atMs, status: 200, bytes };
}

test('health checks are no request of a client', () => {
  const traffic: Traffic = {
    requests: [seen(0, PROBE_FILE.path), seen(1, '/a.b/c/@v/list')],
    connections: 2,
  };
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

function spent(mirror: number, atMs: number, endMs?: number): SeenRequest {
  return { ...seen(mirror, '/a.b/c/@v/list', atMs), ...(endMs !== undefined && { endMs }) };
}

test('the most that were under way at one mirror, from a moment on', () => {
  const requests = [spent(0, 0, 9), spent(0, 5, 10), spent(0, 6, 8), spent(0, 8, 9), spent(1, 6)];
  assert.equal(mostUnderWay(requests, 0), 3);
  // Those that came before do not count, and one that comes as another ends takes its place.
  assert.equal(mostUnderWay(requests, 5), 2);
  assert.equal(mostUnderWay(requests, 11), 0);
});

test('until so many have ended: what comes later is growth', () => {
  const requests = [spent(0, 0, 5), spent(0, 1, 6), spent(0, 7, 20), spent(0, 8, 20), spent(0, 9, 20)];
  assert.equal(mostUnderWay(requests, 0, 2), 2);
  assert.equal(mostUnderWay(requests, 0), 3);
});
