import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesByCause } from './by-cause.ts';

test('many of one cause are one line; few of them, and others, have their own', () => {
  const full = Array.from({ length: 11 }, (_, index) => ({
    state: 'failed',
    what: `m${index}`,
    why: 'full',
  }));
  const other = { state: 'wrong', what: 'x', why: 'full' };
  assert.deepEqual(linesByCause([...full, other]), ['FAILED  m0 and 10 more: full', 'WRONG  x: full']);
  const few = full.slice(1);
  assert.deepEqual(
    linesByCause(few),
    few.map(({ what }) => `FAILED  ${what}: full`),
  );
  assert.deepEqual(linesByCause([]), []);
});
