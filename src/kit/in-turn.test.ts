import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInTurn } from './in-turn.ts';

test('tasks of one key run one after another, also after a failure', async () => {
  const turns = createInTurn();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.run('a', async () => {
    log.push('first begins');
    await gate.promise;
    log.push('first ends');
    throw new Error('on purpose');
  });
  const second = turns.run('a', async () => {
    log.push('second');
    return 2;
  });
  const other = turns.run('b', async () => {
    log.push('other');
  });
  await other;
  assert.deepEqual(log, ['first begins', 'other']);
  gate.resolve();
  await assert.rejects(first, /on purpose/);
  assert.equal(await second, 2);
  assert.deepEqual(log, ['first begins', 'other', 'first ends', 'second']);
});

test('idle waits for tasks that tasks have begun', async () => {
  const turns = createInTurn();
  let ended = false;
  void turns.run('a', async () => {
    void turns.run('b', async () => {
      await Promise.resolve();
      ended = true;
    });
  });
  await turns.idle();
  assert.equal(ended, true);
});
