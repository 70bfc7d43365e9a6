import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import { RondoError } from '../errors/rondo-error.ts';
import { exitCodeOf, signalExitCode } from './exit-code.ts';

test('exit codes follow the kind of the error, and what is no RondoError is a bug', () => {
  const table: [ErrorCode, number][] = [
    ['E_USAGE', 2],
    ['E_CONFIG', 2],
    ['E_NO_CHAIN', 2],
    ['E_BAD_MIRROR_URL', 2],
    ['E_PORT_IN_USE', 2],
    ['E_CACHE_DIR', 2],
    ['E_STORE', 2],
    ['E_NOT_FOUND', 1],
    ['E_NO_MIRROR', 3],
    ['E_REFUSED', 3],
    ['E_LOOP', 3],
    ['E_MIRROR_TIMEOUT', 3],
    ['E_CHECKSUM_MISMATCH', 4],
    ['E_INTERRUPTED', 130],
    ['E_BUG', 70],
  ];
  for (const [code, expected] of table) assert.equal(exitCodeOf(new RondoError(code, 'x')), expected, code);
  for (const thrown of [new TypeError('x'), 'x', undefined]) assert.equal(exitCodeOf(thrown), 70);
  assert.equal(signalExitCode(15), 143);
});

test('no error ends with 0', () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    assert.notEqual(exitCodeOf(new RondoError(code, 'x')), 0, code);
  }
});
