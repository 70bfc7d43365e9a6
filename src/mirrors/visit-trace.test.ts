import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MirrorSpec, Propagation } from './settings.ts';
import { onwardHeaders } from './visit-trace.ts';

const TRACE = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true, state: 'vendor=1' };
const HEARD = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, tracestate: 'vendor=1' };

function headersTo(url: string, propagate: Propagation): object {
  const spec: MirrorSpec = {
    endpoint: { name: 'm', url: new URL(url) },
    weight: 1,
    tier: 0,
    match: '*',
    probePath: '/',
  };
  return onwardHeaders({ via: '1.1 a' }, { spec }, TRACE, { propagate });
}

const OWN = [
  'http://127.0.0.1:7070',
  'http://[::1]:7070',
  'http://10.0.0.5',
  'http://[fd00::1]',
  'http://localhost:8080',
  'http://athens:3000/base',
  'https://athens.svc.cluster.local',
  'https://goproxy.corp.internal.',
  'http://nas.home.arpa',
];
const STRANGERS = [
  'https://goproxy.cn',
  'https://mirrors.aliyun.com/goproxy',
  'https://8.8.8.8',
  'https://[2606:4700::1]',
  'https://internal.example.com',
];

test('a mirror of the own network hears of the trace of a request, a stranger does not', () => {
  for (const url of OWN)
    assert.deepEqual(headersTo(url, 'own'), { headers: { via: '1.1 a' }, ownHeaders: HEARD }, url);
  for (const url of STRANGERS) assert.deepEqual(headersTo(url, 'own'), { headers: { via: '1.1 a' } }, url);
});

test('all hear of it, or none, where that is what was said', () => {
  for (const url of [...OWN, ...STRANGERS]) {
    assert.deepEqual(headersTo(url, 'all'), { headers: { via: '1.1 a' }, ownHeaders: HEARD }, url);
    assert.deepEqual(headersTo(url, 'never'), { headers: { via: '1.1 a' } }, url);
  }
});
