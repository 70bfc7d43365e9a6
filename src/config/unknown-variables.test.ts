import { english } from '../../test/support/english.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentName } from './key.ts';
import { KEYS } from './keys.ts';
import { unknownVariables } from './unknown-variables.ts';

test('every variable that is none is told, with the one that was meant', () => {
  const table: Record<string, string> = {
    RONDO_OFFLINE: '; the flag is --offline',
    RONDO_CONFIG: '; the flag is --config FILE',
    RONDO_PORT: '; it is part of RONDO_SERVER_LISTEN',
    RONDO_LISTEN: '; did you mean RONDO_SERVER_LISTEN?',
    RONDO_VERIFY: '; did you mean RONDO_VERIFY_MODE or RONDO_VERIFY_DIRECT?',
    RONDO_LOG: '; did you mean RONDO_LOG_REQUESTS or RONDO_LOG_LEVEL?',
    RONDO_TIMEOUTS: '',
    RONDO_CACHE_MEMROY: '; did you mean RONDO_CACHE_MEMORY?',
    RONDO_PROXY: '; the mirrors are set by GOPROXY_OVERRIDE or GOPROXY',
    RONDO_NOTHING_NEAR: '',
  };
  for (const [name, rest] of Object.entries(table))
    assert.deepEqual(english(unknownVariables({ [name]: '1' })), [`there is no variable ${name}${rest}`]);
  assert.deepEqual(
    unknownVariables({ ...table, PATH: '', RONDOX: '', RONDO_: '' }).length,
    Object.keys(table).length,
  );
});

test('those that are some are not', () => {
  const all = [...KEYS.keys()].filter((path) => path !== 'proxy').map((path) => [environmentName(path), '1']);
  assert.deepEqual(unknownVariables(Object.fromEntries(all)), []);
});
