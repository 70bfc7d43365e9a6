import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Cause, OutcomeClass } from '../balance/outcome.ts';
import { classifyStatus } from './classify.ts';

const WALL_MS = Date.UTC(2026, 0, 1);
const HTML = '<!doctype html><title>Welcome</title>';

type Case = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly is: readonly [OutcomeClass, Cause];
  readonly retryAfterMs?: number;
};

const CASES: readonly Case[] = [
  { status: 200, is: ['ok', 'ok'] },
  { status: 200, headers: { 'content-type': 'text/html' }, body: HTML, is: ['http', 'captive-portal'] },
  { status: 200, headers: { 'content-type': 'text/html' }, body: 'module example.org/a', is: ['ok', 'ok'] },
  {
    status: 200,
    headers: { 'content-type': 'application/xhtml+xml' },
    body: '<html>',
    is: ['http', 'captive-portal'],
  },
  { status: 304, is: ['ok', 'ok'] },
  { status: 206, is: ['ok', 'ok'] },
  { status: 201, is: ['http', 'server-error'] },
  { status: 204, is: ['http', 'server-error'] },
  { status: 300, is: ['http', 'server-error'] },
  { status: 400, is: ['neutral', 'server-error'] },
  { status: 401, is: ['neutral', 'refused'] },
  { status: 403, body: 'not carried here', is: ['neutral', 'refused'] },
  { status: 451, is: ['neutral', 'refused'] },
  { status: 404, body: 'not found: no such module', is: ['neutral', 'not-found'] },
  { status: 404, is: ['neutral', 'not-found'] },
  { status: 410, body: 'gone', is: ['neutral', 'not-found'] },
  { status: 404, body: 'not found: fetch timed out', is: ['http', 'soft-not-found'] },
  { status: 410, body: 'temporarily unavailable', is: ['http', 'soft-not-found'] },
  { status: 404, headers: { 'content-type': 'text/html' }, body: HTML, is: ['http', 'soft-not-found'] },
  { status: 405, is: ['neutral', 'server-error'] },
  { status: 406, is: ['neutral', 'server-error'] },
  { status: 414, body: 'URI too long', is: ['neutral', 'server-error'] },
  { status: 416, is: ['neutral', 'server-error'] },
  { status: 421, is: ['neutral', 'server-error'] },
  { status: 431, is: ['neutral', 'server-error'] },
  { status: 508, is: ['neutral', 'loop'] },
  { status: 408, is: ['http', 'server-error'] },
  { status: 429, is: ['rate-limited', 'rate-limited'] },
  { status: 429, headers: { 'retry-after': '7' }, is: ['rate-limited', 'rate-limited'], retryAfterMs: 7000 },
  {
    status: 429,
    headers: { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' },
    is: ['rate-limited', 'rate-limited'],
    retryAfterMs: 60_000,
  },
  { status: 500, is: ['http', 'server-error'] },
  { status: 501, is: ['http', 'server-error'] },
  { status: 502, body: 'bad gateway', is: ['http', 'back-end-down'] },
  { status: 502, is: ['http', 'back-end-down'] },
  { status: 502, headers: { 'x-cache': 'MISS' }, is: ['http', 'cdn-origin'] },
  { status: 503, is: ['http', 'overload'] },
  { status: 503, body: 'maintenance', is: ['http', 'overload'] },
  { status: 503, headers: { 'retry-after': 'soon' }, is: ['http', 'overload'] },
  { status: 503, headers: { 'retry-after': '5' }, is: ['rate-limited', 'rate-limited'], retryAfterMs: 5000 },
  { status: 503, headers: { 'x-ratelimit-remaining': '0' }, is: ['rate-limited', 'rate-limited'] },
  { status: 503, headers: { 'x-ratelimit-remaining': '12' }, is: ['http', 'overload'] },
  { status: 503, headers: { 'x-cache': 'MISS, MISS' }, is: ['http', 'cdn-origin'] },
  { status: 503, headers: { via: '1.1 varnish' }, is: ['http', 'cdn-origin'] },
  { status: 503, headers: { via: '1.1 varnish' }, body: 'maintenance', is: ['http', 'overload'] },
  { status: 503, headers: { 'x-cache': 'HIT' }, is: ['http', 'overload'] },
  { status: 504, is: ['http', 'server-error'] },
  { status: 502, headers: { 'x-rondo-cache': 'miss' }, is: ['neutral', 'unable'] },
  { status: 503, headers: { 'x-rondo-cache': 'miss', 'retry-after': '30' }, is: ['neutral', 'unable'] },
  { status: 504, headers: { 'x-rondo-cache': 'miss' }, is: ['neutral', 'unable'] },
  {
    status: 404,
    headers: { 'x-rondo-cache': 'miss' },
    body: 'not found: temporarily unavailable: all 3 mirrors failed',
    is: ['neutral', 'unable'],
  },
  {
    status: 404,
    headers: { 'x-rondo-cache': 'miss' },
    body: 'not found: gone',
    is: ['neutral', 'not-found'],
  },
  { status: 500, headers: { 'x-rondo-cache': 'miss' }, is: ['http', 'server-error'] },
  { status: 429, headers: { 'x-rondo-cache': 'miss' }, is: ['rate-limited', 'rate-limited'] },
  { status: 502, headers: { 'x-rondo-cache': 'no' }, is: ['http', 'back-end-down'] },
  { status: 511, is: ['http', 'captive-portal'] },
  { status: 522, is: ['http', 'cdn-origin'] },
  { status: 530, is: ['http', 'cdn-origin'] },
  { status: 599, is: ['http', 'server-error'] },
  { status: 999, is: ['http', 'server-error'] },
];
for (const { status, headers = {}, body = '', is, retryAfterMs } of CASES) {
  test(`${status} ${JSON.stringify(headers)} ${JSON.stringify(body)} is ${is.join('/')}`, () => {
    const outcome = classifyStatus({ status, headers, bodyStart: Buffer.from(body), wallMs: WALL_MS });
    assert.deepEqual([outcome.class, outcome.cause, outcome.status], [...is, status]);
    assert.equal(outcome.retryAfterMs, retryAfterMs);
    assert.ok(outcome.detail.includes(String(status)));
  });
}

test('the evidence tells the status line and the wait', () => {
  const bodyStart = Buffer.alloc(0);
  const limited = classifyStatus({
    status: 429,
    headers: { 'retry-after': '7' },
    bodyStart,
    wallMs: WALL_MS,
  });
  assert.equal(limited.detail, '429 Too Many Requests, retry after 7 s');
});

test('any answer gets a verdict with a short detail', () => {
  const names = fc.constantFrom(
    'retry-after',
    'date',
    'via',
    'x-cache',
    'x-ratelimit-remaining',
    'content-type',
    'x-rondo-cache',
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 200, max: 999 }),
      fc.dictionary(names, fc.string()),
      fc.uint8Array({ maxLength: 300 }),
      (status, headers, body) => {
        const outcome = classifyStatus({ status, headers, bodyStart: Buffer.from(body), wallMs: WALL_MS });
        assert.ok(outcome.detail.length > 0 && outcome.detail.length <= 200);
      },
    ),
  );
});
