import { tableOf } from '../words/language.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RondoEvent } from '../events/events.ts';
import { render } from '../words/render.ts';
import { addToSummary, EMPTY_SUMMARY, summaryText } from './exec-summary.ts';

type RequestEvent = Extract<RondoEvent, { type: 'request' }>;

const request = (changes: Partial<RequestEvent>): RequestEvent => ({
  type: 'request',
  id: '1',
  method: 'GET',
  path: '/x',
  kind: 'zip',
  status: 200,
  bytes: 100,
  durationMs: 1,
  aborted: false,
  ...changes,
});

const flight = (resumed: number): RondoEvent => ({
  type: 'flight',
  key: 'k',
  kind: 'zip',
  ok: true,
  resumed,
  upstreamBytes: 999,
  durationMs: 1,
});

const line = (events: readonly RondoEvent[]): string =>
  `rondo: ${render(summaryText(events.reduce(addToSummary, EMPTY_SUMMARY)))}`;

const times = (count: number, event: RondoEvent): RondoEvent[] => Array.from({ length: count }, () => event);

test('the line of the specification', () => {
  assert.equal(
    line([
      ...times(179, request({ cache: 'hit', bytes: 0 })),
      request({ cache: 'stale', bytes: 12_897_485 }),
      ...times(4, request({ cache: 'miss', mirror: 'goproxy.io', bytes: 0 })),
      ...times(29, request({ cache: 'miss', mirror: 'goproxy.cn', bytes: 0 })),
      request({ cache: 'coalesced', mirror: 'goproxy.cn', bytes: 0 }),
      { type: 'failover', from: 'a', to: 'b', kind: 'zip' },
      flight(1),
      flight(0),
    ]),
    'rondo: 214 requests, 180 from the copy, 34 from goproxy.cn (30), goproxy.io (4); 1 failed over, 1 resumed; 12.3 MiB',
  );
});

test('the same in Chinese', async () => {
  const summary = [
    ...times(2, request({ cache: 'miss', mirror: 'a', bytes: 0 })),
    request({ cache: 'miss', mirror: 'b', bytes: 0 }),
    request({ cache: 'hit', bytes: 1024 }),
    flight(1),
  ].reduce(addToSummary, EMPTY_SUMMARY);
  assert.equal(
    render(summaryText(summary), await tableOf('zh')),
    '4 个请求，1 个来自副本，3 个来自 a（2），b（1）；1 次续传；1 KiB',
  );
});

test('what did not happen is left out', () => {
  assert.equal(line([]), 'rondo: 0 requests; 0 B');
  assert.equal(line([request({ cache: 'miss', mirror: 'm' })]), 'rondo: 1 request, 1 from m; 100 B');
  assert.equal(line([request({ cache: 'offline' })]), 'rondo: 1 request, 1 from the copy; 100 B');
});

test('a client that left before its answer has found out nothing', () => {
  const left = request({ status: 499, aborted: true, bytes: 0 });
  const missing = request({ status: 404, bytes: 0 });
  assert.equal(line([left, missing]), 'rondo: 2 requests, 1 not there; 0 B');
});

test('a copy answer that remembers its mirror is from the copy all the same', () => {
  assert.equal(line([request({ cache: 'hit', mirror: 'm' })]), 'rondo: 1 request, 1 from the copy; 100 B');
});

test('what is not there, and what failed, is told apart', () => {
  assert.equal(
    line([
      request({ status: 404, bytes: 1 }),
      request({ status: 403, bytes: 1 }),
      request({ status: 502, bytes: 1 }),
      request({ status: 200, cache: 'miss', mirror: 'm', aborted: true, error: 'E_NO_MIRROR' }),
      request({ status: 200, cache: 'hit', aborted: true }),
    ]),
    'rondo: 5 requests, 1 from the copy, 2 not there, 2 failed; 203 B',
  );
});

test('probes, pages of Rondo itself and notices do not count; wrong content does', () => {
  assert.equal(
    line([
      request({ kind: 'other' }),
      {
        type: 'visit',
        mirror: 'm',
        kind: 'mod',
        probe: true,
        revisit: false,
        outcome: { class: 'ok', cause: 'ok', detail: '' },
        durationMs: 1,
        bytes: 5,
      },
      { type: 'gate', mirror: 'm', from: 'HEALTHY', to: 'UNHEALTHY', why: 'x' },
      { type: 'notice', level: 'warn', message: 'x' },
      { type: 'integrity', module: 'm', version: 'v1.0.0', kind: 'zip', mirror: 'm', why: 'x' },
    ]),
    'rondo: 0 requests; 1 wrong and refused; 0 B',
  );
});

test('a database in doubt is not to be overlooked', () => {
  assert.equal(
    line(times(2, { type: 'security', database: 'db', kind: 'fork', message: 'x' })),
    'rondo: 0 requests; THE CHECKSUM DATABASE IS IN DOUBT; 0 B',
  );
});
