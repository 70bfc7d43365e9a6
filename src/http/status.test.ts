import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { softNotFoundWords, statusOf, statusOfLoop } from './status.ts';

const EXPECTED: Readonly<Record<ErrorCode, number>> = {
  E_USAGE: 500,
  E_CONFIG: 500,
  E_NO_CHAIN: 500,
  E_BAD_MIRROR_URL: 500,
  E_PORT_IN_USE: 500,
  E_LISTEN: 500,
  E_CERTIFICATE: 500,
  E_CACHE_DIR: 500,
  E_GO_SUM: 500,
  E_GO_MOD: 500,
  E_BAD_NAME: 404,
  E_NOT_FOUND: 404,
  E_PRIVATE: 404,
  E_OFFLINE: 404,
  E_NOT_IN_CHECKSUM_DB: 404,
  E_REFUSED: 403,
  E_LOOP: 508,
  E_NO_MIRROR: 502,
  E_MIRROR_TIMEOUT: 504,
  E_NO_ELIGIBLE_MIRROR: 503,
  E_BUSY: 503,
  E_CHECKSUM_DB_UNREACHABLE: 502,
  E_CHECKSUM_FORK: 502,
  E_CHECKSUM_UNPROVEN: 502,
  E_BAD_CONTENT: 502,
  E_CHECKSUM_MISMATCH: 502,
  E_STORE: 500,
  E_INTERRUPTED: 503,
  E_BUG: 500,
};
const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

test('every code has its status', () => {
  for (const code of CODES)
    assert.equal(statusOf(new RondoError(code, 'x'), 'mod', false), EXPECTED[code], code);
});

test('errors_as_404 hides outages and nothing else', () => {
  const hidden = CODES.filter((code) => statusOf(new RondoError(code, 'x'), 'zip', true) !== EXPECTED[code]);
  assert.deepEqual(hidden, [
    'E_NO_MIRROR',
    'E_MIRROR_TIMEOUT',
    'E_NO_ELIGIBLE_MIRROR',
    'E_BUSY',
    'E_CHECKSUM_DB_UNREACHABLE',
    'E_BAD_CONTENT',
    'E_INTERRUPTED',
  ]);
});

test('the question for a checksum database is never answered 5xx', () => {
  for (const code of CODES) {
    assert.ok(statusOf(new RondoError(code, 'x'), 'sumdb-supported', false) < 500, code);
  }
  assert.equal(statusOfLoop('sumdb-supported'), 404);
  assert.equal(statusOfLoop('zip'), 508);
});

test('a 404 that stands for an outage says so', () => {
  assert.equal(softNotFoundWords(new RondoError('E_NO_MIRROR', 'x'), 404), 'temporarily unavailable: ');
  assert.equal(softNotFoundWords(new RondoError('E_NO_MIRROR', 'x'), 502), '');
  assert.equal(softNotFoundWords(new RondoError('E_NOT_FOUND', 'x'), 404), '');
});
