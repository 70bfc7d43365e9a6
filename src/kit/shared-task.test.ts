import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSharedTask } from './shared-task.ts';

test('who comes while it runs shares it, who comes later begins anew', async () => {
  const shared = createSharedTask<number>();
  const first = Promise.withResolvers<number>();
  let begun = 0;
  const task = (): Promise<number> => {
    begun += 1;
    return begun === 1 ? first.promise : Promise.resolve(begun);
  };
  const both = [shared.run('key', task), shared.run('key', task)];
  assert.equal(await shared.run('another', task), 2);
  first.resolve(1);
  assert.deepEqual(await Promise.all(both), [1, 1]);
  assert.equal(await shared.run('key', task), 3);
});

test('all share its failure, and the next one may do better', async () => {
  const shared = createSharedTask<string>();
  const failing = (): Promise<string> => Promise.reject(new Error('no'));
  const both = [shared.run('key', failing), shared.run('key', failing)];
  for (const each of both) await assert.rejects(each, /no/);
  assert.equal(await shared.run('key', () => Promise.resolve('yes')), 'yes');
});
