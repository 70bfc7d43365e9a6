import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setGoEnv } from './set-go-env.ts';

test('a value that is too long for the system is told like any other failure', async () => {
  // More than any system takes.
  const why = await setGoEnv(process.execPath, { GOPROXY: 'x'.repeat(8 * 1024 * 1024) }, process.env);
  assert.match(why ?? '', /^spawn (?:E2BIG|ENAMETOOLONG)/);
});
