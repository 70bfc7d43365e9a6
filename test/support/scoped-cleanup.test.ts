import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withCleanup } from './scoped-cleanup.ts';

test('what came last goes first, also after a failure, and one that cannot go keeps no other', async () => {
  const gone: string[] = [];
  const run = withCleanup(async (t) => {
    t.after(async () => void gone.push('first'));
    t.after(() => Promise.reject(new Error('stays')));
    t.after(async () => void gone.push('last'));
    throw new Error('failed');
  });
  await assert.rejects(run, /failed/);
  assert.deepEqual(gone, ['last', 'first']);
  assert.equal(await withCleanup(() => Promise.resolve(7)), 7);
});
